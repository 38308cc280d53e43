-- $1 org_id, $2 channel, $3 time. What waits for a channel that takes nothing any more.
UPDATE notification_deliveries SET status = 'cancelled', next_attempt_at = NULL, lease_until = NULL, finished_at = $3
WHERE org_id = $1 AND channel_id = $2 AND status = 'pending';
