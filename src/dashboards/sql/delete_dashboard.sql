-- $1 org_id, $2 id, $3 who asks, $4 whether they see all, as in find_dashboard.sql. A row where there was such a dashboard.
WITH gone AS (
  DELETE FROM dashboards
  WHERE org_id = $1 AND id = $2 AND (COALESCE((layout->>'shared')::boolean, true) OR created_by = $3 OR $4::boolean)
  RETURNING org_id
)
UPDATE plan_counts SET count = count - 1 WHERE org_id = (SELECT gone.org_id FROM gone) AND what = 'dashboards'
RETURNING count;
