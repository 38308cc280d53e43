-- $1 org_id, $2 limit, $3 offset. Newest first, without used and revoked ones.
SELECT id, email, role, created_by, created_at, expires_at FROM invitations
WHERE org_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL
ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3;
