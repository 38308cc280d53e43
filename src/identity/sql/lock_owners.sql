-- $1 org_id. A row for each owner, locked: an organization must keep one.
SELECT id FROM users WHERE org_id = $1 AND role = 'owner' ORDER BY id FOR UPDATE;
