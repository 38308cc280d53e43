-- $1 org_id.
SELECT count(*) AS count FROM users WHERE org_id = $1;
