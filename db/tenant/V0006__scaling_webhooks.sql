-- SPDX-License-Identifier: LicenseRef-Helios-Commercial
-- release: 2
--
-- Who is told when the replicas that are advised about a scaling target change.

ALTER TABLE scaling_targets
  ADD COLUMN all_webhooks   boolean NOT NULL DEFAULT false,  -- each enabled webhook, beside the channels it names
  ADD COLUMN told_replicas  integer,                         -- what its channels know; NULL: they were never told
  ADD COLUMN told_sequence  bigint  NOT NULL DEFAULT 0;      -- how often they were

CREATE TABLE scaling_target_channels (
  org_id      uuid  NOT NULL,
  target_id   uuid  NOT NULL,
  channel_id  uuid  NOT NULL,
  PRIMARY KEY (org_id, target_id, channel_id),
  FOREIGN KEY (org_id, target_id) REFERENCES scaling_targets (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, channel_id) REFERENCES notification_channels (org_id, id) ON DELETE CASCADE
);
CREATE INDEX scaling_target_channels_channel_idx ON scaling_target_channels (org_id, channel_id);
ALTER TABLE scaling_target_channels ENABLE ROW LEVEL SECURITY;
ALTER TABLE scaling_target_channels FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON scaling_target_channels
  USING (org_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid)
  WITH CHECK (org_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON scaling_target_channels TO helios_app;
