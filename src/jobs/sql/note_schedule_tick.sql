-- $1 org_id, $2 schedule, $3 tick.
UPDATE schedules SET last_tick_at = $3 WHERE org_id = $1 AND id = $2;
