-- $1 org_id, $2 id. A row where there was such a dashboard.
WITH gone AS (DELETE FROM dashboards WHERE org_id = $1 AND id = $2 RETURNING org_id)
UPDATE plan_counts SET count = count - 1 WHERE org_id = (SELECT gone.org_id FROM gone) AND what = 'dashboards'
RETURNING count;
