-- $1 org_id. One row; NULL for what is not set, or is no number.
SELECT timezone,
       CASE WHEN jsonb_typeof(settings -> 'anomaly_sensitivity') = 'number'
            THEN (settings ->> 'anomaly_sensitivity')::double precision END AS sensitivity,
       CASE WHEN jsonb_typeof(settings -> 'anomaly_budget_per_week') = 'number'
            THEN (settings ->> 'anomaly_budget_per_week')::double precision END AS budget
FROM organizations WHERE id = $1;
