-- $1 org_id, $2 id, $3 status, $4 who, $5 now. The row as it is now, or none.
UPDATE anomalies
SET status = $3::text,
    acknowledged_by = CASE WHEN $3::text = 'open' THEN NULL ELSE COALESCE(acknowledged_by, $4::uuid) END,
    resolved_at = CASE WHEN $3::text IN ('resolved', 'false_positive') THEN COALESCE(resolved_at, $5::timestamptz) END,
    updated_at = $5
WHERE org_id = $1 AND id = $2
RETURNING id, metric_name, labels, started_at, ended_at, detected_at, value, expected_value, lower, upper, anomaly_score,
          severity, status, incident_id, acknowledged_by, resolved_at, kinds, samples, worst_at, repeats;
