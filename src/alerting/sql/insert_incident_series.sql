-- $1 org_id, $2 incident, $3 series key, $4 metric, $5 labels, $6 start, $7 value, $8 excess.
INSERT INTO incident_series (org_id, incident_id, series_key, metric_name, labels, started_at, value, excess)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING;
