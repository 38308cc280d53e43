-- $1 org_id, $2 id, $3 time.
WITH job AS (
  UPDATE jobs SET status = 'cancelled', finished_at = $3, seconds_left = NULL
  WHERE org_id = $1 AND id = $2 AND status = 'queued'
  RETURNING id)
DELETE FROM job_queue USING job WHERE job_id = job.id;
