-- $1 org_id, $2 limit, $3 offset. Newest first.
SELECT id, name, model_type, target_metric, version, status, artifact_path, artifact_deleted_at, metrics, trained_at,
       created_at
FROM models WHERE org_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3;
