-- $1 org_id. One row.
SELECT id, name, slug, plan, status, timezone, settings, created_at, updated_at FROM organizations WHERE id = $1;
