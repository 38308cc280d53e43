-- $1 org_id, $2 limit, $3 offset. Newest first.
SELECT id, target_metric, definition, created_at, updated_at
FROM custom_models WHERE org_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3;
