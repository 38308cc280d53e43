-- $1 org_id, $2 id, $3 name, $4 model type, $5 target metric, $6 version, $7 artifact, $8 metrics, $9 history's start,
-- $10 its end, $11 time.
INSERT INTO models (org_id, id, name, model_type, target_metric, version, status, artifact_path, metrics,
                    training_start, training_end, trained_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, 'candidate', $7, $8, $9, $10, $11, $11);
