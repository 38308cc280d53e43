-- SPDX-License-Identifier: LicenseRef-Helios-Commercial
-- release: 2
--
-- Links by which people join an organization. Who holds one has nothing else yet, so that it is found before its tenant
-- is known.

CREATE TABLE invitations (
  org_id       uuid         NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  id           uuid         NOT NULL,
  email        varchar(255) NOT NULL,
  role         varchar(50)  NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
  token_hash   char(64)     NOT NULL UNIQUE,  -- HMAC-SHA256(pepper, token) in hex; the token itself is nowhere
  created_by   uuid         NOT NULL,         -- the user or the API key
  created_at   timestamptz  NOT NULL,
  expires_at   timestamptz  NOT NULL,
  accepted_at  timestamptz,
  revoked_at   timestamptz,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX invitations_open_idx ON invitations (org_id, lower(email)) WHERE accepted_at IS NULL AND revoked_at IS NULL;

ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON invitations
  USING (org_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid)
  WITH CHECK (org_id = NULLIF(current_setting('app.current_tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON invitations TO helios_app;

GRANT SELECT (org_id, id, email, role, token_hash, expires_at, accepted_at, revoked_at) ON invitations TO helios_lookup;
CREATE POLICY credential_lookup ON invitations FOR SELECT TO helios_lookup USING (true);

-- One row, or none where the token is unknown, used or revoked. Times are compared by the caller, who knows the time.
CREATE FUNCTION find_invitation(token_hash text)
RETURNS TABLE (org_id uuid, invitation_id uuid, email text, role text, expires_at timestamptz, slug text, org_name text,
               org_status text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, directory, pg_temp AS $$
  SELECT i.org_id, i.id, i.email::text, i.role::text, i.expires_at, o.slug::text, o.name::text, o.status::text
  FROM invitations i JOIN organizations o ON o.id = i.org_id
  WHERE i.token_hash = find_invitation.token_hash::char(64) AND i.accepted_at IS NULL AND i.revoked_at IS NULL
    AND o.status <> 'deleted'
$$;
REVOKE ALL ON FUNCTION find_invitation(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_invitation(text) TO helios_app;
GRANT CREATE ON SCHEMA directory TO helios_lookup;
ALTER FUNCTION find_invitation(text) OWNER TO helios_lookup;
REVOKE CREATE ON SCHEMA directory FROM helios_lookup;
