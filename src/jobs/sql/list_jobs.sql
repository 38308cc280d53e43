-- $1 org_id, $2 status or NULL, $3 kind or NULL, $4 limit, $5 offset. Newest first.
SELECT id, kind, status, progress, progress_note, seconds_left, payload, result, error, attempts, created_by, created_at,
       run_at, started_at, finished_at
FROM jobs
WHERE org_id = $1 AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR kind = $3)
ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5;
