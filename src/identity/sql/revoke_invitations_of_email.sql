-- $1 org_id, $2 email, $3 time.
UPDATE invitations SET revoked_at = $3
WHERE org_id = $1 AND lower(email) = lower($2) AND accepted_at IS NULL AND revoked_at IS NULL;
