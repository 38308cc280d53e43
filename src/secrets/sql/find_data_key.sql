-- $1 org_id, $2 id. One row, or none.
SELECT id, master_version, sealed FROM data_keys WHERE org_id = $1 AND id = $2;
