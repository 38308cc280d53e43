-- $1 org_id; $2 kind, $3 actor id, $4 action, $5 from, $6 to, each of which may be NULL; $7 limit, $8 offset. Newest
-- first. An action without a dot means all of a target: "alert_rule" is "alert_rule.create" and the others.
SELECT id, time, kind, actor_type, actor_id, action, target_type, target_id, status, count, request_id, details
FROM audit_log
WHERE org_id = $1
  AND ($2::text IS NULL OR kind = $2)
  AND ($3::uuid IS NULL OR actor_id = $3)
  AND ($4::text IS NULL OR action = $4 OR starts_with(action, $4 || '.'))
  AND ($5::timestamptz IS NULL OR time >= $5)
  AND ($6::timestamptz IS NULL OR time < $6)
ORDER BY time DESC, id DESC LIMIT $7 OFFSET $8;
