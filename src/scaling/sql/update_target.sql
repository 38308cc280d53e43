-- $1 org_id, $2 id, then as insert_target up to $17. What was chosen and advised is of the target as it was, and goes; what
-- its channels were told stays. A row, or none.
UPDATE scaling_targets
SET name = $3::text, metric_name = $4::text, labels = $5::jsonb, per_replica_capacity = $6::double precision,
    min_replicas = $7::integer, max_replicas = $8::integer, startup_seconds = $9::integer,
    max_violation_ratio = $10::double precision, max_short_time_ratio = $11::double precision,
    cost_per_replica_hour = $12::double precision, currency = $13::text, mode = $14::text, enabled = $15::boolean,
    all_webhooks = $16::boolean, updated_at = $17::timestamptz, policy = NULL, replay = NULL, replayed_at = NULL,
    evaluated_at = NULL, advised_at = NULL, replicas = NULL, needed = NULL, load = NULL, failure = NULL
WHERE org_id = $1 AND id = $2
RETURNING id;
