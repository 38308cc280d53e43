// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiKey, bearer, OWNER, PASSWORD, signIn } from '../support/world.mjs';

export function identity(world) {
  describe('organizations', () => {
    it('start with an owner and a key that reads and writes', () => {
      assert.deepEqual(
        [world.a.organization.plan, world.a.organization.status, world.a.user.role, world.a.api_key.scopes],
        ['professional', 'active', 'owner', ['read', 'write']],
      );
    });

    it('do not share a slug', async () => {
      const owner = { email: OWNER, name: 'Ada Park', password: PASSWORD };
      await world.client.refused('createOrganization', 409, 'identity.slug_taken', { json: { name: 'Other', slug: 'acme-a', owner } });
      await world.client.refused('createOrganization', 400, 'identity.bad_slug', { json: { name: 'Other', slug: 'Acme', owner } });
    });

    it('are read and changed by who may', async () => {
      const { client, a } = world;
      const path = { id: a.organization.id };
      assert.equal((await client.done('getOrganization', 200, { path, headers: a.key })).slug, 'acme-a');
      const json = { name: 'Acme Holding', timezone: 'Europe/Berlin', settings: { training_days: 28 } };
      const changed = await client.done('updateOrganization', 200, { path, headers: a.owner, json });
      assert.deepEqual([changed.name, changed.timezone, changed.settings], [json.name, json.timezone, json.settings]);
      for (const [field, code] of [
        [{ timezone: 'Mars/Olympus' }, 'identity.bad_timezone'],
        [{ name: '' }, 'identity.bad_name'],
        [{ settings: { a: 'b\0' } }, 'pg.bad_text'],
        [{ settings: 'none' }, 'http.bad_field'],
        [{ settings: { anomaly_sensitivity: 5.5 } }, 'http.bad_field'],
        [{ settings: { anomaly_sensitivity: 'keen' } }, 'http.bad_field'],
        [{ settings: { anomaly_budget_per_week: 1.5 } }, 'http.bad_field'],
        [{ settings: { training_schedule: 'nightly' } }, 'http.bad_field'],
        [{ settings: { training_days: 2 } }, 'http.bad_field'],
        [{ settings: { forecast_horizons: [] } }, 'http.bad_field'],
        [{ settings: { forecast_horizons: [15, 10081] } }, 'http.bad_field'],
        [{ settings: { forecast_metrics: ['cpu', 1] } }, 'http.bad_field'],
      ]) {
        await client.refused('updateOrganization', 400, code, { path, headers: a.owner, json: field });
      }
    });
  });

  describe('credentials', () => {
    it('say whose they are', async () => {
      const { client, a } = world;
      const key = await client.done('getMe', 200, { headers: a.key });
      assert.deepEqual([key.organization.id, key.user, key.api_key.id], [a.organization.id, null, a.api_key.id]);
      const person = await client.done('getMe', 200, { headers: a.owner });
      assert.deepEqual([person.user.email, person.api_key], [OWNER, null]);
      assert.deepEqual(await client.done('getMe', 200, { headers: bearer(a.api_key.key) }), key);
      const basic = Buffer.from(`anyone:${a.api_key.key}`).toString('base64');
      assert.deepEqual(await client.done('getMe', 200, { headers: { Authorization: `Basic ${basic}` } }), key);
    });

    it('alone name the organization', async () => {
      const { client, a, b } = world;
      const headers = { ...a.key, 'X-Tenant-ID': b.organization.id };
      assert.equal((await client.done('getMe', 200, { headers })).organization.id, a.organization.id);
    });
  });

  describe('users', () => {
    it('are added, changed and removed', async () => {
      const { client, a } = world;
      const json = { email: 'Bo@Acme.example', name: 'Bo', role: 'viewer', password: PASSWORD };
      const bo = await client.done('createUser', 201, { headers: a.owner, json });
      assert.deepEqual([bo.email, bo.role, bo.last_login_at], ['bo@acme.example', 'viewer', null]);
      await client.refused('createUser', 409, 'identity.email_taken', { headers: a.owner, json });
      for (const [field, code] of [
        [{ email: 'nobody' }, 'identity.bad_email'],
        [{ name: 'line\nbreak' }, 'identity.bad_name'],
        [{ password: '123456789' }, 'identity.bad_password'],
        [{ role: 'king' }, 'http.bad_field'],
      ]) {
        await client.refused('createUser', 400, code, { headers: a.owner, json: { ...json, ...field } });
      }

      const viewer = await signIn(client, { email: 'bo@acme.example', password: PASSWORD });
      const path = { id: bo.id };
      assert.equal((await client.done('getUser', 200, { headers: viewer.headers, path })).email, 'bo@acme.example');
      await client.refused('createUser', 403, 'tenancy.role_too_low', { headers: viewer.headers, json });
      await client.refused('updateUser', 403, 'tenancy.role_too_low', { headers: viewer.headers, path, json: { role: 'owner' } });
      const renamed = await client.done('updateUser', 200, { headers: viewer.headers, path, json: { name: 'Bo Lindqvist' } });
      assert.equal(renamed.name, 'Bo Lindqvist');
      await client.done('updateUser', 200, { headers: a.owner, path, json: { role: 'admin' } });
      await client.refused('getMe', 401, 'identity.signed_out', { headers: viewer.headers });
      await client.done('deleteUser', 204, { headers: a.owner, path });
      await client.refused('deleteUser', 404, 'identity.no_such_user', { headers: a.owner, path });
    });

    it('always have an owner among them', async () => {
      const { client, a } = world;
      const path = { id: a.user.id };
      await client.refused('updateUser', 422, 'identity.last_owner', { headers: a.owner, path, json: { role: 'admin' } });
      await client.refused('deleteUser', 422, 'identity.last_owner', { headers: a.owner, path });
    });

    it('are touched by an owner where they own', async () => {
      const { client, a, keys } = world;
      const json = { email: 'eve@acme.example', name: 'Eve', role: 'owner' };
      await client.done('createUser', 201, { headers: keys.admin, json: { email: 'cy@acme.example', name: 'Cy' } });
      await client.refused('createUser', 403, 'tenancy.role_too_low', { headers: keys.admin, json });
      await client.refused('deleteUser', 403, 'tenancy.role_too_low', { headers: keys.admin, path: { id: a.user.id } });
    });
  });

  describe('sessions', () => {
    it('need the right password, and the organization where several fit', async () => {
      const { client } = world;
      await client.refused('createSession', 401, 'identity.bad_credentials', { json: { email: OWNER, password: 'wrong password' } });
      const problem = await client.refused('createSession', 409, 'identity.several_organizations', { json: { email: OWNER, password: PASSWORD } });
      assert.match(problem.detail, /acme-a, acme-b/);
    });

    it('end when signed out', async () => {
      const { client, a } = world;
      await client.refused('deleteSession', 422, 'identity.no_session', { headers: a.key });
      const second = await signIn(client, { email: OWNER, password: PASSWORD, organization: 'acme-a' });
      await client.done('deleteSession', 204, { headers: second.headers });
      await client.refused('getMe', 401, 'identity.signed_out', { headers: second.headers });
    });
  });

  describe('API keys', () => {
    it('are made with what their maker has, and listed without the secret', async () => {
      const { client, a, keys } = world;
      await client.refused('createApiKey', 403, 'tenancy.missing_scope', { headers: keys.admin, json: { name: 'more', scopes: ['write'] } });
      for (const [field, code] of [
        [{ scopes: ['everything'] }, 'identity.bad_scope'],
        [{ scopes: [] }, 'identity.bad_scope'],
        [{ scopes: 'read' }, 'http.bad_field'],
        [{ expires_at: '2020-01-01T00:00:00Z' }, 'identity.bad_expiry'],
        [{ expires_at: 'tomorrow' }, 'http.bad_field'],
        [{ name: '' }, 'identity.bad_name'],
      ]) {
        await client.refused('createApiKey', 400, code, { headers: a.owner, json: { name: 'refused', ...field } });
      }
      const { data } = await client.done('listApiKeys', 200, { headers: a.owner });
      assert.deepEqual(data.map((key) => key.name).sort(), ['First key', 'admin only', 'expiring', 'read only', 'write only']);
    });

    it('are made once for one Idempotency-Key', async () => {
      const { client, a } = world;
      const headers = { ...a.owner, 'Idempotency-Key': '"one"' };
      const json = { name: 'made once', scopes: ['read'] };
      const { id } = await client.done('createApiKey', 201, { headers, json });
      await client.refused('createApiKey', 409, 'idempotency.secret_shown', { headers, json });
      await client.refused('createApiKey', 422, 'idempotency.key_reused', { headers, json: { ...json, name: 'other' } });
      await client.refused('createApiKey', 400, 'idempotency.bad_key', { headers: { ...headers, 'Idempotency-Key': 'x'.repeat(256) }, json });
      await client.done('deleteApiKey', 204, { headers: a.owner, path: { id } });

      const member = { email: 'once@acme.example', name: 'Once' };
      const first = await client.done('createUser', 201, { headers, json: member });
      assert.deepEqual(await client.done('createUser', 201, { headers, json: member }), first);
    });

    it('are refused once revoked, and beyond their time', async () => {
      const { client, a, keys, revoked } = world;
      await client.refused('getMe', 401, 'identity.unknown_key', { headers: keys.revoked });
      await client.refused('deleteApiKey', 404, 'identity.no_such_key', { headers: a.owner, path: { id: revoked.id } });
      await world.expired;
      await client.refused('getMe', 401, 'identity.expired_key', { headers: keys.expired });
      await client.refused('getMe', 401, 'gateway.malformed_key', { headers: apiKey('hlx_short') });
    });
  });
}
