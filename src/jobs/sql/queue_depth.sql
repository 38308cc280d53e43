-- $1 time. Of each kind: jobs that wait, that run, and the age of the longest due that waits, in seconds.
SELECT kind,
       count(*) FILTER (WHERE lease_until IS NULL OR lease_until < $1) AS waiting,
       count(*) FILTER (WHERE lease_until >= $1) AS running,
       COALESCE(extract(epoch FROM $1::timestamptz - min(run_at) FILTER (
         WHERE run_at <= $1 AND (lease_until IS NULL OR lease_until < $1))), 0)::double precision AS oldest_due_seconds
FROM job_queue GROUP BY kind;
