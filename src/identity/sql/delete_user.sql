-- $1 org_id, $2 id. Sessions go with the user.
DELETE FROM users WHERE org_id = $1 AND id = $2;
