// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What holds for every operation of the document, also for those to come.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { exampleBody } from '../support/document.mjs';
import { snappy, writeRequest } from '../support/remote_write.mjs';
import { allowed, apiKey } from '../support/world.mjs';

const ABSENT = '019b83a0-0000-7000-8000-000000000000';

export function refusals(world, operations) {
  const named = (test) => operations.filter(test).map((operation) => [operation.id, operation]);
  /** Something to send that is well formed, to the organization itself. */
  const wellFormed = (operation) => ({
    path: { id: world.a.organization.id },
    ...(operation.json ? { json: exampleBody(operation) } : {}),
    ...('application/x-protobuf' in operation.content ? { bytes: snappy(writeRequest([])), type: 'application/x-protobuf' } : {}),
  });

  describe('without a valid credential', () => {
    for (const [id, operation] of named(({ schemes }) => schemes.length > 0)) {
      it(`${id} answers 401`, async () => {
        const options = wellFormed(operation);
        await world.client.refused(id, 401, 'gateway.no_credential', options);
        await world.client.refused(id, 401, 'gateway.malformed_key', { ...options, headers: apiKey('hlx_wrong') });
        await world.client.refused(id, 401, 'identity.unknown_key', { ...options, headers: world.keys.revoked });
        await world.client.refused(id, 401, 'identity.signed_out', { ...options, headers: { ...world.a.owner, Cookie: '__Host-helios_session=wrong' } });
      });
    }
  });

  describe('without the permission', () => {
    for (const [id, operation] of named(({ permission }) => permission)) {
      it(`${id} answers 403`, async () => {
        const headers = operation.permission === 'data.read' ? world.keys.write : world.keys.read;
        const problem = await world.client.refused(id, 403, 'tenancy.missing_scope', { ...wellFormed(operation), headers });
        assert.match(problem.detail, /want '\w+'|sign in/);
      });
    }
  });

  describe('from another site', () => {
    for (const [id, operation] of named(({ schemes, method }) => schemes.includes('session') && method !== 'GET')) {
      it(`${id} answers 403`, async () => {
        const { Origin: own, ...without } = world.a.owner;
        for (const headers of [without, { ...without, Origin: 'https://elsewhere.example' }, { ...without, Origin: `${own}.example` }]) {
          await world.client.refused(id, 403, 'gateway.cross_site', { ...wellFormed(operation), headers });
        }
      });
    }
  });

  describe('with a body that cannot be read', () => {
    for (const [id, operation] of named(({ json }) => json)) {
      it(`${id} says what is wrong with it`, async () => {
        const base = { ...wellFormed(operation), headers: allowed(world, operation) };
        const { json, ...rest } = base;
        const malformed = await world.client.refused(id, 400, 'http.bad_json', { ...rest, bytes: Buffer.from('{"name": nul}'), type: 'application/json' });
        assert.match(malformed.detail, /byte \d+/);
        const unknown = await world.client.refused(id, 400, 'http.unknown_field', { ...rest, json: { ...json, no_such_field: 1 } });
        assert.match(unknown.detail, /no_such_field/);
        await world.client.refused(id, 415, 'http.unsupported_type', { ...base, type: 'text/plain' });
      });
    }

    for (const [id, operation] of named(({ json }) => json)) {
      it(`${id} refuses what is too large`, async () => {
        const { json: _, ...rest } = { ...wellFormed(operation), headers: allowed(world, operation) };
        await world.client.refused(id, 413, 'http.body_too_large', { ...rest, declared: 17 << 20, type: 'application/json' });
        if (operation.schemes.length === 0) return; // counted per address
        const bomb = gzipSync(Buffer.alloc(5 << 20, ' '));
        const headers = { ...rest.headers, 'Content-Encoding': 'gzip' };
        await world.client.refused(id, 413, 'http.body_too_large', { ...rest, headers, bytes: bomb, type: 'application/json' });
        headers['Content-Encoding'] = 'br';
        await world.client.refused(id, 415, 'http.unsupported_encoding', { ...rest, headers, bytes: bomb, type: 'application/json' });
      });
    }
  });

  describe('what is not there, or another organization\'s', () => {
    for (const [id, operation] of named(({ path }) => path.includes('{id}'))) {
      it(`${id} answers with the same 404`, async () => {
        // Organization b's owner may do everything, in b.
        const options = { ...wellFormed(operation), headers: world.b.owner };
        const foreign = {
          '/api/v1/organizations/{id}': world.a.organization.id,
          '/api/v1/users/{id}': world.a.user.id,
          '/api/v1/api-keys/{id}': world.a.api_key.id,
          '/api/v1/models/{id}': world.model,
          '/api/v1/models/{id}/activate': world.model,
          '/api/v1/models/{id}/accuracy': world.model,
          '/api/v1/custom-models/{id}': world.custom,
          '/api/v1/jobs/{id}': world.job,
          '/api/v1/jobs/{id}/requeue': world.job,
          '/api/v1/jobs/{id}/cancel': world.job,
          '/api/v1/scaling-targets/{id}': world.target,
          '/api/v1/scaling-targets/{id}/advice': world.target,
          '/api/v1/scaling-targets/{id}/keda': world.target,
          '/api/v1/anomalies/{id}': world.anomaly,
          '/api/v1/incidents/{id}': world.incident,
          '/api/v1/alert-rules/{id}': world.rule,
          '/api/v1/dashboards/{id}': world.dashboard,
          '/api/v1/invitations/{id}': world.invitation,
          '/api/v1/notification-channels/{id}': world.channel,
          '/api/v1/notification-channels/{id}/test': world.channel,
          '/api/v1/notification-channels/{id}/rotate-secret': world.channel,
          '/api/v1/notification-channels/{id}/deliveries': world.channel,
          '/api/v1/notification-deliveries/{id}/replay': world.delivery,
        }[operation.path];
        assert.ok(foreign, `name something of organization a for ${operation.path}`);
        const answers = [];
        for (const named_ of [foreign, ABSENT]) {
          const { status, code, body } = await world.client.call(id, { ...options, path: { id: named_ } });
          answers.push([status, code, body.detail.replaceAll(named_, '…')]);
        }
        assert.equal(answers[0][0], 404);
        assert.deepEqual(answers[0], answers[1]);
        assert.equal((await world.client.call(id, { ...options, path: { id: 'none' } })).status, 404);
      });
    }

    it('is in no list', async () => {
      for (const id of ['listUsers', 'listApiKeys', 'listModels', 'listJobs', 'listSeries', 'listMetrics']) {
        const { data } = await world.client.done(id, 200, { headers: world.b.owner });
        assert.deepEqual(data.map((item) => item.email ?? item.name), { listUsers: [world.b.user.email], listApiKeys: ['First key'] }[id] ?? [], id);
      }
    });
  });

  describe('lists', () => {
    // Accuracy comes with the first forecasts that met their values, later than this suite waits.
    const lists = named(({ parameters, id }) => parameters.some(({ name }) => name === 'cursor') && id !== 'getModelAccuracy');
    for (const [id, operation] of lists) {
      it(`${id} comes in pages`, async () => {
        const { client } = world;
        const headers = id === 'listApiKeys' ? world.a.owner : allowed(world, operation);
        const path = { id: operation.path.includes('/scaling-targets/') ? world.target : world.channel };
        // Calls are written into the audit log while they are listed.
        const filter = id === 'listAuditLogs' ? { kind: 'change' } : {};
        const { data: whole } = await client.done(id, 200, { headers, path, query: { ...filter, limit: 1000 } });
        assert.ok(whole.length > 1, `${id} has too few items to come in pages`);
        const limit = Math.ceil(whole.length / 3);
        const items = [];
        let query = { ...filter, limit };
        for (let page = 1; page <= 3; ++page) {
          const { data, next_cursor: next } = await client.done(id, 200, { headers, path, query });
          items.push(...data);
          if (next === null) break;
          query = { ...filter, limit, cursor: next };
        }
        assert.ok(isDeepStrictEqual(items, whole), `${items.length} items came in pages, ${whole.length} at once`);

        for (const wrong of ['0', '1001', 'ten', '1.5']) {
          await client.refused(id, 400, 'http.bad_parameter', { headers, path, query: { limit: wrong } });
        }
        await client.refused(id, 400, 'http.unknown_parameter', { headers, path, query: { lmit: 1 } });
        await client.refused(id, 400, 'http.bad_cursor', { headers, path, query: { cursor: 'made-up' } });
        await client.refused(id, 400, 'http.bad_cursor', { headers: world.b.owner, path, query });
      });
    }

    it('a cursor holds for its own list and parameters', async () => {
      const { client, keys } = world;
      const { next_cursor: cursor } = await client.done('listSeries', 200, { headers: keys.read, query: { metric: 'cpu_usage', limit: 1 } });
      assert.ok(cursor);
      await client.refused('listSeries', 400, 'http.bad_cursor', { headers: keys.read, query: { metric: 'uptime', cursor } });
      await client.refused('listMetrics', 400, 'http.bad_cursor', { headers: keys.read, query: { cursor } });
    });
  });
}
