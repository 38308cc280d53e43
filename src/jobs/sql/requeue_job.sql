-- $1 org_id, $2 id, $3 time. One row, or none where the job is not there or not at an end that can be undone. Attempts
-- go on counting, so that an attempt from before can never be taken for one from after.
WITH job AS (
  UPDATE jobs
  SET status = 'queued', run_at = $3, finished_at = NULL, progress = 0, progress_note = NULL, seconds_left = NULL
  WHERE org_id = $1 AND id = $2 AND status IN ('failed', 'dead', 'cancelled')
  RETURNING org_id, id, kind, attempts, max_attempts)
INSERT INTO job_queue (job_id, tenant_id, kind, run_at, attempts, max_attempts)
SELECT id, org_id, kind, $3, attempts, attempts + max_attempts FROM job
RETURNING kind;
