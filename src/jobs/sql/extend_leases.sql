-- Arrays of one length: $1 jobs, $2 attempts; $3 owner, $4 the lease's new end. The jobs that are still the owner's. A
-- row that is locked stays as it is: nobody else gets it meanwhile either.
WITH held AS (
  SELECT job_id::uuid AS job_id, attempt::integer AS attempt FROM unnest($1::text[], $2::text[]) AS held (job_id, attempt)
), free AS (
  SELECT q.job_id FROM job_queue q JOIN held ON held.job_id = q.job_id AND held.attempt = q.attempts
  WHERE q.lease_owner = $3 FOR UPDATE OF q SKIP LOCKED
), extended AS (
  UPDATE job_queue q SET lease_until = $4 FROM free WHERE q.job_id = free.job_id
)
SELECT q.job_id, q.cancel_requested
FROM job_queue q JOIN held ON held.job_id = q.job_id AND held.attempt = q.attempts
WHERE q.lease_owner = $3;
