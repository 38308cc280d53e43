-- $1 org_id, $2 id, $3 name, $4 model type, $5 target metric, $6 metrics, $7 history's start, $8 its end, $9 time.
-- One row, or none where another request registered the metric's first version meanwhile.
INSERT INTO models (org_id, id, name, model_type, target_metric, version, status, metrics, training_start, training_end,
                    trained_at, created_at)
VALUES ($1, $2, $3, $4, $5, 1, 'active', $6, $7, $8, $9, $9)
ON CONFLICT (org_id, target_metric, version) DO NOTHING
RETURNING id;
