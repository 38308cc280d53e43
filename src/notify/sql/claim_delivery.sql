-- $1 org_id, $2 time, $3 until when it is ours. The delivery that is due longest, with what it takes to try it; or none. No
-- wait is as long as 27 hours and no claim as 10 minutes: what ends later was planned by a clock that was ahead.
WITH due AS (
  SELECT d.org_id, d.id FROM notification_deliveries d
  WHERE d.org_id = $1 AND (d.next_attempt_at <= $2 OR d.next_attempt_at > $2::timestamptz + interval '27 hours')
    AND (d.lease_until IS NULL OR d.lease_until <= $2 OR d.lease_until > $2::timestamptz + interval '10 minutes')
  ORDER BY d.next_attempt_at, d.id LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE notification_deliveries d
SET attempts = d.attempts + 1, tries = d.tries + 1, lease_until = $3
FROM due JOIN notification_channels c ON c.org_id = due.org_id
WHERE d.org_id = $1 AND d.id = due.id AND c.id = d.channel_id
RETURNING d.id, d.channel_id, d.message_id, d.message_type, d.body, d.attempts, d.tries, c.enabled, c.config->>'url' AS url,
          c.secret, CASE WHEN c.previous_secret_until > $2 THEN c.previous_secret END AS previous_secret;
