-- $1 org_id, $2 id, $3 payload, $4 time. The same message again stays one.
INSERT INTO outbox (org_id, id, kind, payload, created_at) VALUES ($1, $2, 'notify.message', $3, $4) ON CONFLICT DO NOTHING;
