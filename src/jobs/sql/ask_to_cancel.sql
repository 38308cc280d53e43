-- $1 tenant, $2 job. Who runs it sees it with its next heartbeat; who leases it next, at once.
UPDATE job_queue SET cancel_requested = true WHERE tenant_id = $1 AND job_id = $2;
