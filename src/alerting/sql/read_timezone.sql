-- $1 org_id. One row, or none.
SELECT timezone FROM organizations WHERE id = $1;
