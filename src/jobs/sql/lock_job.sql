-- $1 org_id, $2 id. Its state, which stays so until the transaction ends; or none.
SELECT status FROM jobs WHERE org_id = $1 AND id = $2 FOR UPDATE;
