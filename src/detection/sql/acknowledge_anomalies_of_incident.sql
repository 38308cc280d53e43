-- $1 org_id, $2 incident, $3 who, $4 now.
UPDATE anomalies
SET status = 'acknowledged', acknowledged_by = $3::uuid, updated_at = $4
WHERE org_id = $1 AND incident_id = $2 AND status = 'open';
