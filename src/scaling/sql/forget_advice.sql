-- $1 org_id, $2 older than.
DELETE FROM scaling_advice WHERE org_id = $1 AND time < $2::timestamptz;
