-- $1 org_id, $2 time. When there is something to do next; NULL for nothing. An outbox row is due at once, and so is what a
-- clock that was ahead planned (see claim_delivery).
SELECT LEAST((SELECT min(CASE WHEN d.next_attempt_at > $2::timestamptz + interval '27 hours'
                                OR d.lease_until > $2::timestamptz + interval '10 minutes' THEN $2::timestamptz
                              ELSE GREATEST(d.next_attempt_at, COALESCE(d.lease_until, d.next_attempt_at)) END)
              FROM notification_deliveries d WHERE d.org_id = $1 AND d.next_attempt_at IS NOT NULL),
             (SELECT LEAST(min(o.created_at), $2::timestamptz) FROM outbox o WHERE o.org_id = $1 AND o.kind = 'notify.message' HAVING count(*) > 0)) AS due;
