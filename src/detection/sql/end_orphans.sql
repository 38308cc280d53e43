-- $1 org_id, $2 now. Ends every anomaly that is under way, at the newest sample known of it.
UPDATE anomalies SET ended_at = COALESCE(last_at, started_at), updated_at = $2 WHERE org_id = $1 AND ended_at IS NULL;
