-- $1 org_id, $2 id. One row, or none.
SELECT id, name, model_type, target_metric, version, status, artifact_path, artifact_deleted_at, metrics, trained_at,
       created_at
FROM models WHERE org_id = $1 AND id = $2;
