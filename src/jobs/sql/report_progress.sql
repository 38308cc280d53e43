-- $1 org_id, $2 id, $3 attempt, $4 progress, $5 note, $6 seconds left or NULL. Not while the job's own transaction has
-- the row: the next report will do.
UPDATE jobs SET progress = $4, progress_note = $5, seconds_left = $6
WHERE org_id = $1 AND id = (
  SELECT id FROM jobs WHERE org_id = $1 AND id = $2 AND attempts = $3 AND status = 'running'
  FOR NO KEY UPDATE SKIP LOCKED);
