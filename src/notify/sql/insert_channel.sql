-- $1 org_id, $2 id, $3 name, $4 type, $5 config, $6 sealed secret, $7 most channels of the plan, $8 time. No row where
-- the plan's are used up: counting and adding are one statement.
WITH counted AS (
  INSERT INTO plan_counts AS c (org_id, what, count) VALUES ($1, 'notification_channels', 1)
  ON CONFLICT (org_id, what) DO UPDATE SET count = c.count + 1 WHERE c.count < $7
  RETURNING c.org_id
)
INSERT INTO notification_channels (org_id, id, name, channel_type, config, secret, created_at, updated_at)
SELECT counted.org_id, $2, $3, $4, $5, $6, $8, $8 FROM counted
RETURNING id;
