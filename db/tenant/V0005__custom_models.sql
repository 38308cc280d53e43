-- SPDX-License-Identifier: LicenseRef-Helios-Commercial
-- release: 2
--
-- What tenants say of their metrics' models, and versions whose artifact is gone.

CREATE TABLE custom_models (
  org_id         uuid         NOT NULL,
  id             uuid         NOT NULL,
  target_metric  varchar(255) NOT NULL,
  definition     jsonb        NOT NULL,  -- models, seasonalities, holiday_country, holidays, horizons
  created_at     timestamptz  NOT NULL DEFAULT now(),
  updated_at     timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  CONSTRAINT custom_models_metric_key UNIQUE (org_id, target_metric)
);
ALTER TABLE custom_models ENABLE ROW LEVEL SECURITY;
ALTER TABLE custom_models FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON custom_models
  USING (org_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid)
  WITH CHECK (org_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON custom_models TO helios_app;

ALTER TABLE models ADD COLUMN artifact_deleted_at timestamptz;  -- what artifact_path names was deleted then
