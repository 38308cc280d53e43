-- no-tenant: the tenant is what the look-up finds; a function reads the few columns it may.
-- $1 token hash. One row, or none.
SELECT session_id, org_id, user_id, role, created_at, last_seen_at, expires_at, plan, org_status, timezone, slug,
       org_name, email, name
FROM find_session($1);
