-- $1 org_id, $2 id.
DELETE FROM scaling_targets WHERE org_id = $1 AND id = $2;
