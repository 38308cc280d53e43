-- $1 org_id, $2 id, $3 version, $4 name, $5 layout, $6 time; name and layout stay where they are NULL. No row where the
-- version is another one, or the dashboard is gone.
UPDATE dashboards
SET name = COALESCE($4, name),
    layout = jsonb_set(COALESCE($5::jsonb, layout), '{version}', to_jsonb($3::bigint + 1)), updated_at = $6
WHERE org_id = $1 AND id = $2 AND COALESCE((layout->>'version')::bigint, 1) = $3::bigint
RETURNING id, name, layout, COALESCE((layout->>'version')::bigint, 1) AS version, created_by, created_at, updated_at;
