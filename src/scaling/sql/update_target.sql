-- $1 org_id, $2 id, then as insert_target up to $16. What was chosen and advised is of the target as it was, and goes.
-- The row, or none.
UPDATE scaling_targets
SET name = $3::text, metric_name = $4::text, labels = $5::jsonb, per_replica_capacity = $6::double precision,
    min_replicas = $7::integer, max_replicas = $8::integer, startup_seconds = $9::integer,
    max_violation_ratio = $10::double precision, max_short_time_ratio = $11::double precision,
    cost_per_replica_hour = $12::double precision, currency = $13::text, mode = $14::text, enabled = $15::boolean,
    updated_at = $16::timestamptz, policy = NULL, replay = NULL, replayed_at = NULL, evaluated_at = NULL,
    advised_at = NULL, replicas = NULL, needed = NULL, load = NULL, failure = NULL
WHERE org_id = $1 AND id = $2
RETURNING id, name, metric_name, labels, per_replica_capacity, min_replicas, max_replicas, startup_seconds, max_violation_ratio,
       max_short_time_ratio, cost_per_replica_hour, currency, mode, enabled, policy, replay, replayed_at, advised_at,
       replicas, needed, load, failure, created_at, updated_at;
