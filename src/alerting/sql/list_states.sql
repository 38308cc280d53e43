-- $1 org_id, $2 rule.
SELECT series_key, metric_name, labels, state, since, last_time, value, excess FROM alert_rule_states
WHERE org_id = $1 AND rule_id = $2;
