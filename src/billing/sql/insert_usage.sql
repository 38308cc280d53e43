-- $1 org_id, $2 source_id; arrays of the same length: $3 segments, $4 metric types, $5 hours, $6 quantities. A row that
-- is there already stays as it is: its name is the count's, so it is the same count.
INSERT INTO usage_records (org_id, source_id, segment, metric_type, time, quantity)
SELECT $1, $2, segment::bigint, metric_type, time::timestamptz, quantity::bigint
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) AS rows (segment, metric_type, time, quantity)
ON CONFLICT DO NOTHING;
