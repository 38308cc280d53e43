-- $1 org_id, $2 target metric, $3 id. That version becomes active, and the one that was becomes retired.
UPDATE models SET status = CASE WHEN id = $3 THEN 'active' ELSE 'retired' END
WHERE org_id = $1 AND target_metric = $2 AND (id = $3 OR status = 'active');
