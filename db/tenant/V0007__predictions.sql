-- SPDX-License-Identifier: LicenseRef-Helios-Commercial
-- release: 2
--
-- What a kept prediction needs to meet its actual value.

ALTER TABLE predictions
  ADD COLUMN step_ms  bigint       NOT NULL DEFAULT 300000 CHECK (step_ms > 0),  -- what a value is the mean over
  ADD COLUMN state    varchar(10)  NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'met', 'missed'));
CREATE INDEX predictions_waiting_idx ON predictions (org_id, time, id) WHERE state = 'waiting';
