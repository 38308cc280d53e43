-- $1 org_id, $2 rule, $3 channels.
INSERT INTO alert_rule_channels (org_id, rule_id, channel_id) SELECT $1, $2, unnest($3::text[])::uuid;
