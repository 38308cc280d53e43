-- $1 org_id, $2 email.
SELECT id FROM users WHERE org_id = $1 AND lower(email) = lower($2);
