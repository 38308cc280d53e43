-- $1 org_id.
SELECT count(*) AS count FROM notification_channels WHERE org_id = $1;
