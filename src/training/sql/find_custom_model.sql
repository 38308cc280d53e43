-- $1 org_id, $2 id. One row, or none.
SELECT id, target_metric, definition, created_at, updated_at FROM custom_models WHERE org_id = $1 AND id = $2;
