-- $1 org_id, $2 metric, $3 and $4 first and last time. Stretches of the metric's series that were marked false.
SELECT series_key, started_at, COALESCE(ended_at, last_at, started_at) AS ended_at
FROM anomalies
WHERE org_id = $1 AND metric_name = $2 AND status = 'false_positive' AND started_at <= $4
  AND COALESCE(ended_at, last_at, started_at) >= $3
ORDER BY series_key, started_at;
