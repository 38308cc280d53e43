-- $1 org_id, $2 id, $3 user id, $4 token hash, $5 time, $6 expires at.
INSERT INTO sessions (org_id, id, user_id, token_hash, created_at, last_seen_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $5, $6);
