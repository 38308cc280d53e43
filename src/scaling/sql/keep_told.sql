-- $1 org_id, $2 target, $3 replicas, $4 how often its channels were told with this.
UPDATE scaling_targets SET told_replicas = $3, told_sequence = $4 WHERE org_id = $1 AND id = $2;
