-- $1 org_id, $2 channel, $3 limit, $4 offset. Newest first, each with its attempts, oldest first.
SELECT d.id, d.channel_id, d.message_id, d.message_type, d.status, d.next_attempt_at, d.created_at, d.finished_at,
       (SELECT COALESCE(jsonb_agg(jsonb_build_object(
                 'number', a.number, 'started_at', (extract(epoch FROM a.started_at) * 1000)::bigint,
                 'http_status', a.http_status, 'latency_ms', a.latency_ms, 'error', a.error) ORDER BY a.number), '[]')
        FROM notification_attempts a WHERE a.org_id = $1 AND a.delivery_id = d.id) AS attempts
FROM notification_deliveries d
WHERE d.org_id = $1 AND d.channel_id = $2
ORDER BY d.created_at DESC, d.id DESC LIMIT $3 OFFSET $4;
