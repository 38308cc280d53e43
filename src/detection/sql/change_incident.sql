-- $1 org_id, $2 id, $3 status, $4 who, $5 now. A row where there is such an incident: its status before.
WITH before AS (SELECT b.id, b.status FROM incidents b WHERE b.org_id = $1 AND b.id = $2 FOR UPDATE)
UPDATE incidents i
SET status = $3::text,
    acknowledged_by = CASE WHEN $3::text = 'open' THEN NULL ELSE COALESCE(i.acknowledged_by, $4::uuid) END,
    resolved_at = CASE WHEN $3::text = 'resolved' THEN COALESCE(i.resolved_at, $5::timestamptz) END,
    updated_at = $5
FROM before
WHERE i.org_id = $1 AND i.id = before.id
RETURNING before.status AS status_before;
