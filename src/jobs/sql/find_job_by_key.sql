-- $1 org_id, $2 kind, $3 idempotency key or NULL, $4 pending key or NULL. The job that has one of them, or none.
SELECT id FROM jobs
WHERE org_id = $1 AND kind = $2
  AND (idempotency_key = $3 OR (pending_key = $4 AND status IN ('queued', 'running')))
ORDER BY idempotency_key = $3 DESC NULLS LAST LIMIT 1;
