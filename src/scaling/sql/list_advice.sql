-- $1 org_id, $2 target, $3 limit, $4 offset. Newest first.
SELECT time, replicas, needed, load, mode FROM scaling_advice
WHERE org_id = $1 AND target_id = $2
ORDER BY time DESC LIMIT $3 OFFSET $4;
