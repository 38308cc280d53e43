-- $1 org_id, $2 ids, $3 actual values, '' where there is none: arrays of the same length.
UPDATE predictions AS p
SET actual_value = NULLIF(t.value, '')::double precision, state = CASE WHEN t.value = '' THEN 'missed' ELSE 'met' END
FROM unnest($2::text[], $3::text[]) AS t (id, value)
WHERE p.org_id = $1 AND p.id = t.id::uuid AND p.state = 'waiting';
