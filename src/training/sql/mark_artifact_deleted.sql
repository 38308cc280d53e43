-- $1 org_id, $2 id, $3 now. Where its artifact lies; none where the version serves meanwhile.
UPDATE models SET artifact_deleted_at = $3
WHERE org_id = $1 AND id = $2 AND status IN ('retired', 'withdrawn') AND artifact_path IS NOT NULL
  AND artifact_deleted_at IS NULL
RETURNING artifact_path;
