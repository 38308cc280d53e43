-- $1 org_id, $2 ids. Whose are gone have no row.
SELECT id, COALESCE(name, email) AS name FROM users WHERE org_id = $1 AND id = ANY ($2::text[]::uuid[])
UNION ALL
SELECT id, name FROM api_keys WHERE org_id = $1 AND id = ANY ($2::text[]::uuid[]);
