-- $1 tenant, $2 schedule, $3 due, or NULL for never.
INSERT INTO schedule_queue (tenant_id, schedule_id, due_at) VALUES ($1, $2, $3)
ON CONFLICT (schedule_id) DO UPDATE SET due_at = excluded.due_at;
