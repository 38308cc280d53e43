-- $1 org_id, $2 the minute. The targets that nobody has evaluated for it, claimed; also those that a clock that was ahead
-- evaluated.
UPDATE scaling_targets SET evaluated_at = $2::timestamptz
WHERE org_id = $1 AND enabled
  AND (evaluated_at IS NULL OR evaluated_at < $2::timestamptz
       OR evaluated_at > $2::timestamptz + interval '5 minutes')
RETURNING id, name, metric_name, labels, per_replica_capacity, min_replicas, max_replicas, startup_seconds, max_violation_ratio,
       max_short_time_ratio, cost_per_replica_hour, currency, mode, enabled, policy, replay, replayed_at, advised_at,
       replicas, needed, load, failure, created_at, updated_at,
       all_webhooks,
       (SELECT COALESCE(string_agg(c.channel_id::text, ' ' ORDER BY c.channel_id), '')
        FROM scaling_target_channels c WHERE c.org_id = $1 AND c.target_id = scaling_targets.id) AS channels;
