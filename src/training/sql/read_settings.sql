-- $1 org_id. One row, or none.
SELECT settings, timezone, plan FROM organizations WHERE id = $1;
