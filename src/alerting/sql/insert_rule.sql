-- $1 org_id, $2 id, $3 name, $4 metric, $5 labels, $6 match, $7 condition, $8 threshold, $9 direction, $10 horizon,
-- $11 probability, $12 sensitivity, $13 for seconds, $14 severity, $15 enabled, $16 most rules, $17 time. No row where
-- there are as many as may be: counting and adding are one statement.
WITH counted AS (
  INSERT INTO plan_counts AS c (org_id, what, count) VALUES ($1, 'alert_rules', 1)
  ON CONFLICT (org_id, what) DO UPDATE SET count = c.count + 1 WHERE c.count < $16
  RETURNING c.org_id
)
INSERT INTO alert_rules (org_id, id, name, metric_name, labels, match, condition, threshold, direction, horizon_minutes,
                         probability, sensitivity, for_seconds, severity, enabled, created_at, updated_at)
SELECT counted.org_id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $17, $17 FROM counted
RETURNING id;
