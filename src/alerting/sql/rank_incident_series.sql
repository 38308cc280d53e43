-- $1 org_id, $2 incident, $3 limit. The one furthest beyond the condition first, then the one that began first.
SELECT metric_name, labels, started_at, ended_at, value FROM incident_series
WHERE org_id = $1 AND incident_id = $2 ORDER BY excess DESC, started_at, series_key LIMIT $3;
