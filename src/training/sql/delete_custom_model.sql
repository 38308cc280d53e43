-- $1 org_id, $2 id.
DELETE FROM custom_models WHERE org_id = $1 AND id = $2;
