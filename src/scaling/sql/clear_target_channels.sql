-- $1 org_id, $2 target.
DELETE FROM scaling_target_channels WHERE org_id = $1 AND target_id = $2;
