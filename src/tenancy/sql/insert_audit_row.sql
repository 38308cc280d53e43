-- $1 org_id, $2 id, $3 time, $4 actor type, $5 actor id, $6 action, $7 target type, $8 target id, $9 details,
-- $10 request id.
INSERT INTO audit_log (org_id, id, time, kind, actor_type, actor_id, action, target_type, target_id, details, request_id)
VALUES ($1, $2, $3, 'change', $4, $5, $6, $7, $8, $9, $10);
