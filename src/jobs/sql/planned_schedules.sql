-- $1 time. Schedules that are due later.
SELECT tenant_id, schedule_id FROM schedule_queue WHERE due_at > $1;
