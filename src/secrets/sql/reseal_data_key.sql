-- $1 org_id, $2 id, $3 version of the master key, $4 the sealed key.
UPDATE data_keys SET master_version = $3, sealed = $4 WHERE org_id = $1 AND id = $2;
