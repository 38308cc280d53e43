-- $1 org_id, $2 incident, $3 series key or NULL for all of them, $4 time.
UPDATE incident_series SET ended_at = $4
WHERE org_id = $1 AND incident_id = $2 AND ($3::text IS NULL OR series_key = $3) AND ended_at IS NULL;
