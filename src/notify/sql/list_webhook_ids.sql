-- $1 org_id. Webhooks that take messages, oldest first.
SELECT id FROM notification_channels WHERE org_id = $1 AND channel_type = 'webhook' AND enabled ORDER BY created_at, id;
