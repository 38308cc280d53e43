-- $1 org_id, $2 incident, $3 who, $4 now.
UPDATE anomalies
SET status = 'resolved', acknowledged_by = COALESCE(acknowledged_by, $3::uuid), resolved_at = $4, updated_at = $4
WHERE org_id = $1 AND incident_id = $2 AND status IN ('open', 'acknowledged');
