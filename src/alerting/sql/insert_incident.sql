-- $1 org_id, $2 id, which is the edge's, $3 title, $4 severity, $5 rule, $6 start. The same edge again stays one.
INSERT INTO incidents (org_id, id, title, severity, alert_rule_id, started_at, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $6, $6) ON CONFLICT (org_id, id) DO NOTHING
RETURNING id;
