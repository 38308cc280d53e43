-- $1 org_id, $2 id, $3 time.
UPDATE api_keys SET last_used_at = $3 WHERE org_id = $1 AND id = $2;
