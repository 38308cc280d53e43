-- $1 org_id, $2 rule.
DELETE FROM alert_rule_states WHERE org_id = $1 AND rule_id = $2;
