-- $1 org_id, $2 schedule, $3 time. The schedule, locked; or none where another process has it or had it.
SELECT s.name, s.kind, s.payload, s.cron, s.timezone, q.due_at, o.status = 'active' AS active
FROM schedule_queue q
JOIN schedules s ON s.org_id = q.tenant_id AND s.id = q.schedule_id
JOIN organizations o ON o.id = s.org_id
WHERE s.org_id = $1 AND q.schedule_id = $2 AND q.due_at <= $3
FOR UPDATE OF q SKIP LOCKED;
