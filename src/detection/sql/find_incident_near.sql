-- $1 org_id, $2 and $3 first and last start. The oldest incident of anomalies that began then and is not resolved.
SELECT id, severity FROM incidents
WHERE org_id = $1 AND alert_rule_id IS NULL AND status <> 'resolved' AND started_at BETWEEN $2 AND $3
ORDER BY started_at, id LIMIT 1
FOR UPDATE;
