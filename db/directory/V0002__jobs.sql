-- SPDX-License-Identifier: LicenseRef-Helios-Commercial
-- release: 1
--
-- Jobs that are retried, cancelled, deduplicated and run by schedules. jobs says what became of a job and is the truth
-- about who may still write its outcome: attempts is the number of the attempt that holds it. job_queue says which job
-- is due and who has it on lease; it is read before a tenant is known.

ALTER TABLE jobs
  DROP CONSTRAINT jobs_status_check,
  ADD CONSTRAINT jobs_status_check
    CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'dead', 'cancelled')),
  ADD COLUMN attempts         integer NOT NULL DEFAULT 0,  -- the newest one's number; rises for ever, also over requeues
  ADD COLUMN max_attempts     integer NOT NULL DEFAULT 5 CHECK (max_attempts >= 1),  -- of one enqueue or requeue
  ADD COLUMN idempotency_key  varchar(255),  -- with the kind: one job for as long as the row is kept
  ADD COLUMN pending_key      varchar(255),  -- with the kind: one job that is queued or running
  ADD COLUMN run_at           timestamptz,   -- not before; NULL: written before this column was there
  ADD COLUMN progress_note    varchar(500),  -- what is done, in words
  ADD COLUMN seconds_left     bigint;        -- as estimated when progress was last told
CREATE UNIQUE INDEX jobs_idempotency_key ON jobs (org_id, kind, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX jobs_pending_key ON jobs (org_id, kind, pending_key)
  WHERE pending_key IS NOT NULL AND status IN ('queued', 'running');
CREATE INDEX jobs_status_idx ON jobs (org_id, status, created_at DESC);
CREATE INDEX jobs_finished_idx ON jobs (org_id, finished_at) WHERE finished_at IS NOT NULL;

ALTER TABLE job_queue
  ADD COLUMN max_attempts      integer NOT NULL DEFAULT 5,  -- the attempt of this number is the last one
  ADD COLUMN cancel_requested  boolean NOT NULL DEFAULT false;
-- Finds each tenant that waits without reading all of its jobs.
CREATE INDEX job_queue_fair_idx ON job_queue (tenant_id, kind, run_at);
CREATE INDEX job_queue_lease_idx ON job_queue (lease_until) WHERE lease_until IS NOT NULL;
GRANT UPDATE (max_attempts, cancel_requested) ON job_queue TO helios_app;

-- What a tenant has done again and again. When the next time is, is schedule_queue's business.
CREATE TABLE schedules (
  org_id        uuid         NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  id            uuid         NOT NULL,
  name          varchar(100) NOT NULL,
  kind          varchar(100) NOT NULL,  -- of the jobs it makes
  payload       jsonb        NOT NULL DEFAULT '{}',
  cron          varchar(200) NOT NULL,
  timezone      text         NOT NULL DEFAULT 'UTC',  -- IANA name
  enabled       boolean      NOT NULL DEFAULT true,
  last_tick_at  timestamptz,
  created_at    timestamptz  NOT NULL DEFAULT now(),
  updated_at    timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  CONSTRAINT schedules_name_key UNIQUE (org_id, name)
);

-- Read by every process before a tenant is known, and holds no customer data; written by its tenant alone.
CREATE TABLE schedule_queue (
  schedule_id  uuid  PRIMARY KEY,
  tenant_id    uuid  NOT NULL,
  due_at       timestamptz,  -- NULL: never
  FOREIGN KEY (tenant_id, schedule_id) REFERENCES schedules (org_id, id) ON DELETE CASCADE
);
CREATE INDEX schedule_queue_due_idx ON schedule_queue (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX schedule_queue_schedule_idx ON schedule_queue (tenant_id, schedule_id);

ALTER TABLE schedules ENABLE ROW LEVEL SECURITY;
ALTER TABLE schedules FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON schedules
  USING (org_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid)
  WITH CHECK (org_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid);

ALTER TABLE schedule_queue ENABLE ROW LEVEL SECURITY;
ALTER TABLE schedule_queue FORCE ROW LEVEL SECURITY;
CREATE POLICY read_all ON schedule_queue FOR SELECT USING (true);
CREATE POLICY insert_own ON schedule_queue FOR INSERT
  WITH CHECK (tenant_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid);
CREATE POLICY update_own ON schedule_queue FOR UPDATE
  USING (tenant_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON schedules TO helios_app;
GRANT SELECT, INSERT                 ON schedule_queue TO helios_app;
GRANT UPDATE (due_at)                ON schedule_queue TO helios_app;
