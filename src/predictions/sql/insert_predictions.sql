-- $1 org_id, $2 now, then arrays of the same length: $3 ids, $4 times, $5 origins, $6 models or '', $7 metrics, $8 labels,
-- $9 values, $10 lower, $11 upper, $12 levels, $13 horizons in minutes, $14 steps in milliseconds. A model that is gone
-- is left out.
INSERT INTO predictions (org_id, id, time, origin, model_id, metric_name, labels, predicted_value, confidence_lower,
                         confidence_upper, level, horizon_minutes, step_ms, created_at)
SELECT $1, t.id::uuid, t.time::timestamptz, t.origin::timestamptz,
       (SELECT m.id FROM models m WHERE m.org_id = $1 AND m.id = NULLIF(t.model, '')::uuid), t.metric, t.labels::jsonb,
       t.value::double precision, t.lower::double precision, t.upper::double precision, t.level::double precision,
       t.horizon::integer, t.step::bigint, $2::timestamptz
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
            $11::text[], $12::text[], $13::text[], $14::text[])
  AS t (id, time, origin, model, metric, labels, value, lower, upper, level, horizon, step);
