-- $1 org_id, $2 id. One row, or none.
SELECT id, kind, status, progress, progress_note, seconds_left, payload, result, error, attempts, created_by, created_at,
       run_at, started_at, finished_at
FROM jobs
WHERE org_id = $1 AND id = $2;
