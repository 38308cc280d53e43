-- $1 org_id, $2 limit, $3 offset. Newest first.
SELECT id, name, metric_name, labels, per_replica_capacity, min_replicas, max_replicas, startup_seconds, max_violation_ratio,
       max_short_time_ratio, cost_per_replica_hour, currency, mode, enabled, policy, replay, replayed_at, advised_at,
       replicas, needed, load, failure, created_at, updated_at,
       all_webhooks,
       (SELECT COALESCE(string_agg(c.channel_id::text, ' ' ORDER BY c.channel_id), '')
        FROM scaling_target_channels c WHERE c.org_id = $1 AND c.target_id = scaling_targets.id) AS channels
FROM scaling_targets WHERE org_id = $1
ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3;
