-- $1 org_id, $2 id of a new one, $3 target metric, $4 definition, $5 now, $6 most custom models. The row, whose id is
-- another where the metric had one; none where there are as many.
INSERT INTO custom_models (org_id, id, target_metric, definition, created_at, updated_at)
SELECT $1::uuid, $2::uuid, $3::text, $4::jsonb, $5::timestamptz, $5::timestamptz
WHERE (SELECT count(*) FROM custom_models WHERE org_id = $1::uuid) < $6::bigint
   OR EXISTS (SELECT 1 FROM custom_models WHERE org_id = $1::uuid AND target_metric = $3::text)
ON CONFLICT (org_id, target_metric) DO UPDATE SET definition = EXCLUDED.definition, updated_at = EXCLUDED.updated_at
RETURNING id, target_metric, definition, created_at, updated_at;
