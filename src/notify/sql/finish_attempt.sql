-- $1 org_id, $2 id, $3 the attempt's number, $4 status, $5 next attempt or NULL, $6 time. No row where another attempt
-- has begun since, which is the one that counts.
UPDATE notification_deliveries
SET status = $4, next_attempt_at = $5, lease_until = NULL,
    finished_at = CASE WHEN $5::timestamptz IS NULL THEN $6::timestamptz END
WHERE org_id = $1 AND id = $2 AND attempts = $3 AND status = 'pending'
RETURNING id;
