-- $1 org_id, $2 route, $3 key, $4 request hash, $5 time, $6 when an unfinished claim counts as abandoned, $7 when an
-- answer is forgotten. One row where the claim is ours.
INSERT INTO idempotency_keys (org_id, route, key, request_hash, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (org_id, route, key) DO UPDATE
  SET request_hash = EXCLUDED.request_hash, status = NULL, response = NULL, created_at = EXCLUDED.created_at
  WHERE idempotency_keys.created_at < $7 OR (idempotency_keys.status IS NULL AND idempotency_keys.created_at < $6)
RETURNING key;
