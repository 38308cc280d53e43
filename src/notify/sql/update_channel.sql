-- $1 org_id, $2 id, $3 name, $4 url, $5 enabled (each or NULL to leave it), $6 time. One row, or none.
UPDATE notification_channels
SET name = COALESCE($3, name),
    config = CASE WHEN $4::text IS NULL THEN config ELSE jsonb_set(config, '{url}', to_jsonb($4::text)) END,
    enabled = COALESCE($5, enabled),
    disabled_reason = CASE WHEN $5::boolean THEN NULL ELSE disabled_reason END,
    updated_at = $6
WHERE org_id = $1 AND id = $2
RETURNING id;
