-- $1 org_id, $2 route, $3 key. One row, or none.
SELECT request_hash, status, response FROM idempotency_keys WHERE org_id = $1 AND route = $2 AND key = $3;
