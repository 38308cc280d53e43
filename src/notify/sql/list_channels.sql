-- $1 org_id, $2 limit, $3 offset. Newest first.
SELECT id, name, channel_type, config->>'url' AS url, enabled, disabled_reason, previous_secret_until, created_at, updated_at
FROM notification_channels WHERE org_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3;
