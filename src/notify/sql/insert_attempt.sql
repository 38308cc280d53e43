-- $1 org_id, $2 delivery, $3 number, $4 start, $5 HTTP status or NULL, $6 latency in ms, $7 error or NULL.
INSERT INTO notification_attempts (org_id, delivery_id, number, started_at, http_status, latency_ms, error)
SELECT org_id, id, $3, $4, $5, $6, $7 FROM notification_deliveries WHERE org_id = $1 AND id = $2
ON CONFLICT DO NOTHING;
