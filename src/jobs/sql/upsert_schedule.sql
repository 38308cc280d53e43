-- $1 org_id, $2 id for a new one, $3 name, $4 kind, $5 payload, $6 cron, $7 time zone, $8 enabled, $9 time. Its id, and
-- whether it was there with the same times.
WITH before AS (
  SELECT cron, timezone, enabled FROM schedules WHERE org_id = $1 AND name = $3
), written AS (
  INSERT INTO schedules (org_id, id, name, kind, payload, cron, timezone, enabled, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
  ON CONFLICT (org_id, name) DO UPDATE
  SET kind = excluded.kind, payload = excluded.payload, cron = excluded.cron, timezone = excluded.timezone,
      enabled = excluded.enabled, updated_at = excluded.updated_at
  RETURNING id)
SELECT id, EXISTS (SELECT 1 FROM before WHERE cron = $6 AND timezone = $7 AND enabled = $8) AS same_times FROM written;
