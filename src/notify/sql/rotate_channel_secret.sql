-- $1 org_id, $2 id, $3 the new secret and $4 the old one, both sealed, $5 until when the old one signs too, $6 time.
UPDATE notification_channels
SET secret = $3, previous_secret = $4, previous_secret_until = $5, updated_at = $6
WHERE org_id = $1 AND id = $2;
