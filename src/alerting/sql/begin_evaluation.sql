-- $1 org_id, $2 rule, $3 the state that was evaluated from, $4 time, $5 error or NULL, $6 firing since and $7 incident, or
-- NULL. No row where another process evaluated it, or somebody changed it, in the meantime: then nothing may be written.
UPDATE alert_rules
SET state_version = state_version + 1, evaluated_at = $4, evaluation_error = $5, firing_since = $6, incident_id = $7
WHERE org_id = $1 AND id = $2 AND state_version = $3 AND enabled
RETURNING id;
