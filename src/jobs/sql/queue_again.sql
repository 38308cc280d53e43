-- $1 org_id, $2 id, $3 attempt, $4 run_at, $5 error or NULL, $6 how many attempts more it gets. One row, or none where
-- the attempt is no longer the job's.
WITH job AS (
  UPDATE jobs SET status = 'queued', run_at = $4, error = COALESCE($5, error), seconds_left = NULL
  WHERE org_id = $1 AND id = $2 AND attempts = $3 AND status = 'running'
  RETURNING id)
UPDATE job_queue q SET run_at = $4, lease_owner = NULL, lease_until = NULL, max_attempts = q.max_attempts + $6
FROM job WHERE q.job_id = job.id AND q.attempts = $3
RETURNING q.job_id;
