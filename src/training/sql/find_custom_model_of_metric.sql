-- $1 org_id, $2 target metric. One row, or none.
SELECT definition FROM custom_models WHERE org_id = $1 AND target_metric = $2;
