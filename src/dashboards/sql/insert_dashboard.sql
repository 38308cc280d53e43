-- $1 org_id, $2 id, $3 name, $4 layout, $5 created by, $6 time, $7 most dashboards. No row where there are as many as may
-- be: counting and adding are one statement. A layout that names no version is version 1,
-- and one that does not say so is shared.
WITH counted AS (
  INSERT INTO plan_counts AS c (org_id, what, count) VALUES ($1, 'dashboards', 1)
  ON CONFLICT (org_id, what) DO UPDATE SET count = c.count + 1 WHERE c.count < $7
  RETURNING c.org_id
)
INSERT INTO dashboards (org_id, id, name, layout, created_by, created_at, updated_at)
SELECT counted.org_id, $2, $3, $4, $5, $6, $6 FROM counted
RETURNING id, name, layout, COALESCE((layout->>'version')::bigint, 1) AS version, COALESCE((layout->>'shared')::boolean, true) AS shared, created_by, created_at, updated_at;
