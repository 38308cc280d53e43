-- $1 org_id, $2 id, $3 title, $4 severity, $5 start, $6 now.
INSERT INTO incidents (org_id, id, title, severity, status, started_at, created_at, updated_at)
VALUES ($1, $2, $3, $4, 'open', $5, $6, $6);
