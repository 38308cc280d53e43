-- Arrays of one length: $1 kinds, $2 how many of each; $3 how many at most, $4 owner, $5 time, $6 the lease's end.
-- Tenants take turns: a job's place is how many of its tenant run already plus how many of its tenant are due before
-- it. Reads a few jobs of each tenant, however many it has. Jobs that another process leases right now are passed over. A
-- lease of more than an hour is none: a clock that was ahead made it.
WITH RECURSIVE tenants AS (
  (SELECT tenant_id FROM job_queue ORDER BY tenant_id LIMIT 1)
  UNION ALL
  SELECT (SELECT q.tenant_id FROM job_queue q WHERE q.tenant_id > t.tenant_id ORDER BY q.tenant_id LIMIT 1)
  FROM tenants t WHERE t.tenant_id IS NOT NULL
), running AS (
  SELECT tenant_id, count(*) AS held FROM job_queue
  WHERE lease_until BETWEEN $5 AND $5::timestamptz + interval '1 hour' GROUP BY tenant_id
), wanted AS (
  SELECT kind, slots::bigint AS slots FROM unnest($1::text[], $2::text[]) AS wanted (kind, slots)
), due AS (
  SELECT d.job_id, d.run_at, w.slots,
         COALESCE(r.held, 0) + row_number() OVER (PARTITION BY t.tenant_id ORDER BY d.run_at, d.job_id) AS place
  FROM tenants t
  CROSS JOIN wanted w
  CROSS JOIN LATERAL (
    SELECT q.job_id, q.run_at FROM job_queue q
    WHERE q.tenant_id = t.tenant_id AND q.kind = w.kind AND q.run_at <= $5
      AND (q.lease_until IS NULL OR q.lease_until < $5 OR q.lease_until > $5::timestamptz + interval '1 hour')
    ORDER BY q.run_at LIMIT w.slots + 16) d  -- more than wanted, for some are being leased
  LEFT JOIN running r ON r.tenant_id = t.tenant_id
  WHERE t.tenant_id IS NOT NULL
), locked AS (
  SELECT q.job_id, q.kind, due.place, due.run_at, due.slots
  FROM job_queue q JOIN due ON due.job_id = q.job_id
  WHERE q.run_at <= $5 AND (q.lease_until IS NULL OR q.lease_until < $5 OR q.lease_until > $5::timestamptz + interval '1 hour')
  ORDER BY due.place, due.run_at LIMIT $3
  FOR UPDATE OF q SKIP LOCKED
), picked AS (
  SELECT job_id FROM (
    SELECT job_id, slots, row_number() OVER (PARTITION BY kind ORDER BY place, run_at) AS nth FROM locked) AS numbered
  WHERE nth <= slots
)
UPDATE job_queue q SET attempts = q.attempts + 1, lease_owner = $4, lease_until = $6
FROM picked WHERE q.job_id = picked.job_id
RETURNING q.job_id, q.tenant_id, q.kind, q.attempts, q.max_attempts, q.cancel_requested;
