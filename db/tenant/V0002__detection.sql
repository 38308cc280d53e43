-- SPDX-License-Identifier: LicenseRef-Helios-Commercial
-- release: 2
--
-- What streaming detection keeps of an anomaly beside what the first release had columns for.

ALTER TABLE anomalies
  ADD COLUMN kinds       integer      NOT NULL DEFAULT 0,  -- bits: 1 event, 2 point, 4 level shift, 8 variance shift,
                                                           -- 16 flat line, 32 missing data
  ADD COLUMN samples     integer      NOT NULL DEFAULT 1 CHECK (samples >= 0),  -- anomalous ones
  ADD COLUMN worst_at    timestamptz,                      -- the sample that value, bounds and score are of
  ADD COLUMN last_at     timestamptz,                      -- the newest sample known to be in it
  ADD COLUMN repeats     integer      NOT NULL DEFAULT 0 CHECK (repeats >= 0),  -- its like, not reported since it was
                                                           -- marked a false positive
  ADD COLUMN updated_at  timestamptz  NOT NULL DEFAULT now();
CREATE INDEX anomalies_started_idx ON anomalies (org_id, started_at DESC, id DESC);
CREATE INDEX anomalies_metric_idx ON anomalies (org_id, metric_name, started_at DESC);
CREATE INDEX anomalies_false_idx ON anomalies (org_id, series_key) WHERE status = 'false_positive';

ALTER TABLE incidents ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
