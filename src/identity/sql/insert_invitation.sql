-- $1 org_id, $2 id, $3 email, $4 role, $5 token hash, $6 created by, $7 time, $8 expires at,
-- $9 most open ones. No row where there are as many as may be; the organization is locked, so that nobody else counts
-- meanwhile.
INSERT INTO invitations (org_id, id, email, role, token_hash, created_by, created_at, expires_at)
SELECT $1, $2, $3, $4, $5, $6, $7, $8
WHERE (SELECT count(*) FROM invitations
       WHERE org_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $7) < $9
RETURNING id;
