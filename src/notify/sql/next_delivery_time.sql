-- $1 org_id. When there is something to do next; NULL for nothing. An outbox row is due at once.
SELECT LEAST((SELECT min(GREATEST(d.next_attempt_at, COALESCE(d.lease_until, d.next_attempt_at)))
              FROM notification_deliveries d WHERE d.org_id = $1 AND d.next_attempt_at IS NOT NULL),
             (SELECT min(o.created_at) FROM outbox o WHERE o.org_id = $1 AND o.kind = 'notify.message')) AS due;
