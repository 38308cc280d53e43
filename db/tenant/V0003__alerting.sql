-- SPDX-License-Identifier: LicenseRef-Helios-Commercial
-- release: 2
--
-- Alert rules that are evaluated, the incidents they raise, and messages on their way to a tenant's own addresses.

-- A tenant's data key, sealed with one version of the master key: what seals the tenant's secrets.
CREATE TABLE data_keys (
  org_id          uuid         NOT NULL,
  id              uuid         NOT NULL,
  master_version  integer      NOT NULL CHECK (master_version >= 1),
  sealed          text         NOT NULL,  -- base64 of nonce, key and tag
  created_at      timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id)
);

-- How many there are of what a plan limits, counted in the statement that adds one.
CREATE TABLE plan_counts (
  org_id  uuid         NOT NULL,
  what    varchar(50)  NOT NULL,  -- "notification_channels", "alert_rules"
  count   bigint       NOT NULL CHECK (count >= 0),
  PRIMARY KEY (org_id, what)
);

ALTER TABLE notification_channels
  ADD COLUMN secret                 text,         -- sealed; signs each message
  ADD COLUMN previous_secret        text,         -- sealed; signs too, while receivers learn the new one
  ADD COLUMN previous_secret_until  timestamptz,
  ADD COLUMN disabled_reason        varchar(50);  -- why Helios itself disabled it: "gone"
CREATE INDEX notification_channels_created_idx ON notification_channels (org_id, created_at DESC, id DESC);

-- One message to one channel. It is tried until it arrives, is given up, or its channel is gone.
CREATE TABLE notification_deliveries (
  org_id           uuid          NOT NULL,
  id               uuid          NOT NULL,
  channel_id       uuid          NOT NULL,
  message_id       varchar(100)  NOT NULL,  -- what the receiver sees; the same for each attempt
  message_type     varchar(100)  NOT NULL,  -- "incident.opened"
  body             text          NOT NULL,
  status           varchar(20)   NOT NULL DEFAULT 'pending'
                   CHECK (status IN ('pending', 'delivered', 'failed', 'cancelled')),
  attempts         integer       NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  tries            integer       NOT NULL DEFAULT 0 CHECK (tries >= 0),  -- since it was last asked for: the schedule's step
  next_attempt_at  timestamptz   DEFAULT now(),  -- NULL once it has ended
  lease_until      timestamptz,                  -- somebody tries it now
  created_at       timestamptz   NOT NULL DEFAULT now(),
  finished_at      timestamptz,
  PRIMARY KEY (org_id, id),
  CONSTRAINT notification_deliveries_message_key UNIQUE (org_id, channel_id, message_id),
  FOREIGN KEY (org_id, channel_id) REFERENCES notification_channels (org_id, id) ON DELETE CASCADE
);
CREATE INDEX notification_deliveries_due_idx ON notification_deliveries (org_id, next_attempt_at)
  WHERE next_attempt_at IS NOT NULL;
CREATE INDEX notification_deliveries_created_idx ON notification_deliveries (org_id, channel_id, created_at DESC, id DESC);

CREATE TABLE notification_attempts (
  org_id       uuid          NOT NULL,
  delivery_id  uuid          NOT NULL,
  number       integer       NOT NULL CHECK (number >= 1),
  started_at   timestamptz   NOT NULL,
  http_status  integer,                -- NULL: no answer came
  latency_ms   bigint        NOT NULL CHECK (latency_ms >= 0),
  error        varchar(500),           -- NULL: it was taken
  PRIMARY KEY (org_id, delivery_id, number),
  FOREIGN KEY (org_id, delivery_id) REFERENCES notification_deliveries (org_id, id) ON DELETE CASCADE
);

ALTER TABLE alert_rules
  ADD COLUMN match              varchar(8192)     NOT NULL DEFAULT '',  -- beside labels: {host=~"web.*"}
  ADD COLUMN for_seconds        integer           NOT NULL DEFAULT 0 CHECK (for_seconds BETWEEN 0 AND 86400),
  ADD COLUMN direction          varchar(10)       NOT NULL DEFAULT 'above' CHECK (direction IN ('above', 'below')),
  ADD COLUMN probability        double precision  CHECK (probability > 0 AND probability < 1),
  ADD COLUMN sensitivity        double precision  CHECK (sensitivity BETWEEN 0 AND 5),
  ADD COLUMN state_version      bigint            NOT NULL DEFAULT 0,  -- rises with each evaluation and each change
  ADD COLUMN evaluated_at       timestamptz,
  ADD COLUMN evaluation_error   varchar(500),
  ADD COLUMN firing_since       timestamptz,      -- of the stretch in progress
  ADD COLUMN incident_id        uuid,             -- of it
  ADD CONSTRAINT alert_rules_condition_check
    CHECK (condition IN ('above', 'below', 'outside_expected', 'no_data', 'forecast_breach')) NOT VALID;
CREATE INDEX alert_rules_created_idx ON alert_rules (org_id, created_at DESC, id DESC);

CREATE TABLE alert_rule_channels (
  org_id      uuid  NOT NULL,
  rule_id     uuid  NOT NULL,
  channel_id  uuid  NOT NULL,
  PRIMARY KEY (org_id, rule_id, channel_id),
  FOREIGN KEY (org_id, rule_id) REFERENCES alert_rules (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, channel_id) REFERENCES notification_channels (org_id, id) ON DELETE CASCADE
);
CREATE INDEX alert_rule_channels_channel_idx ON alert_rule_channels (org_id, channel_id);

-- How far the evaluation of a rule is with one series.
CREATE TABLE alert_rule_states (
  org_id       uuid              NOT NULL,
  rule_id      uuid              NOT NULL,
  series_key   varchar(64)       NOT NULL,  -- a digest of metric and labels, in hex
  metric_name  varchar(255)      NOT NULL,
  labels       jsonb             NOT NULL DEFAULT '{}',
  state        varchar(10)       NOT NULL DEFAULT 'ok' CHECK (state IN ('ok', 'pending', 'firing')),
  since        timestamptz,                 -- the stretch's first sample for which the condition held
  last_time    timestamptz,                 -- the newest sample that was judged
  value        double precision,            -- the newest judged; of a forecast, the one that breaches
  excess       double precision  NOT NULL DEFAULT 0,  -- the stretch's largest
  PRIMARY KEY (org_id, rule_id, series_key),
  FOREIGN KEY (org_id, rule_id) REFERENCES alert_rules (org_id, id) ON DELETE CASCADE
);

-- The series of an alert rule's incident.
CREATE TABLE incident_series (
  org_id       uuid              NOT NULL,
  incident_id  uuid              NOT NULL,
  series_key   varchar(64)       NOT NULL,
  metric_name  varchar(255)      NOT NULL,
  labels       jsonb             NOT NULL DEFAULT '{}',
  started_at   timestamptz       NOT NULL,
  ended_at     timestamptz,
  value        double precision,            -- when it began to fire
  excess       double precision  NOT NULL DEFAULT 0,  -- how far beyond the condition; the series are ranked by it
  PRIMARY KEY (org_id, incident_id, series_key, started_at),
  FOREIGN KEY (org_id, incident_id) REFERENCES incidents (org_id, id) ON DELETE CASCADE
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['data_keys', 'plan_counts', 'notification_deliveries', 'notification_attempts',
                              'alert_rule_channels', 'alert_rule_states', 'incident_series'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant_isolation ON %I '
                   'USING (org_id = NULLIF(current_setting(''app.current_tenant'', true), '''')::uuid) '
                   'WITH CHECK (org_id = NULLIF(current_setting(''app.current_tenant'', true), '''')::uuid)', name);
  END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE, DELETE
  ON plan_counts, notification_deliveries, notification_attempts, alert_rule_channels, alert_rule_states,
     incident_series
  TO helios_app;
GRANT SELECT, INSERT, UPDATE ON data_keys TO helios_app;
