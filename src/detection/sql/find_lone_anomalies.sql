-- $1 org_id, $2 and $3 first and last start, $4 series key of the anomaly that asks. Others of that time without an incident, of
-- other series, worst first.
SELECT a.id, a.metric_name, a.severity, a.started_at FROM anomalies a
WHERE a.org_id = $1 AND a.incident_id IS NULL AND a.series_key <> $4 AND a.started_at BETWEEN $2 AND $3
  AND a.status IN ('open', 'acknowledged')
ORDER BY a.anomaly_score DESC, a.started_at, a.id
LIMIT 1000;
