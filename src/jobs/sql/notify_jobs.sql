-- $1 kind. Wakes every process that listens, when the transaction commits.
SELECT pg_notify('helios_jobs', $1);
