-- $1 org_id, $2 time, $3 at most so many. Those of before; their ids.
DELETE FROM predictions
WHERE org_id = $1 AND id IN (SELECT id FROM predictions WHERE org_id = $1 AND time < $2 ORDER BY time LIMIT $3)
RETURNING id;
