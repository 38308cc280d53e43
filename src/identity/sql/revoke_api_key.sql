-- $1 org_id, $2 id, $3 time. One row, or none where it is absent or revoked already.
UPDATE api_keys SET revoked_at = $3 WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id;
