-- $1 org_id, $2 id. A row where there is such a rule, which nobody else changes until this transaction ends.
SELECT id FROM alert_rules WHERE org_id = $1 AND id = $2 FOR UPDATE;
