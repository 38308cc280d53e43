-- $1 org_id, $2 limit. Messages to be carried on, oldest first; those that another process has at hand are left to it.
SELECT id, payload->>'message_id' AS message_id, payload->>'type' AS type, payload->>'body' AS body,
       ARRAY(SELECT jsonb_array_elements_text(payload->'channels'))::text AS channels
FROM outbox WHERE org_id = $1 AND kind = 'notify.message' ORDER BY created_at, id LIMIT $2 FOR UPDATE SKIP LOCKED;
