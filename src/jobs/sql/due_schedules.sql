-- $1 time, $2 how many at most. Whose turn it is; who fires one makes sure again.
SELECT tenant_id, schedule_id FROM schedule_queue WHERE due_at <= $1 ORDER BY due_at LIMIT $2;
