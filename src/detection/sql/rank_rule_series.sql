-- $1 org_id, $2 incident of an alert rule. Its series, the one furthest beyond the condition first, then the one that began
-- first. At most 1000.
SELECT metric_name, labels, started_at, ended_at, value, excess FROM incident_series
WHERE org_id = $1 AND incident_id = $2
ORDER BY excess DESC, started_at, series_key
LIMIT 1000;
