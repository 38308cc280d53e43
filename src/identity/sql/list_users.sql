-- $1 org_id, $2 limit, $3 offset. Newest first.
SELECT id, email, name, role, last_login_at, created_at FROM users
WHERE org_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3;
