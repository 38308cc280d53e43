-- $1 org_id, $2 id, $3 the minute claimed, $4 replicas, $5 needed, $6 load, $7 policy, $8 replay, $9 replayed at (NULL: as
-- they were), $10 now. The row's mode where the claim still holds, what was advised and told before; none where it does not.
WITH before AS (
  SELECT id, replicas FROM scaling_targets
  WHERE org_id = $1 AND id = $2 AND evaluated_at = $3::timestamptz FOR UPDATE
)
UPDATE scaling_targets AS target
SET advised_at = $10::timestamptz, replicas = $4::integer, needed = $5::integer, load = $6::double precision, failure = NULL,
    policy = COALESCE($7::jsonb, target.policy), replay = COALESCE($8::jsonb, target.replay),
    replayed_at = COALESCE($9::timestamptz, target.replayed_at)
FROM before
WHERE target.org_id = $1 AND target.id = before.id
RETURNING target.mode, before.replicas AS replicas_before, target.told_replicas, target.told_sequence;
