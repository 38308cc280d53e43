-- $1 org_id; arrays of the same length: $2 ids, $3 times, $4 actor types, $5 actor ids, $6 operations, $7 statuses,
-- $8 counts, $9 request ids.
INSERT INTO audit_log (org_id, id, time, kind, actor_type, actor_id, action, status, count, request_id)
SELECT $1, id::uuid, time::timestamptz, 'access', actor_type, actor_id::uuid, action, status::integer, count::bigint,
       request_id
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
  AS rows (id, time, actor_type, actor_id, action, status, count, request_id);
