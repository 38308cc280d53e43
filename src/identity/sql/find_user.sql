-- $1 org_id, $2 id. One row, or none; locked, so that roles change one after the other.
SELECT id, email, name, role, last_login_at, created_at FROM users WHERE org_id = $1 AND id = $2 FOR UPDATE;
