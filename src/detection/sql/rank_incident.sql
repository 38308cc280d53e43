-- $1 org_id, $2 incident. Its anomalies, the most telling first: by score, then by who began first. At most 1000.
SELECT id, metric_name, labels, started_at, ended_at, detected_at, value, expected_value, lower, upper, anomaly_score,
       severity, status, incident_id, acknowledged_by, resolved_at, kinds, samples, worst_at, repeats
FROM anomalies
WHERE org_id = $1 AND incident_id = $2
ORDER BY anomaly_score DESC, started_at, id
LIMIT 1000;
