-- $1 org_id. One row, or none.
SELECT settings, timezone FROM organizations WHERE id = $1;
