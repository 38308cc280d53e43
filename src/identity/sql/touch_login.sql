-- $1 org_id, $2 id, $3 time.
UPDATE users SET last_login_at = $3 WHERE org_id = $1 AND id = $2;
