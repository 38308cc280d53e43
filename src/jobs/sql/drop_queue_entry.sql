-- $1 tenant, $2 job.
DELETE FROM job_queue WHERE tenant_id = $1 AND job_id = $2;
