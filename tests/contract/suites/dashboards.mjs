// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PASSWORD, session } from '../support/world.mjs';

const chart = { title: 'CPU', metric: 'cpu_usage', match: '{host=~"web.*"}', aggregate: 'max', hours: 24, forecast: true, x: 0, y: 0, width: 6, height: 4 };

export function dashboards(world) {
  describe('dashboards', () => {
    it('are made, read, changed and deleted', async () => {
      const { client, a, keys } = world;
      const headers = a.owner;
      const made = await client.done('createDashboard', 201, { headers, json: { name: 'Web', charts: [chart] } });
      assert.deepEqual(made.charts, [chart]);
      assert.equal(made.created_by, a.session.user.id);
      const path = { id: made.id };
      assert.deepEqual(await client.done('getDashboard', 200, { headers: keys.read, path }), made);
      const second = { ...chart, title: 'CPU again', x: 6 };
      const changed = await client.done('updateDashboard', 200, { headers, path, json: { version: made.version, charts: [chart, second] } });
      assert.deepEqual([changed.name, changed.charts.length, changed.version], ['Web', 2, made.version + 1]);
      const { data } = await client.done('listDashboards', 200, { headers: keys.read });
      assert.deepEqual(data[0], changed);
      world.dashboard = (await client.done('createDashboard', 201, { headers, json: { name: 'Kept' } })).id;
      await client.done('createDashboard', 201, { headers, json: { name: 'Kept too' } });
      await client.done('deleteDashboard', 204, { headers, path });
      await client.refused('getDashboard', 404, 'dashboards.no_such_dashboard', { headers, path });
    });

    it('are not overwritten by who read them before', async () => {
      const { client, a } = world;
      const headers = a.owner;
      const { id, version } = await client.done('createDashboard', 201, { headers, json: { name: 'Two people' } });
      await client.done('updateDashboard', 200, { headers, path: { id }, json: { version, name: 'The first' } });
      await client.refused('updateDashboard', 409, 'dashboards.changed', { headers, path: { id }, json: { version, name: 'The second' } });
      assert.equal((await client.done('getDashboard', 200, { headers, path: { id } })).name, 'The first');
      await client.done('deleteDashboard', 204, { headers, path: { id } });
    });

    it('are changed by members, and read by viewers', async () => {
      const { client, a } = world;
      const sessions = {};
      for (const role of ['viewer', 'member']) {
        // By invitation: an address signs in ten times a minute.
        const { token } = await client.done('createInvitation', 201, { headers: a.owner, json: { email: `${role}@dashboards.example`, role } });
        const { headers } = await client.call('acceptInvitation', { json: { token, name: role, password: PASSWORD } });
        sessions[role] = session(/^__Host-helios_session=([^;]+);/.exec(headers['set-cookie'][0])[1], client.listening);
      }
      const made = await client.done('createDashboard', 201, { headers: sessions.member, json: { name: 'Of a member' } });
      const path = { id: made.id };
      await client.done('getDashboard', 200, { headers: sessions.viewer, path });
      await client.refused('updateDashboard', 403, 'tenancy.role_too_low', { headers: sessions.viewer, path, json: { version: 1, name: 'a' } });
      await client.refused('listAuditLogs', 403, 'tenancy.role_too_low', { headers: sessions.member });
      await client.done('deleteDashboard', 204, { headers: sessions.member, path });
    });

    it('are their makers\' alone while they are not shared, and admins\'', async () => {
      const { client, a } = world;
      const sessions = {};
      for (const name of ['one', 'other']) {
        const { token } = await client.done('createInvitation', 201, { headers: a.owner, json: { email: `${name}@dashboards.example`, role: 'member' } });
        const { headers } = await client.call('acceptInvitation', { json: { token, name, password: PASSWORD } });
        sessions[name] = session(/^__Host-helios_session=([^;]+);/.exec(headers['set-cookie'][0])[1], client.listening);
      }
      const made = await client.done('createDashboard', 201, { headers: sessions.one, json: { name: 'Of one', shared: false } });
      assert.equal(made.shared, false);
      const path = { id: made.id };
      const listed = async (headers) => (await client.done('listDashboards', 200, { headers })).data.some(({ id }) => id === made.id);
      assert.deepEqual([await listed(sessions.one), await listed(sessions.other), await listed(a.owner)], [true, false, true]);
      await client.refused('getDashboard', 404, 'dashboards.no_such_dashboard', { headers: sessions.other, path });
      await client.refused('updateDashboard', 404, 'dashboards.no_such_dashboard', { headers: sessions.other, path, json: { version: 1, name: 'a' } });
      await client.refused('deleteDashboard', 404, 'dashboards.no_such_dashboard', { headers: sessions.other, path });
      const charted = await client.done('updateDashboard', 200, { headers: sessions.one, path, json: { version: 1, charts: [chart] } });
      assert.equal(charted.shared, false);
      const shared = await client.done('updateDashboard', 200, { headers: sessions.one, path, json: { version: 2, shared: true } });
      assert.deepEqual([shared.shared, shared.charts.length, await listed(sessions.other)], [true, 1, true]);
      await client.done('deleteDashboard', 204, { headers: sessions.other, path });
    });

    it('refuse charts beyond their bounds', async () => {
      const { client, a } = world;
      const refused = (changes, code) => client.refused('createDashboard', 400, code, { headers: a.owner, json: { name: 'Bad', charts: [].concat(changes) } });
      await refused({ ...chart, width: 13 }, 'http.bad_field');
      await refused({ ...chart, height: 0 }, 'http.bad_field');
      await refused({ ...chart, colour: 'red' }, 'http.unknown_field');
      await refused({ ...chart, match: '{host=' }, 'query.bad_match');
      await client.refused('createDashboard', 400, 'http.bad_field', { headers: a.owner, json: { name: '' } });
    });
  });

  describe('the audit log', () => {
    it('tells who did what, newest first', async () => {
      const { client, a, keys } = world;
      const { data } = await client.done('listAuditLogs', 200, { headers: keys.admin, query: { action: 'dashboard', kind: 'change' } });
      assert.ok(data.every(({ action }) => action.startsWith('dashboard.')));
      assert.deepEqual([...data].sort((x, y) => Date.parse(y.time) - Date.parse(x.time)).map(({ id }) => id), data.map(({ id }) => id));
      const own = data.find(({ actor }) => actor.id === a.session.user.id);
      assert.equal(own.actor.name, 'Ada Park');
      const since = await client.done('listAuditLogs', 200, { headers: keys.admin, query: { actor: own.actor.id, action: 'dashboard.create', to: own.time } });
      assert.ok(since.data.every(({ time, action, actor }) => Date.parse(time) < Date.parse(own.time) && action === 'dashboard.create' && actor.id === own.actor.id));
      const { data: none } = await client.done('listAuditLogs', 200, { headers: keys.admin, query: { from: '2099-01-01T00:00:00Z' } });
      assert.deepEqual(none, []);
      for (const query of [{ kind: 'all' }, { actor: 'ada' }, { action: '' }, { from: 'yesterday' }, { to: '1' }]) {
        await client.refused('listAuditLogs', 400, 'http.bad_parameter', { headers: keys.admin, query });
      }
      await client.refused('listAuditLogs', 403, 'tenancy.missing_scope', { headers: keys.read });
    });
  });
}
