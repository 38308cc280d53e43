-- $1 org_id, $2 id, $3 status, $4 who, $5 now. A row where there is such an incident.
UPDATE incidents
SET status = $3::text,
    acknowledged_by = CASE WHEN $3::text = 'open' THEN NULL ELSE COALESCE(acknowledged_by, $4::uuid) END,
    resolved_at = CASE WHEN $3::text = 'resolved' THEN COALESCE(resolved_at, $5::timestamptz) END,
    updated_at = $5
WHERE org_id = $1 AND id = $2
RETURNING id;
