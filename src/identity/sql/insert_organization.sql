-- $1 org_id, $2 name, $3 slug, $4 plan, $5 time.
INSERT INTO organizations (id, name, slug, plan, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5);
