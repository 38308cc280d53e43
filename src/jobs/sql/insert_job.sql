-- $1 org_id, $2 id, $3 kind, $4 payload, $5 created_by, $6 time, $7 run_at, $8 idempotency key, $9 pending key,
-- $10 max attempts. One row, or none where another job has one of the keys.
WITH job AS (
  INSERT INTO jobs (org_id, id, kind, payload, created_by, created_at, run_at, idempotency_key, pending_key, max_attempts)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  ON CONFLICT DO NOTHING
  RETURNING org_id, id, kind, run_at, max_attempts)
INSERT INTO job_queue (job_id, tenant_id, kind, run_at, max_attempts)
SELECT id, org_id, kind, run_at, max_attempts FROM job
RETURNING job_id;
