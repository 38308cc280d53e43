-- $1 org_id, $2 id, $3 attempt, $4 time. From here on earlier attempts write nothing. None where the job is at its end.
UPDATE jobs
SET status = 'running', attempts = $3, started_at = $4, progress = 0, progress_note = NULL, seconds_left = NULL
WHERE org_id = $1 AND id = $2 AND status IN ('queued', 'running') AND attempts < $3
RETURNING payload, error;
