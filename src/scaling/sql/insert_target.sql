-- $1 org_id, $2 id, $3 name, $4 metric, $5 labels, $6 capacity, $7 min, $8 max, $9 startup, $10 of load, $11 of time,
-- $12 cost, $13 currency, $14 mode, $15 enabled, $16 all webhooks, $17 now, $18 most targets. A row; none where there are
-- as many.
INSERT INTO scaling_targets (org_id, id, name, metric_name, labels, per_replica_capacity, min_replicas, max_replicas,
                             startup_seconds, max_violation_ratio, max_short_time_ratio, cost_per_replica_hour,
                             currency, mode, enabled, all_webhooks, created_at, updated_at)
SELECT $1::uuid, $2::uuid, $3::text, $4::text, $5::jsonb, $6::double precision, $7::integer, $8::integer, $9::integer,
       $10::double precision, $11::double precision, $12::double precision, $13::text, $14::text, $15::boolean,
       $16::boolean, $17::timestamptz, $17::timestamptz
WHERE (SELECT count(*) FROM scaling_targets WHERE org_id = $1::uuid) < $18::bigint
RETURNING id;
