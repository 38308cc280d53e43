-- $1 org_id, $2 limit, $3 offset. Newest first, without revoked ones.
SELECT id, name, key_prefix, array_to_string(scopes, ' ') AS scopes, last_used_at, expires_at, created_at FROM api_keys
WHERE org_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3;
