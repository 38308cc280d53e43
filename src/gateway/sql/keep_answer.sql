-- $1 org_id, $2 route, $3 key, $4 status, $5 answer, or NULL where it showed a secret.
UPDATE idempotency_keys SET status = $4, response = $5 WHERE org_id = $1 AND route = $2 AND key = $3;
