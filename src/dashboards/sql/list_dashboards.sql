-- $1 org_id, $2 limit, $3 offset. Newest first.
SELECT id, name, layout, COALESCE((layout->>'version')::bigint, 1) AS version, created_by, created_at, updated_at FROM dashboards
WHERE org_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3;
