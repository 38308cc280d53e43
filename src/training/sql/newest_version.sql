-- $1 org_id, $2 target metric. NULL where there is none.
SELECT max(version) AS version FROM models WHERE org_id = $1 AND target_metric = $2;
