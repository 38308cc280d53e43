-- $1 org_id, $2 status, $3 severity, $4 first start, $5 last start (each or NULL), $6 limit, $7 offset. Newest first.
SELECT i.id, i.title, i.severity, i.status, i.started_at, i.resolved_at, i.acknowledged_by, i.created_at, i.alert_rule_id,
       COALESCE(a.anomalies, 0) AS anomalies, COALESCE(s.series, a.series, 0) AS series_count,
       COALESCE(s.ended_at, a.ended_at) AS ended_at
FROM incidents i
LEFT JOIN LATERAL (SELECT count(*) AS anomalies, count(DISTINCT n.series_key) AS series,
                          CASE WHEN count(*) = count(n.ended_at) THEN max(n.ended_at) END AS ended_at
                   FROM anomalies n WHERE n.org_id = $1 AND n.incident_id = i.id AND i.alert_rule_id IS NULL) a ON true
LEFT JOIN LATERAL (SELECT NULLIF(count(DISTINCT r.series_key), 0) AS series,
                          CASE WHEN count(*) = count(r.ended_at) THEN max(r.ended_at) END AS ended_at
                   FROM incident_series r WHERE r.org_id = $1 AND r.incident_id = i.id) s ON true
WHERE i.org_id = $1
  AND ($2::text IS NULL OR i.status = $2) AND ($3::text IS NULL OR i.severity = $3)
  AND ($4::timestamptz IS NULL OR i.started_at >= $4) AND ($5::timestamptz IS NULL OR i.started_at <= $5)
ORDER BY i.started_at DESC, i.id DESC LIMIT $6 OFFSET $7;
