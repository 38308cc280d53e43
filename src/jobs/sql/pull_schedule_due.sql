-- $1 tenant, $2 schedule, $3 due, $4 time. Where it is due later than $4: a clock that was ahead said so.
UPDATE schedule_queue SET due_at = $3 WHERE tenant_id = $1 AND schedule_id = $2 AND due_at > $4;
