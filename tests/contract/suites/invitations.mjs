// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSql } from '../support/database.mjs';
import { PASSWORD, session } from '../support/world.mjs';

const TOKEN = /^__Host-helios_session=([^;]+);/;

export function invitations(world) {
  describe('invitations', () => {
    const invite = (email, more = {}) => world.client.done('createInvitation', 201, { headers: world.a.owner, json: { email, ...more } });
    const listed = async () => (await world.client.done('listInvitations', 200, { headers: world.a.owner })).data;

    it('let somebody join once, under the address and the role they were made for', async () => {
      const { client, a } = world;
      const { token, ...invitation } = await invite('bo@join.example', { role: 'viewer' });
      assert.equal(Date.parse(invitation.expires_at) - Date.parse(invitation.created_at), 7 * 86_400_000);
      assert.deepEqual(await listed(), [invitation], 'without the token');
      const offer = await client.done('findInvitation', 200, { json: { token } });
      assert.deepEqual([offer.email, offer.role, offer.organization.name], ['bo@join.example', 'viewer', (await client.done('getMe', 200, { headers: a.owner })).organization.name]);
      await client.refused('acceptInvitation', 400, 'identity.bad_password', { json: { token, name: 'Bo', password: 'too short' } });
      const { status, headers, body } = await client.call('acceptInvitation', { json: { token, name: 'Bo', password: PASSWORD } });
      assert.equal(status, 201);
      assert.deepEqual([body.user.email, body.user.role, body.organization.id], ['bo@join.example', 'viewer', a.organization.id]);
      const joined = session(TOKEN.exec(headers['set-cookie'][0])[1], client.listening);
      const me = await client.done('getMe', 200, { headers: joined });
      assert.equal(me.user.id, body.user.id);
      await client.refused('listInvitations', 403, 'tenancy.role_too_low', { headers: joined });
      await client.refused('acceptInvitation', 404, 'identity.no_such_invitation', { json: { token, name: 'Bo', password: PASSWORD } });
      assert.deepEqual(await listed(), []);
      await client.done('acceptInvitation', 201, { json: { token: (await invite('cy@join.example')).token, name: 'Cy', password: PASSWORD } });
      const { data } = await client.done('listAuditLogs', 200, { headers: a.owner, query: { action: 'invitation' } });
      assert.ok(data.some(({ action, actor }) => action === 'invitation.accept' && actor.id === body.user.id));
    });

    it('end when they are withdrawn, made again or too old', async () => {
      const { client, a } = world;
      const first = await invite('di@join.example');
      const second = await invite('DI@join.example');
      await client.refused('findInvitation', 404, 'identity.no_such_invitation', { json: { token: first.token } });
      await client.done('deleteInvitation', 204, { headers: a.owner, path: { id: second.id } });
      await client.refused('findInvitation', 404, 'identity.no_such_invitation', { json: { token: second.token } });
      await client.refused('deleteInvitation', 404, 'identity.no_such_invitation', { headers: a.owner, path: { id: second.id } });
      const old = await invite('ed@join.example');
      runSql(world.folder, `UPDATE directory.invitations SET expires_at = now() - interval '1 second' WHERE id = '${old.id}'`);
      await client.refused('findInvitation', 422, 'identity.invitation_expired', { json: { token: old.token } });
      await client.refused('acceptInvitation', 422, 'identity.invitation_expired', { json: { token: old.token, name: 'Ed', password: PASSWORD } });
      world.invitation = old.id;
      await invite('fay@join.example');
    });

    it('are a hundred open ones at most', async () => {
      const { client, a } = world;
      // More than a minute's requests would make.
      runSql(world.folder, `INSERT INTO directory.invitations (org_id, id, email, role, token_hash, created_by, created_at, expires_at)
        SELECT o.id, gen_random_uuid(), 'crowd' || n || '@join.example', 'viewer', md5(n::text) || md5('crowd'), o.id, now(), now() + interval '1 day'
        FROM (SELECT org_id AS id FROM directory.invitations WHERE id = '${world.invitation}') o,
             generate_series(1, 100 - (SELECT count(*)::int FROM directory.invitations i WHERE i.org_id = o.id
                                       AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now())) n`);
      await client.refused('createInvitation', 429, 'identity.invitation_limit', { headers: a.owner, json: { email: 'late@join.example' } });
      await client.done('createInvitation', 201, { headers: a.owner, json: { email: 'crowd1@join.example' } });
      runSql(world.folder, "UPDATE directory.invitations SET expires_at = now() WHERE email = 'crowd2@join.example'");
      const late = await client.done('createInvitation', 201, { headers: a.owner, json: { email: 'late@join.example' } });
      await client.done('deleteInvitation', 204, { headers: a.owner, path: { id: late.id } });
      runSql(world.folder, "UPDATE directory.invitations SET revoked_at = now() WHERE email LIKE 'crowd%@join.example'");
    });

    it('are made by admins, of owners by owners alone, and of no member', async () => {
      const { client, a, keys } = world;
      await client.refused('createInvitation', 403, 'tenancy.missing_scope', { headers: keys.write, json: { email: 'gus@join.example' } });
      await client.refused('createInvitation', 403, 'tenancy.missing_scope', { headers: keys.admin, json: { email: 'gus@join.example', role: 'owner' } });
      await client.refused('createInvitation', 409, 'identity.email_taken', { headers: a.owner, json: { email: 'bo@join.example' } });
      await client.refused('createInvitation', 400, 'identity.bad_email', { headers: a.owner, json: { email: 'nobody' } });
      await client.refused('createInvitation', 400, 'http.bad_field', { headers: a.owner, json: { email: 'gus@join.example', role: 'king' } });
      await client.refused('findInvitation', 404, 'identity.no_such_invitation', { json: { token: 'made up' } });
    });

    it('show their token once', async () => {
      const options = { headers: { ...world.a.owner, 'Idempotency-Key': 'one invitation' }, json: { email: 'hal@join.example' } };
      await world.client.done('createInvitation', 201, options);
      await world.client.refused('createInvitation', 409, 'idempotency.secret_shown', options);
    });
  });
}
