-- $1 org_id, $2 target, $3 channels.
INSERT INTO scaling_target_channels (org_id, target_id, channel_id) SELECT $1, $2, unnest($3::text[])::uuid;
