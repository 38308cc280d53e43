-- $1 org_id, $2 rule.
UPDATE alert_rules SET firing_since = NULL, incident_id = NULL WHERE org_id = $1 AND id = $2;
