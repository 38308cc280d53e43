-- $1 org_id, $2 id. One row, or none.
SELECT id, name, channel_type, config->>'url' AS url, enabled, disabled_reason, previous_secret_until, created_at, updated_at
FROM notification_channels WHERE org_id = $1 AND id = $2;
