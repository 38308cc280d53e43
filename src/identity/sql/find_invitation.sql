-- no-tenant: the tenant is what the look-up finds; a function reads the few columns it may.
-- $1 token hash. One row, or none.
SELECT org_id, invitation_id, email, role, expires_at, slug, org_name, org_status FROM find_invitation($1);
