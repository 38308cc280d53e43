-- $1 org_id. One row; NULL for what is not set, or is no number.
SELECT CASE WHEN jsonb_typeof(settings -> 'raw_retention_days') = 'number'
            THEN (settings ->> 'raw_retention_days')::double precision END AS raw_days,
       CASE WHEN jsonb_typeof(settings -> 'rollup_retention_days') = 'number'
            THEN (settings ->> 'rollup_retention_days')::double precision END AS rollup_days
FROM organizations WHERE id = $1;
