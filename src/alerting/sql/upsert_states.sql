-- $1 org_id, $2 rule, $3 series keys, $4 metrics, $5 labels, $6 states, $7 since or '', $8 last times or '', $9 values,
-- $10 excesses: arrays of the same length.
INSERT INTO alert_rule_states (org_id, rule_id, series_key, metric_name, labels, state, since, last_time, value, excess)
SELECT $1, $2, t.series_key, t.metric, t.labels::jsonb, t.state, NULLIF(t.since, '')::timestamptz,
       NULLIF(t.last_time, '')::timestamptz, t.value::double precision, t.excess::double precision
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
  AS t (series_key, metric, labels, state, since, last_time, value, excess)
ON CONFLICT (org_id, rule_id, series_key) DO UPDATE
SET state = excluded.state, since = excluded.since, last_time = excluded.last_time, value = excluded.value,
    excess = excluded.excess;
