-- $1 org_id, $2 begin, $3 end, $4 source_id, $5 segments of it that are left out. A row for each hour and metric type.
SELECT time, metric_type, sum(quantity)::bigint AS quantity
FROM usage_records
WHERE org_id = $1 AND time >= $2 AND time < $3
  AND NOT (source_id = $4 AND segment = ANY ($5::text[]::bigint[]))
GROUP BY time, metric_type;
