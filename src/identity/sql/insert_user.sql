-- $1 org_id, $2 id, $3 email, $4 name, $5 role, $6 password hash or NULL, $7 time.
INSERT INTO users (org_id, id, email, name, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7);
