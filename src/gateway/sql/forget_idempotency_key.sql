-- $1 org_id, $2 route, $3 key.
DELETE FROM idempotency_keys WHERE org_id = $1 AND route = $2 AND key = $3;
