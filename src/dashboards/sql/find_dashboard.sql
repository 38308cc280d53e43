-- $1 org_id, $2 id, $3 who asks, $4 whether they see all. What is not shared is its maker's alone, and of those who see all.
SELECT id, name, layout, COALESCE((layout->>'version')::bigint, 1) AS version, COALESCE((layout->>'shared')::boolean, true) AS shared, created_by, created_at, updated_at
FROM dashboards
WHERE org_id = $1 AND id = $2 AND (COALESCE((layout->>'shared')::boolean, true) OR created_by = $3 OR $4::boolean);
