-- $1 org_id, $2 id, $3 time. One row, or none where somebody was faster.
UPDATE invitations SET accepted_at = $3
WHERE org_id = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL RETURNING id;
