-- $1 org_id, $2 name. One row, or none.
SELECT s.id, s.name, s.kind, s.payload, s.cron, s.timezone, s.enabled, s.last_tick_at, q.due_at
FROM schedules s JOIN schedule_queue q ON q.tenant_id = s.org_id AND q.schedule_id = s.id
WHERE s.org_id = $1 AND s.name = $2;
