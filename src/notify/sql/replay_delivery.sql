-- $1 org_id, $2 id, $3 time. The same message again, from the schedule's beginning. One row, or none.
UPDATE notification_deliveries SET status = 'pending', tries = 0, next_attempt_at = $3, finished_at = NULL
WHERE org_id = $1 AND id = $2
RETURNING id, channel_id;
