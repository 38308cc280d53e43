-- $1 org_id, $2 id of the mark.
UPDATE anomalies SET repeats = repeats + 1 WHERE org_id = $1 AND id = $2;
