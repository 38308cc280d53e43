-- $1 org_id, $2 ids of new deliveries and $3 channels, as many, $4 message id, $5 type, $6 body, $7 time. One for each
-- channel there is; the same message to the same channel again stays one. A disabled channel gets none sent.
INSERT INTO notification_deliveries
  (org_id, id, channel_id, message_id, message_type, body, status, next_attempt_at, created_at, finished_at)
SELECT c.org_id, wanted.id::uuid, c.id, $4, $5, $6, CASE WHEN c.enabled THEN 'pending' ELSE 'cancelled' END,
       CASE WHEN c.enabled THEN $7::timestamptz END, $7, CASE WHEN c.enabled THEN NULL ELSE $7::timestamptz END
FROM unnest($2::text[], $3::text[]) AS wanted (id, channel)
JOIN notification_channels c ON c.org_id = $1 AND c.id = wanted.channel::uuid
ON CONFLICT (org_id, channel_id, message_id) DO NOTHING;
