-- $1 org_id, $2 metric, $3 state, $4 first time, $5 last time (each or NULL), $6 limit, $7 offset. Newest first.
SELECT id, time, origin, model_id, metric_name, labels, predicted_value, confidence_lower, confidence_upper, level,
       horizon_minutes, actual_value, state, created_at
FROM predictions
WHERE org_id = $1
  AND ($2::text IS NULL OR metric_name = $2) AND ($3::text IS NULL OR state = $3)
  AND ($4::timestamptz IS NULL OR time >= $4) AND ($5::timestamptz IS NULL OR time <= $5)
ORDER BY time DESC, id DESC LIMIT $6 OFFSET $7;
