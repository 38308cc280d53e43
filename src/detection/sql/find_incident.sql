-- $1 org_id, $2 id. One row, or none.
SELECT i.id, i.title, i.severity, i.status, i.started_at, i.resolved_at, i.acknowledged_by, i.created_at, i.alert_rule_id,
       (SELECT count(*) FROM anomalies a WHERE a.org_id = $1 AND a.incident_id = i.id) AS anomalies,
       (SELECT CASE WHEN count(*) = count(a.ended_at) THEN max(a.ended_at) END
        FROM anomalies a WHERE a.org_id = $1 AND a.incident_id = i.id) AS ended_at
FROM incidents i
WHERE i.org_id = $1 AND i.id = $2;
