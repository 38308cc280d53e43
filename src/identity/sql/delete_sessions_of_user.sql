-- $1 org_id, $2 user id. After a change of role or password nobody stays signed in as before.
DELETE FROM sessions WHERE org_id = $1 AND user_id = $2;
