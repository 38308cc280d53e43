-- $1 org_id. Until the transaction ends.
SELECT id FROM organizations WHERE id = $1 FOR NO KEY UPDATE;
