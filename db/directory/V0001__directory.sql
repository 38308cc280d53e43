-- SPDX-License-Identifier: LicenseRef-Helios-Commercial
-- release: 1
--
-- The directory: what is shared by all tenants whatever their plan, in the schema "directory". Keys are UUIDv7 from
-- the application; now() stands only where a row was inserted without a time. Every table with org_id carries
-- row-level security. Amounts of money are integers, in the currency's minor unit.

GRANT USAGE ON SCHEMA directory TO helios_app, helios_lookup;
GRANT SELECT ON schema_migrations TO helios_app;

CREATE TABLE organizations (
  id          uuid PRIMARY KEY,
  name        varchar(255) NOT NULL,
  slug        varchar(100) NOT NULL UNIQUE,
  plan        varchar(50)  NOT NULL DEFAULT 'starter' CHECK (plan IN ('starter', 'professional', 'enterprise')),
  status      varchar(50)  NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'deleted')),
  settings    jsonb        NOT NULL DEFAULT '{}',
  timezone    text         NOT NULL DEFAULT 'UTC',  -- IANA name
  created_at  timestamptz  NOT NULL DEFAULT now(),
  updated_at  timestamptz  NOT NULL DEFAULT now()
);

CREATE TABLE users (
  org_id         uuid         NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  id             uuid         NOT NULL,
  email          varchar(255) NOT NULL,
  name           varchar(255),
  role           varchar(50)  NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
  password_hash  varchar(255),  -- NULL: signs in through an identity provider only
  last_login_at  timestamptz,
  created_at     timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX users_email_key ON users (org_id, lower(email));
CREATE INDEX users_login_idx ON users (lower(email));

-- Who a user is at an identity provider.
CREATE TABLE identities (
  org_id      uuid         NOT NULL,
  id          uuid         NOT NULL,
  user_id     uuid         NOT NULL,
  provider    varchar(20)  NOT NULL CHECK (provider IN ('oidc', 'saml')),
  issuer      varchar(500) NOT NULL,
  subject     varchar(255) NOT NULL,
  created_at  timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  CONSTRAINT identities_subject_key UNIQUE (org_id, issuer, subject),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);

CREATE TABLE api_keys (
  org_id        uuid         NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  id            uuid         NOT NULL,
  name          varchar(255) NOT NULL,
  key_hash      char(64)     NOT NULL UNIQUE,  -- HMAC-SHA256(pepper, key) in hex; the key itself is nowhere
  key_prefix    varchar(12)  NOT NULL,         -- for display
  scopes        text[]       NOT NULL DEFAULT '{read,write}'
                CHECK (cardinality(scopes) > 0 AND scopes <@ '{read,write,admin}'::text[]),
  created_by    uuid,
  last_used_at  timestamptz,
  expires_at    timestamptz,
  revoked_at    timestamptz,
  created_at    timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id)
);

CREATE TABLE sessions (
  org_id        uuid        NOT NULL,
  id            uuid        NOT NULL,
  user_id       uuid        NOT NULL,
  token_hash    char(64)    NOT NULL UNIQUE,
  created_at    timestamptz NOT NULL DEFAULT now(),
  last_seen_at  timestamptz NOT NULL DEFAULT now(),
  expires_at    timestamptz NOT NULL,  -- absolute; idleness is judged by last_seen_at
  revoked_at    timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_user_idx ON sessions (org_id, user_id);

CREATE TABLE subscriptions (
  org_id                  uuid         NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  id                      uuid         NOT NULL,
  stripe_customer_id      varchar(255),
  stripe_subscription_id  varchar(255) UNIQUE,
  plan                    varchar(50)  NOT NULL CHECK (plan IN ('starter', 'professional', 'enterprise')),
  status                  varchar(50)  NOT NULL DEFAULT 'active',  -- Stripe's words
  current_period_start    timestamptz,
  current_period_end      timestamptz,
  created_at              timestamptz  NOT NULL DEFAULT now(),
  updated_at              timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id)
);

CREATE TABLE invoices (
  org_id             uuid         NOT NULL REFERENCES organizations (id),
  id                 uuid         NOT NULL,
  number             varchar(100),
  stripe_invoice_id  varchar(255) UNIQUE,
  status             varchar(50)  NOT NULL DEFAULT 'draft'
                     CHECK (status IN ('draft', 'open', 'paid', 'uncollectible', 'void')),
  currency           char(3)      NOT NULL DEFAULT 'usd',
  amount_due         bigint       NOT NULL DEFAULT 0,
  amount_paid        bigint       NOT NULL DEFAULT 0,
  lines              jsonb        NOT NULL DEFAULT '[]',
  period_start       timestamptz,
  period_end         timestamptz,
  issued_at          timestamptz,
  paid_at            timestamptz,
  created_at         timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id)
);

-- What was used, per UTC hour of acceptance. The key is the source's own position, so that a journal segment reported
-- twice counts once: INSERT … ON CONFLICT DO NOTHING.
CREATE TABLE usage_records (
  org_id       uuid         NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  source_id    varchar(100) NOT NULL,
  segment      bigint       NOT NULL,
  metric_type  varchar(50)  NOT NULL,
  time         timestamptz  NOT NULL,
  quantity     bigint       NOT NULL CHECK (quantity >= 0),
  PRIMARY KEY (org_id, source_id, segment, metric_type, time)
);
CREATE INDEX usage_records_time_idx ON usage_records (org_id, time DESC);

-- Background work as its tenant sees it. Which job runs next is job_queue's business.
CREATE TABLE jobs (
  org_id       uuid             NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  id           uuid             NOT NULL,
  kind         varchar(100)     NOT NULL,
  status       varchar(20)      NOT NULL DEFAULT 'queued'
               CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'dead')),
  progress     double precision NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
  payload      jsonb            NOT NULL DEFAULT '{}',
  result       jsonb,
  error        jsonb,
  created_by   uuid,
  created_at   timestamptz      NOT NULL DEFAULT now(),
  started_at   timestamptz,
  finished_at  timestamptz,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX jobs_created_idx ON jobs (org_id, created_at DESC);

-- An answer given once is given again: (route, key) of a writing POST.
CREATE TABLE idempotency_keys (
  org_id        uuid         NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  route         varchar(200) NOT NULL,
  key           varchar(255) NOT NULL,
  request_hash  char(64)     NOT NULL,  -- the same key with another request is refused
  status        integer,                -- HTTP status of the answer; NULL while the first request runs
  response      jsonb,                  -- NULL where the answer showed a secret
  created_at    timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, route, key)
);
CREATE INDEX idempotency_keys_created_idx ON idempotency_keys (org_id, created_at);

-- Two tables are read before a tenant is known, hold no customer data, and name the tenant in a column of another
-- name than org_id: where a tenant lives, and which job is due. Rows are written by their tenant alone, except that
-- any worker may lease or drop a queue entry.
CREATE TABLE placement (
  tenant_id      uuid         PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  level          varchar(20)  NOT NULL DEFAULT 'shared' CHECK (level IN ('shared', 'schema', 'database')),
  schema_name    varchar(63),
  database_name  varchar(63),
  cell           varchar(63)  NOT NULL DEFAULT 'local',
  region         varchar(63)  NOT NULL DEFAULT 'local',
  updated_at     timestamptz  NOT NULL DEFAULT now()
);

CREATE TABLE job_queue (
  job_id       uuid         PRIMARY KEY,
  tenant_id    uuid         NOT NULL,
  kind         varchar(100) NOT NULL,
  run_at       timestamptz  NOT NULL,
  attempts     integer      NOT NULL DEFAULT 0,
  lease_owner  varchar(100),
  lease_until  timestamptz,
  FOREIGN KEY (tenant_id, job_id) REFERENCES jobs (org_id, id) ON DELETE CASCADE
);
CREATE INDEX job_queue_due_idx ON job_queue (run_at);
CREATE INDEX job_queue_job_idx ON job_queue (tenant_id, job_id);

-- Row-level security, the same on every table with org_id. A transaction-local setting reads '' once it is over, so
-- NULLIF makes "no tenant" match no row.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['users', 'identities', 'api_keys', 'sessions', 'subscriptions', 'invoices',
                              'usage_records', 'jobs', 'idempotency_keys'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant_isolation ON %I '
                   'USING (org_id = NULLIF(current_setting(''app.current_tenant'', true), '''')::uuid) '
                   'WITH CHECK (org_id = NULLIF(current_setting(''app.current_tenant'', true), '''')::uuid)', name);
  END LOOP;
END
$$;
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON organizations
  USING (id = NULLIF(current_setting('app.current_tenant', true), '')::uuid)
  WITH CHECK (id = NULLIF(current_setting('app.current_tenant', true), '')::uuid);

ALTER TABLE placement ENABLE ROW LEVEL SECURITY;
ALTER TABLE placement FORCE ROW LEVEL SECURITY;
CREATE POLICY read_all ON placement FOR SELECT USING (true);
CREATE POLICY insert_own ON placement FOR INSERT
  WITH CHECK (tenant_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid);
CREATE POLICY update_own ON placement FOR UPDATE
  USING (tenant_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid);

ALTER TABLE job_queue ENABLE ROW LEVEL SECURITY;
ALTER TABLE job_queue FORCE ROW LEVEL SECURITY;
CREATE POLICY read_all ON job_queue FOR SELECT USING (true);
CREATE POLICY insert_own ON job_queue FOR INSERT
  WITH CHECK (tenant_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid);
CREATE POLICY lease_all ON job_queue FOR UPDATE USING (true);
CREATE POLICY drop_all ON job_queue FOR DELETE USING (true);

-- helios_app may do what the product does, and no more; TRUNCATE would pass row-level security by.
GRANT SELECT, INSERT, UPDATE         ON organizations, api_keys, subscriptions, invoices, placement TO helios_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON users, identities, sessions, jobs, idempotency_keys TO helios_app;
GRANT SELECT, INSERT                 ON usage_records TO helios_app;
GRANT SELECT, INSERT, DELETE         ON job_queue TO helios_app;
GRANT UPDATE (run_at, attempts, lease_owner, lease_until) ON job_queue TO helios_app;

-- Looking a credential up, before its tenant is known. The functions run as helios_lookup, which may read these
-- columns of every tenant and nothing else; a policy says so, since FORCE binds every role without BYPASSRLS and a
-- managed PostgreSQL gives that to nobody. Times are compared by the caller, who knows the time.
GRANT SELECT (id, name, slug, plan, status, timezone) ON organizations TO helios_lookup;
GRANT SELECT (org_id, id, email, name, role, password_hash) ON users TO helios_lookup;
GRANT SELECT (org_id, id, name, key_hash, scopes, last_used_at, expires_at, revoked_at) ON api_keys TO helios_lookup;
GRANT SELECT (org_id, id, user_id, token_hash, created_at, last_seen_at, expires_at, revoked_at) ON sessions
  TO helios_lookup;
CREATE POLICY credential_lookup ON organizations FOR SELECT TO helios_lookup USING (true);
CREATE POLICY credential_lookup ON users FOR SELECT TO helios_lookup USING (true);
CREATE POLICY credential_lookup ON api_keys FOR SELECT TO helios_lookup USING (true);
CREATE POLICY credential_lookup ON sessions FOR SELECT TO helios_lookup USING (true);

-- One row, or none where the key is unknown or revoked. Scopes are separated by spaces, in a fixed order.
CREATE FUNCTION find_api_key(key_hash text)
RETURNS TABLE (org_id uuid, api_key_id uuid, key_name text, scopes text, expires_at timestamptz,
               last_used_at timestamptz, plan text, org_status text, timezone text, slug text, org_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, directory, pg_temp AS $$
  SELECT k.org_id, k.id, k.name::text, array_to_string(ARRAY(SELECT unnest(k.scopes) ORDER BY 1), ' '), k.expires_at,
         k.last_used_at, o.plan::text, o.status::text, o.timezone, o.slug::text, o.name::text
  FROM api_keys k JOIN organizations o ON o.id = k.org_id
  WHERE k.key_hash = find_api_key.key_hash::char(64) AND k.revoked_at IS NULL
$$;

-- One row, or none where the session is unknown or revoked.
CREATE FUNCTION find_session(token_hash text)
RETURNS TABLE (session_id uuid, org_id uuid, user_id uuid, role text, created_at timestamptz,
               last_seen_at timestamptz, expires_at timestamptz, plan text, org_status text, timezone text,
               slug text, org_name text, email text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, directory, pg_temp AS $$
  SELECT s.id, s.org_id, s.user_id, u.role::text, s.created_at, s.last_seen_at, s.expires_at,
         o.plan::text, o.status::text, o.timezone, o.slug::text, o.name::text, u.email::text, u.name::text
  FROM sessions s
  JOIN users u ON u.org_id = s.org_id AND u.id = s.user_id
  JOIN organizations o ON o.id = s.org_id
  WHERE s.token_hash = find_session.token_hash::char(64) AND s.revoked_at IS NULL
$$;

-- One row for each organization the address belongs to, or for the one called `slug`; in the order of their slugs.
-- Deleted organizations have none.
CREATE FUNCTION find_logins(email text, slug text)
RETURNS TABLE (user_id uuid, org_id uuid, slug text, org_name text, password_hash text, role text, org_status text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, directory, pg_temp AS $$
  SELECT u.id, u.org_id, o.slug::text, o.name::text, u.password_hash::text, u.role::text, o.status::text
  FROM users u JOIN organizations o ON o.id = u.org_id
  WHERE lower(u.email) = lower(find_logins.email)
    AND (find_logins.slug IS NULL OR o.slug = find_logins.slug)
    AND o.status <> 'deleted'
  ORDER BY o.slug
$$;

REVOKE ALL ON FUNCTION find_api_key(text), find_session(text), find_logins(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_api_key(text), find_session(text), find_logins(text, text) TO helios_app;

-- The owner of a function needs CREATE on its schema in the moment it becomes the owner, and not after. A later
-- migration replaces such a function by dropping it (the schema's owner may) and making it again.
GRANT CREATE ON SCHEMA directory TO helios_lookup;
ALTER FUNCTION find_api_key(text) OWNER TO helios_lookup;
ALTER FUNCTION find_session(text) OWNER TO helios_lookup;
ALTER FUNCTION find_logins(text, text) OWNER TO helios_lookup;
REVOKE CREATE ON SCHEMA directory FROM helios_lookup;
