-- $1 org_id, $2 id, $3 name or NULL, $4 role or NULL, $5 password hash or NULL. The row as it is now.
UPDATE users
SET name = COALESCE($3, name), role = COALESCE($4, role), password_hash = COALESCE($5, password_hash)
WHERE org_id = $1 AND id = $2
RETURNING id, email, name, role, last_login_at, created_at;
