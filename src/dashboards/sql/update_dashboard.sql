-- $1 org_id, $2 id, $3 version, $4 name, $5 layout, $6 time, $7 shared; name, layout and shared stay where they are NULL;
-- $8 who asks, $9 whether they see all, as in find_dashboard.sql. No row where the version is another one, or the
-- dashboard is gone or not theirs to see.
UPDATE dashboards
SET name = COALESCE($4, name),
    layout = COALESCE($5::jsonb, layout)
             || jsonb_build_object('version', $3::bigint + 1,
                                   'shared', COALESCE($7::boolean, (layout->>'shared')::boolean, true)),
    updated_at = $6
WHERE org_id = $1 AND id = $2 AND COALESCE((layout->>'version')::bigint, 1) = $3::bigint
  AND (COALESCE((layout->>'shared')::boolean, true) OR created_by = $8 OR $9::boolean)
RETURNING id, name, layout, COALESCE((layout->>'version')::bigint, 1) AS version, COALESCE((layout->>'shared')::boolean, true) AS shared, created_by, created_at, updated_at;
