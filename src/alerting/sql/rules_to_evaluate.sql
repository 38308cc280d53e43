-- $1 org_id, $2 not evaluated since. Enabled rules, oldest first; also those that a clock that was ahead evaluated.
SELECT r.id, r.name, r.metric_name, r.labels, r.match, r.condition, r.threshold, r.direction, r.horizon_minutes, r.probability,
       r.sensitivity, r.for_seconds, r.severity, r.enabled, r.state_version, r.evaluated_at, r.evaluation_error,
       r.firing_since, r.incident_id, r.created_at, r.updated_at,
       (SELECT COALESCE(string_agg(c.channel_id::text, ' ' ORDER BY c.channel_id), '')
        FROM alert_rule_channels c WHERE c.org_id = $1 AND c.rule_id = r.id) AS channels
FROM alert_rules r
WHERE r.org_id = $1 AND r.enabled AND (r.evaluated_at IS NULL OR r.evaluated_at <= $2 OR r.evaluated_at > $2::timestamptz + interval '1 hour')
ORDER BY r.created_at, r.id;
