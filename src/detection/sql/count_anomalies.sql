-- $1 org_id, $2 status, $3 severity, $4 metric (each or NULL), $5 first start, $6 last start, $7 seconds of a step. The steps
-- in which anomalies began, counted from $5 on, with how many of each severity.
SELECT floor(extract(epoch FROM started_at - $5::timestamptz) / $7::bigint)::bigint AS step,
       count(*) FILTER (WHERE severity = 'low') AS low,
       count(*) FILTER (WHERE severity = 'medium') AS medium,
       count(*) FILTER (WHERE severity = 'high') AS high,
       count(*) FILTER (WHERE severity = 'critical') AS critical
FROM anomalies
WHERE org_id = $1
  AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR severity = $3)
  AND ($4::text IS NULL OR metric_name = $4)
  AND started_at >= $5 AND started_at <= $6
GROUP BY 1 ORDER BY 1;
