-- $1 org_id, $2 last time, $3 time and $4 id after which to go on, $5 limit. Those that wait, oldest first.
SELECT id, time, metric_name, labels, step_ms
FROM predictions
WHERE org_id = $1 AND state = 'waiting' AND time <= $2 AND (time, id) > ($3::timestamptz, $4::uuid)
ORDER BY time, id LIMIT $5;
