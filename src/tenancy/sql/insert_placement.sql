-- $1 tenant.
INSERT INTO placement (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING;
