-- $1 org_id, $2 series keys, $3 oldest start. Marks of those series, newest first.
SELECT id, series_key, started_at, COALESCE(last_at, ended_at, started_at) AS last_at,
       COALESCE(worst_at, started_at) AS worst_at, value, expected_value, lower, upper
FROM anomalies
WHERE org_id = $1 AND series_key = ANY ($2) AND status = 'false_positive' AND started_at >= $3
ORDER BY started_at DESC;
