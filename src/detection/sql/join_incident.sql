-- $1 org_id, $2 incident, $3 ids of anomalies.
UPDATE anomalies SET incident_id = $2 WHERE org_id = $1 AND id = ANY ($3::uuid[]);
