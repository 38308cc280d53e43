-- $1 org_id, $2 target metric. The newest active version, or none.
SELECT id, name, model_type, target_metric, version, status, artifact_path, artifact_deleted_at, metrics, trained_at,
       created_at
FROM models WHERE org_id = $1 AND target_metric = $2 AND status = 'active' ORDER BY version DESC LIMIT 1;
