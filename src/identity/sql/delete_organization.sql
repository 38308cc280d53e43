-- $1 org_id, $2 time. Keys and sessions stop at once; data goes when retention or erasure takes it.
WITH keys AS (UPDATE api_keys SET revoked_at = $2 WHERE org_id = $1 AND revoked_at IS NULL),
     signed_in AS (DELETE FROM sessions WHERE org_id = $1)
UPDATE organizations SET status = 'deleted', updated_at = $2 WHERE id = $1;
