-- $1 org_id, $2 how many retired versions of a metric keep theirs, $3 those trained since do too, $4 how many at most.
SELECT id, target_metric FROM (
  SELECT id, target_metric, trained_at,
         row_number() OVER (PARTITION BY target_metric ORDER BY version DESC) AS place
  FROM models
  WHERE org_id = $1 AND status IN ('retired', 'withdrawn') AND artifact_path IS NOT NULL
    AND artifact_deleted_at IS NULL) AS spent
WHERE place > $2::bigint AND trained_at < $3::timestamptz
ORDER BY trained_at LIMIT $4::bigint;
