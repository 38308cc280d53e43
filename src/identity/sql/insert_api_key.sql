-- $1 org_id, $2 id, $3 name, $4 key hash, $5 key prefix, $6 scopes, $7 created by or NULL, $8 expires at or NULL, $9 time.
INSERT INTO api_keys (org_id, id, name, key_hash, key_prefix, scopes, created_by, expires_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);
