-- $1 org_id, $2 id, $3 attempt. One row, or none where the attempt is no longer the job's. Until the transaction ends
-- no other attempt can start.
SELECT id FROM jobs WHERE org_id = $1 AND id = $2 AND attempts = $3 AND status = 'running' FOR SHARE;
