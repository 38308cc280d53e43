-- $1 org_id, $2 id, $3 time. Its receiver said that it is gone for good. A row where it was enabled until now.
UPDATE notification_channels SET enabled = false, disabled_reason = 'gone', updated_at = $3
WHERE org_id = $1 AND id = $2 AND enabled
RETURNING id;
