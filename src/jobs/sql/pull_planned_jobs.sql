-- $1 time. Jobs that a clock ahead of it planned: no wait of a job is as long as an hour.
UPDATE job_queue SET run_at = $1::timestamptz WHERE run_at > $1::timestamptz + interval '1 hour';
