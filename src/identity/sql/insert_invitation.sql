-- $1 org_id, $2 id, $3 email, $4 role, $5 token hash, $6 created by, $7 time, $8 expires at.
INSERT INTO invitations (org_id, id, email, role, token_hash, created_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
