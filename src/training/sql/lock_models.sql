-- $1 org_id, $2 target metric. Every version, newest first, held until the transaction ends: one changes them at a time.
SELECT id, version, status FROM models WHERE org_id = $1 AND target_metric = $2 ORDER BY version DESC FOR UPDATE;
