-- SPDX-License-Identifier: LicenseRef-Helios-Commercial
-- release: 1
--
-- A tenant's own tables: in the schema "shared" for starters, in a schema or a database of its own above that. They
-- refer to nothing in the directory: users are bare ids. Every key starts with org_id, also where the schema holds
-- one tenant only, so that a tenant moves without rewriting a row.

DO $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO helios_app', current_schema());
END
$$;
GRANT SELECT ON schema_migrations TO helios_app;

-- A version of the model of one target metric: one artifact with every series' parameters.
CREATE TABLE models (
  org_id          uuid         NOT NULL,
  id              uuid         NOT NULL,
  name            varchar(255) NOT NULL,
  model_type      varchar(50)  NOT NULL,
  target_metric   varchar(255) NOT NULL,
  version         integer      NOT NULL CHECK (version >= 1),
  status          varchar(50)  NOT NULL DEFAULT 'candidate'
                  CHECK (status IN ('candidate', 'active', 'retired', 'withdrawn')),
  artifact_path   varchar(500),
  metrics         jsonb        NOT NULL DEFAULT '{}',  -- mase, smape, mae, coverage
  training_start  timestamptz,
  training_end    timestamptz,
  trained_at      timestamptz  NOT NULL DEFAULT now(),
  created_at      timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  CONSTRAINT models_version_key UNIQUE (org_id, target_metric, version)
);

-- Forecasts that someone asked for; `time` is the moment forecast, `origin` the newest sample known then.
CREATE TABLE predictions (
  org_id            uuid             NOT NULL,
  id                uuid             NOT NULL,
  time              timestamptz      NOT NULL,
  origin            timestamptz,
  model_id          uuid,
  metric_name       varchar(255)     NOT NULL,
  labels            jsonb            NOT NULL DEFAULT '{}',
  predicted_value   double precision NOT NULL,
  confidence_lower  double precision,
  confidence_upper  double precision,
  level             double precision CHECK (level > 0 AND level < 1),
  horizon_minutes   integer          NOT NULL CHECK (horizon_minutes > 0),
  actual_value      double precision,
  created_at        timestamptz      NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, model_id) REFERENCES models (org_id, id) ON DELETE SET NULL (model_id)
);
CREATE INDEX predictions_time_idx ON predictions (org_id, time DESC);
CREATE INDEX predictions_metric_idx ON predictions (org_id, metric_name, time DESC);
CREATE INDEX predictions_model_idx ON predictions (org_id, model_id);

CREATE TABLE alert_rules (
  org_id           uuid             NOT NULL,
  id               uuid             NOT NULL,
  name             varchar(255)     NOT NULL,
  metric_name      varchar(255)     NOT NULL,
  labels           jsonb            NOT NULL DEFAULT '{}',
  condition        varchar(50)      NOT NULL,
  threshold        double precision,
  horizon_minutes  integer          CHECK (horizon_minutes > 0),
  severity         varchar(20)      NOT NULL DEFAULT 'medium'
                   CHECK (severity IN ('low', 'medium', 'high', 'critical')),
  enabled          boolean          NOT NULL DEFAULT true,
  created_at       timestamptz      NOT NULL DEFAULT now(),
  updated_at       timestamptz      NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id)
);

-- A stretch of a rule being true, or anomalies that began together.
CREATE TABLE incidents (
  org_id           uuid         NOT NULL,
  id               uuid         NOT NULL,
  title            varchar(255) NOT NULL,
  severity         varchar(20)  NOT NULL DEFAULT 'medium' CHECK (severity IN ('low', 'medium', 'high', 'critical')),
  status           varchar(50)  NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'acknowledged', 'resolved')),
  alert_rule_id    uuid,
  acknowledged_by  uuid,
  started_at       timestamptz  NOT NULL,
  resolved_at      timestamptz,
  created_at       timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, alert_rule_id) REFERENCES alert_rules (org_id, id) ON DELETE SET NULL (alert_rule_id)
);
CREATE INDEX incidents_started_idx ON incidents (org_id, started_at DESC);
CREATE INDEX incidents_rule_idx ON incidents (org_id, alert_rule_id);

CREATE TABLE anomalies (
  org_id           uuid             NOT NULL,
  id               uuid             NOT NULL,
  series_key       varchar(64)      NOT NULL,  -- a digest of metric and labels, in hex
  metric_name      varchar(255)     NOT NULL,
  labels           jsonb            NOT NULL DEFAULT '{}',
  started_at       timestamptz      NOT NULL,
  ended_at         timestamptz,
  detected_at      timestamptz      NOT NULL,
  value            double precision NOT NULL,
  expected_value   double precision,
  lower            double precision,
  upper            double precision,
  anomaly_score    double precision NOT NULL CHECK (anomaly_score BETWEEN 0 AND 1),
  severity         varchar(20)      NOT NULL DEFAULT 'medium'
                   CHECK (severity IN ('low', 'medium', 'high', 'critical')),
  status           varchar(50)      NOT NULL DEFAULT 'open'
                   CHECK (status IN ('open', 'acknowledged', 'resolved', 'false_positive')),
  incident_id      uuid,
  acknowledged_by  uuid,
  resolved_at      timestamptz,
  PRIMARY KEY (org_id, id),
  CONSTRAINT anomalies_start_key UNIQUE (org_id, series_key, started_at),
  FOREIGN KEY (org_id, incident_id) REFERENCES incidents (org_id, id) ON DELETE SET NULL (incident_id)
);
CREATE INDEX anomalies_status_idx ON anomalies (org_id, status);
CREATE INDEX anomalies_detected_idx ON anomalies (org_id, detected_at DESC);
CREATE INDEX anomalies_incident_idx ON anomalies (org_id, incident_id);

CREATE TABLE notification_channels (
  org_id        uuid         NOT NULL,
  id            uuid         NOT NULL,
  name          varchar(255) NOT NULL,
  channel_type  varchar(50)  NOT NULL,
  config        jsonb        NOT NULL,  -- secrets in it are encrypted before they get here
  enabled       boolean      NOT NULL DEFAULT true,
  created_at    timestamptz  NOT NULL DEFAULT now(),
  updated_at    timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id)
);

CREATE TABLE dashboards (
  org_id      uuid         NOT NULL,
  id          uuid         NOT NULL,
  name        varchar(255) NOT NULL,
  layout      jsonb        NOT NULL DEFAULT '{}',
  created_by  uuid,
  created_at  timestamptz  NOT NULL DEFAULT now(),
  updated_at  timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id)
);

-- What is scaled, and how it may be; see POST /recommend.
CREATE TABLE scaling_targets (
  org_id                uuid             NOT NULL,
  id                    uuid             NOT NULL,
  name                  varchar(255)     NOT NULL,
  metric_name           varchar(255)     NOT NULL,
  labels                jsonb            NOT NULL DEFAULT '{}',
  per_replica_capacity  double precision NOT NULL CHECK (per_replica_capacity > 0),
  min_replicas          integer          NOT NULL DEFAULT 1 CHECK (min_replicas >= 0),
  max_replicas          integer          NOT NULL,
  startup_seconds       integer          NOT NULL DEFAULT 60 CHECK (startup_seconds >= 0),
  max_violation_ratio   double precision NOT NULL DEFAULT 0.01 CHECK (max_violation_ratio BETWEEN 0 AND 1),
  enabled               boolean          NOT NULL DEFAULT true,
  created_at            timestamptz      NOT NULL DEFAULT now(),
  updated_at            timestamptz      NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  CHECK (max_replicas >= min_replicas)
);

-- Who did what: a change in the transaction that made it, or calls counted per actor and minute. Nobody who serves
-- may alter or remove a row. People stand in it by id.
CREATE TABLE audit_log (
  org_id       uuid         NOT NULL,
  id           uuid         NOT NULL,
  time         timestamptz  NOT NULL DEFAULT now(),
  kind         varchar(20)  NOT NULL DEFAULT 'change' CHECK (kind IN ('change', 'access')),
  actor_type   varchar(20)  NOT NULL CHECK (actor_type IN ('user', 'api_key', 'system')),
  actor_id     uuid,
  action       varchar(200) NOT NULL,  -- "alert_rule.create", or the route of a call
  target_type  varchar(50),
  target_id    uuid,
  status       integer,                -- HTTP status of a call
  count        bigint       NOT NULL DEFAULT 1 CHECK (count >= 1),
  request_id   varchar(100),
  details      jsonb        NOT NULL DEFAULT '{}',
  PRIMARY KEY (org_id, id)
);
CREATE INDEX audit_log_time_idx ON audit_log (org_id, time DESC);

-- Effects that leave after commit; a relay carries them to jobs, at least once, by id.
CREATE TABLE outbox (
  org_id      uuid         NOT NULL,
  id          uuid         NOT NULL,
  kind        varchar(100) NOT NULL,
  payload     jsonb        NOT NULL DEFAULT '{}',
  created_at  timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id)
);
CREATE INDEX outbox_created_idx ON outbox (org_id, created_at);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['models', 'predictions', 'alert_rules', 'incidents', 'anomalies', 'notification_channels',
                              'dashboards', 'scaling_targets', 'audit_log', 'outbox'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant_isolation ON %I '
                   'USING (org_id = NULLIF(current_setting(''app.current_tenant'', true), '''')::uuid) '
                   'WITH CHECK (org_id = NULLIF(current_setting(''app.current_tenant'', true), '''')::uuid)', name);
  END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE, DELETE
  ON models, predictions, alert_rules, incidents, anomalies, notification_channels, dashboards, scaling_targets,
     outbox
  TO helios_app;
GRANT SELECT, INSERT ON audit_log TO helios_app;
