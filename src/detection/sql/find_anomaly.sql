-- $1 org_id, $2 id. One row, or none.
SELECT id, metric_name, labels, started_at, ended_at, detected_at, value, expected_value, lower, upper, anomaly_score,
       severity, status, incident_id, acknowledged_by, resolved_at, kinds, samples, worst_at, repeats
FROM anomalies
WHERE org_id = $1 AND id = $2;
