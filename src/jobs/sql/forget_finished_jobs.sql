-- $1 org_id, $2 finished before, $3 how many at most.
DELETE FROM jobs
WHERE org_id = $1 AND id IN (
  SELECT id FROM jobs WHERE org_id = $1 AND finished_at < $2 ORDER BY finished_at LIMIT $3 FOR UPDATE SKIP LOCKED);
