-- $1 org_id, $2 id, $3 time. A row where it was not resolved yet.
UPDATE incidents SET status = 'resolved', resolved_at = $3, updated_at = $3
WHERE org_id = $1 AND id = $2 AND status <> 'resolved'
RETURNING title, severity, started_at;
