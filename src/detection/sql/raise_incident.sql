-- $1 org_id, $2 id, $3 severity, $4 start of the anomaly that joined, $5 now.
UPDATE incidents SET severity = $3, started_at = LEAST(started_at, $4::timestamptz), updated_at = $5
WHERE org_id = $1 AND id = $2;
