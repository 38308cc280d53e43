-- $1 org_id, $2 id.
SELECT id, name, layout, COALESCE((layout->>'version')::bigint, 1) AS version, created_by, created_at, updated_at FROM dashboards WHERE org_id = $1 AND id = $2;
