-- $1 org_id, $2 before. The log is kept for a while; a few go at a time.
DELETE FROM notification_deliveries
WHERE org_id = $1 AND id IN (SELECT d.id FROM notification_deliveries d WHERE d.org_id = $1 AND d.finished_at < $2 LIMIT 100);
