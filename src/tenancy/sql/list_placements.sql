-- Which tenants there are, as far as anybody asked for work in the background.
SELECT tenant_id FROM placement ORDER BY tenant_id;
