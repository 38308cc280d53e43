-- $1 org_id, $2 id. One row, or none.
SELECT title, severity, started_at FROM incidents WHERE org_id = $1 AND id = $2;
