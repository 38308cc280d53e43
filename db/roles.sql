-- SPDX-License-Identifier: LicenseRef-Helios-Commercial
--
-- The three roles of Helios. The private cluster runs this by itself. On a PostgreSQL of your own, run it once as an
-- administrator (superuser is not needed, CREATEROLE and CREATEDB are enough), then:
--
--   ALTER ROLE helios_owner PASSWORD '…';   -- database.migrate_url
--   ALTER ROLE helios_app PASSWORD '…';     -- database.url
--   CREATE DATABASE helios OWNER helios_owner ENCODING 'UTF8' TEMPLATE template0;
--   REVOKE ALL ON DATABASE helios FROM PUBLIC;
--   GRANT CONNECT ON DATABASE helios TO helios_app;
--
-- Safe to repeat. None of the three is a superuser or has BYPASSRLS; migrations refuse to run otherwise.
DO $$
BEGIN
  -- Owns schemas and tables. NOINHERIT: it is a member of helios_lookup only to hand functions over to it, and must
  -- not inherit the policies that let helios_lookup read credentials of every tenant.
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'helios_owner') THEN
    CREATE ROLE helios_owner LOGIN NOINHERIT;
  END IF;
  -- Serves requests. Owns nothing.
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'helios_app') THEN
    CREATE ROLE helios_app LOGIN;
  END IF;
  -- Owns the functions that look a credential up before its tenant is known. Nobody logs in as it.
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'helios_lookup') THEN
    CREATE ROLE helios_lookup NOLOGIN;
  END IF;
END
$$;
GRANT helios_lookup TO helios_owner;
