-- no-tenant: the tenant is what the look-up finds; a function reads the few columns it may.
-- $1 email, $2 slug or NULL. A row for each organization.
SELECT user_id, org_id, slug, org_name, password_hash, role, org_status FROM find_logins($1, $2);
