-- $1 org_id, $2 status, $3 severity, $4 first start, $5 last start (each or NULL), $6 limit, $7 offset. Newest first.
SELECT i.id, i.title, i.severity, i.status, i.started_at, i.resolved_at, i.acknowledged_by, i.created_at, i.alert_rule_id,
       (SELECT count(*) FROM anomalies a WHERE a.org_id = $1 AND a.incident_id = i.id) AS anomalies,
       (SELECT CASE WHEN count(*) = count(a.ended_at) THEN max(a.ended_at) END
        FROM anomalies a WHERE a.org_id = $1 AND a.incident_id = i.id) AS ended_at
FROM incidents i
WHERE i.org_id = $1
  AND ($2::text IS NULL OR i.status = $2) AND ($3::text IS NULL OR i.severity = $3)
  AND ($4::timestamptz IS NULL OR i.started_at >= $4) AND ($5::timestamptz IS NULL OR i.started_at <= $5)
ORDER BY i.started_at DESC, i.id DESC LIMIT $6 OFFSET $7;
