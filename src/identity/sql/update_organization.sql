-- $1 org_id, $2 name or NULL, $3 timezone or NULL, $4 settings or NULL, $5 time. The row as it is now.
UPDATE organizations
SET name = COALESCE($2, name), timezone = COALESCE($3, timezone), settings = COALESCE($4, settings), updated_at = $5
WHERE id = $1
RETURNING id, name, slug, plan, status, timezone, settings, created_at, updated_at;
