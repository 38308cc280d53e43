-- SPDX-License-Identifier: LicenseRef-Helios-Commercial
-- release: 2
--
-- What is advised about scaling targets, minute by minute, and by which policy.

ALTER TABLE scaling_targets
  ADD COLUMN max_short_time_ratio   double precision NOT NULL DEFAULT 1 CHECK (max_short_time_ratio BETWEEN 0 AND 1),
  ADD COLUMN cost_per_replica_hour  double precision CHECK (cost_per_replica_hour >= 0),
  ADD COLUMN currency               varchar(3),
  ADD COLUMN mode                   varchar(20)      NOT NULL DEFAULT 'advise' CHECK (mode IN ('shadow', 'advise')),
  ADD COLUMN policy                 jsonb,        -- chosen on the target's own history; NULL until it is
  ADD COLUMN replay                 jsonb,        -- what the choice was made by, as in the answer to POST /recommend
  ADD COLUMN replayed_at            timestamptz,
  ADD COLUMN evaluated_at           timestamptz,  -- the minute that was claimed last
  ADD COLUMN advised_at             timestamptz,  -- the last evaluation that succeeded
  ADD COLUMN replicas               integer,      -- of that
  ADD COLUMN needed                 integer,
  ADD COLUMN load                   double precision,
  ADD COLUMN failure                jsonb;        -- {"code", "detail"} of the last one, where it failed

-- What was advised, or would have been: a row for each change.
CREATE TABLE scaling_advice (
  org_id     uuid             NOT NULL,
  target_id  uuid             NOT NULL,
  time       timestamptz      NOT NULL,
  replicas   integer          NOT NULL,
  needed     integer          NOT NULL,
  load       double precision NOT NULL,
  mode       varchar(20)      NOT NULL,
  PRIMARY KEY (org_id, target_id, time),
  FOREIGN KEY (org_id, target_id) REFERENCES scaling_targets (org_id, id) ON DELETE CASCADE
);
ALTER TABLE scaling_advice ENABLE ROW LEVEL SECURITY;
ALTER TABLE scaling_advice FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON scaling_advice
  USING (org_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid)
  WITH CHECK (org_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON scaling_advice TO helios_app;
