-- $1 org_id, $2 id, $3 name, $4 metric, $5 labels, $6 match, $7 condition, $8 threshold, $9 direction, $10 horizon,
-- $11 probability, $12 sensitivity, $13 for seconds, $14 severity, $15 enabled, $16 time.
UPDATE alert_rules
SET name = $3, metric_name = $4, labels = $5, match = $6, condition = $7, threshold = $8, direction = $9,
    horizon_minutes = $10, probability = $11, sensitivity = $12, for_seconds = $13, severity = $14, enabled = $15,
    updated_at = $16, state_version = state_version + 1, evaluated_at = NULL, evaluation_error = NULL
WHERE org_id = $1 AND id = $2;
