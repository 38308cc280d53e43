-- $1 org_id. The data key that seals; none before the first secret.
SELECT id, master_version, sealed FROM data_keys WHERE org_id = $1 ORDER BY created_at DESC, id LIMIT 1;
