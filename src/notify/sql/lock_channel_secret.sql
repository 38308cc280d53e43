-- $1 org_id, $2 id. The channel's secret, locked against another rotation. One row, or none.
SELECT secret FROM notification_channels WHERE org_id = $1 AND id = $2 FOR UPDATE;
