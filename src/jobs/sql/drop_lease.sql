-- $1 tenant, $2 job, $3 attempt. For a job that is at its end already.
DELETE FROM job_queue WHERE tenant_id = $1 AND job_id = $2 AND attempts = $3;
