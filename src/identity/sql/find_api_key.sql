-- no-tenant: the tenant is what the look-up finds; a function reads the few columns it may.
-- $1 key hash. One row, or none.
SELECT org_id, api_key_id, key_name, scopes, expires_at, last_used_at, plan, org_status, timezone, slug, org_name FROM find_api_key($1);
