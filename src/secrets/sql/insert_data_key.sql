-- $1 org_id, $2 id, $3 version of the master key, $4 the sealed key.
INSERT INTO data_keys (org_id, id, master_version, sealed) VALUES ($1, $2, $3, $4);
