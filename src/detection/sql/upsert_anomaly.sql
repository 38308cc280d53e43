-- $1 org_id, $2 id, $3 series key, $4 metric, $5 labels, $6 start, $7 end or NULL, $8 detected at, $9 value,
-- $10 expected, $11 lower, $12 upper, $13 score, $14 severity, $15 kinds, $16 samples, $17 worst at, $18 newest sample,
-- $19 now. The row as it is: its id, start, and whether it is new.
-- An anomaly of the series that overlaps is the same one, also where it began elsewhere: samples that came out of order
-- are seen by a detector that reads them again after a crash.
WITH same AS (
  SELECT min(started_at) AS started_at FROM anomalies
  WHERE org_id = $1 AND series_key = $3 AND started_at <= $18::timestamptz
    AND GREATEST(last_at, ended_at, started_at) >= $6::timestamptz
)
INSERT INTO anomalies AS a (org_id, id, series_key, metric_name, labels, started_at, ended_at, detected_at, value,
                            expected_value, lower, upper, anomaly_score, severity, kinds, samples, worst_at, last_at,
                            updated_at)
VALUES ($1, $2, $3, $4, $5, COALESCE((SELECT started_at FROM same), $6::timestamptz), $7, $8, $9, $10, $11, $12, $13,
        $14, $15, $16, $17, $18, $19)
ON CONFLICT ON CONSTRAINT anomalies_start_key DO UPDATE SET
  ended_at = COALESCE(EXCLUDED.ended_at, a.ended_at),
  last_at = GREATEST(a.last_at, EXCLUDED.last_at),
  kinds = a.kinds | EXCLUDED.kinds,
  samples = GREATEST(a.samples, EXCLUDED.samples),
  value = CASE WHEN EXCLUDED.anomaly_score >= a.anomaly_score THEN EXCLUDED.value ELSE a.value END,
  expected_value = CASE WHEN EXCLUDED.anomaly_score >= a.anomaly_score THEN EXCLUDED.expected_value
                        ELSE a.expected_value END,
  lower = CASE WHEN EXCLUDED.anomaly_score >= a.anomaly_score THEN EXCLUDED.lower ELSE a.lower END,
  upper = CASE WHEN EXCLUDED.anomaly_score >= a.anomaly_score THEN EXCLUDED.upper ELSE a.upper END,
  severity = CASE WHEN EXCLUDED.anomaly_score >= a.anomaly_score THEN EXCLUDED.severity ELSE a.severity END,
  worst_at = CASE WHEN EXCLUDED.anomaly_score >= a.anomaly_score THEN EXCLUDED.worst_at ELSE a.worst_at END,
  anomaly_score = GREATEST(EXCLUDED.anomaly_score, a.anomaly_score),
  updated_at = EXCLUDED.updated_at
RETURNING a.id, a.started_at, a.id = $2 AS is_new;
