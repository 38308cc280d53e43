-- $1 org_id, $2 limit, $3 offset, $4 who asks, $5 whether they see all; as in find_dashboard.sql. Newest first.
SELECT id, name, layout, COALESCE((layout->>'version')::bigint, 1) AS version, COALESCE((layout->>'shared')::boolean, true) AS shared, created_by, created_at, updated_at
FROM dashboards
WHERE org_id = $1 AND (COALESCE((layout->>'shared')::boolean, true) OR created_by = $4 OR $5::boolean)
ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3;
