-- $1 org_id, $2 id, $3 attempt, $4 time, $5 status, $6 result or NULL, $7 error or NULL. One row, or none where the
-- attempt is no longer the job's.
UPDATE jobs
SET status = $5::text, finished_at = $4, result = $6, error = $7, seconds_left = NULL,
    progress = CASE WHEN $5::text = 'succeeded' THEN 1 ELSE progress END
WHERE org_id = $1 AND id = $2 AND attempts = $3 AND status = 'running'
RETURNING id;
