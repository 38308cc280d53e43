-- $1 org_id, $2 status, $3 severity, $4 metric, $5 first start, $6 last start, $7 incident (each or NULL), $8 limit,
-- $9 offset. Newest first.
SELECT id, metric_name, labels, started_at, ended_at, detected_at, value, expected_value, lower, upper, anomaly_score,
       severity, status, incident_id, acknowledged_by, resolved_at, kinds, samples, worst_at, repeats
FROM anomalies
WHERE org_id = $1
  AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR severity = $3)
  AND ($4::text IS NULL OR metric_name = $4)
  AND ($5::timestamptz IS NULL OR started_at >= $5) AND ($6::timestamptz IS NULL OR started_at <= $6)
  AND ($7::uuid IS NULL OR incident_id = $7)
ORDER BY started_at DESC, id DESC LIMIT $8 OFFSET $9;
