-- $1 org_id, $2 id, $3 the minute claimed, $4 {"code", "detail"}.
UPDATE scaling_targets SET failure = $4::jsonb
WHERE org_id = $1 AND id = $2 AND evaluated_at = $3::timestamptz;
