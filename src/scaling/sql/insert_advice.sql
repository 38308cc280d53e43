-- $1 org_id, $2 target, $3 time, $4 replicas, $5 needed, $6 load, $7 mode.
INSERT INTO scaling_advice (org_id, target_id, time, replicas, needed, load, mode)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING;
