// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { codesOf, makeAjv } from '../support/document.mjs';

export function service(world) {
  describe('the service', () => {
    it('is alive and ready', async () => {
      assert.equal(await world.client.done('healthz', 200), 'ok\n');
      assert.equal(await world.client.done('readyz', 200), 'ready\n');
    });

    it('serves the document that these tests read', async () => {
      assert.deepEqual(await world.client.done('getOpenApi', 200), JSON.parse(JSON.stringify(world.document)));
    });

    it('measures itself for the operator alone', async () => {
      assert.match(await world.client.done('operatorMetrics', 200), /^helios_http_answers_total\{.*operation="healthz".*\} \d/m);
      const outside = await world.client.exchange({ id: 'outside', method: 'GET', path: '/metrics' });
      assert.equal(outside.status, 404);
    });

    it('backs itself up for who has the master key', async () => {
      const { client, folder } = world;
      const backups = join(folder, 'backups');
      mkdirSync(backups);
      chmodSync(backups, 0o777); // the server is another user than a test that runs as root
      const master = Buffer.from(readFileSync(join(folder, 'data/master.key'), 'utf8').trim(), 'hex');
      const hmac = (key, text) => createHmac('sha256', key).update(text);
      const key = hmac(master, 'operator.request').digest();
      const signed = (json) => ({ json, headers: { 'X-Helios-Signature': hmac(key, `POST /backup\n${JSON.stringify(json)}`).digest('hex') } });
      const request = { directory: join(backups, 'first'), issued_at: new Date().toISOString() };
      const { files, database } = await client.done('operatorBackup', 200, signed(request));
      assert.ok(files > 1 && database);
      assert.equal((await client.exchange(client.operations.get('operatorBackup'), signed(request))).status, 422);
      await client.refused('operatorBackup', 400, 'backup.bad_directory', signed({ ...request, directory: 'first' }));
      await client.refused('operatorBackup', 401, 'backup.bad_signature', signed({ ...request, issued_at: '2026-01-03T12:00:00Z' }));
      await client.refused('operatorBackup', 401, 'backup.bad_signature', { json: request });
      const outside = await client.exchange({ id: 'outside', method: 'POST', path: '/backup' }, signed(request));
      assert.equal(outside.status, 404);
    });

    it('keeps a request id that it is given', async () => {
      const { headers } = await world.client.call('healthz', { headers: { 'X-Request-Id': 'my-id_1.0' } });
      assert.equal(headers['x-request-id'], 'my-id_1.0');
      const other = await world.client.call('healthz', { headers: { 'X-Request-Id': 'no id at all' } });
      assert.notEqual(other.headers['x-request-id'], 'no id at all');
    });

    it('answers HEAD wherever it answers GET', async () => {
      for (const id of ['healthz', 'getOpenApi', 'getMe', 'listUsers']) {
        const answer = await world.client.call(id, { method: 'HEAD', headers: world.a.key });
        assert.equal(answer.status, 200, id);
      }
    });

    it('refuses what no operation could answer', async () => {
      const { client, document } = world;
      const listed = codesOf(document.components.responses.Other.description);
      const validate = makeAjv().compile(document.components.schemas.Problem);
      const many = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`X-Field-${i}`, 'x']));
      for (const [path, headers, status, code] of [
        ['/healthz?%zz', {}, 400, 'http.bad_target'],
        ['/healthz', many, 431, 'http.too_many_fields'],
        ['/healthz', { 'X-Field': 'x'.repeat(17 << 10) }, 431, 'http.header_too_large'],
        ['/healthz', { Expect: 'the unexpected' }, 417, 'http.unknown_expectation'],
      ]) {
        const answer = await client.exchange({ id: path, method: 'GET', path }, { headers });
        assert.deepEqual([answer.status, answer.code], [status, code]);
        assert.ok(validate(answer.body), JSON.stringify(validate.errors));
        assert.ok(listed.has(code), `the document lists no ${code}`);
      }
    });

    it('says what it does not have', async () => {
      const validate = makeAjv().compile(world.document.components.schemas.Problem);
      const missing = await world.client.exchange({ id: 'missing', method: 'GET', path: '/api/v1/nothing' });
      assert.deepEqual([missing.status, missing.code], [404, 'http.no_such_route']);
      assert.ok(validate(missing.body), JSON.stringify(validate.errors));

      for (const [path, item] of Object.entries(world.document.paths)) {
        const documented = ['get', 'post', 'put', 'patch', 'delete'].filter((method) => method in item);
        const other = ['put', 'post', 'get'].find((method) => !documented.includes(method)).toUpperCase();
        const operatorOnly = 'servers' in item;
        const refused = await world.client.exchange({ id: path, method: other, path, operatorOnly }, { path: { id: world.a.user.id } });
        assert.deepEqual([refused.status, refused.code], [405, 'http.method_not_allowed'], `${other} ${path}`);
        assert.ok(validate(refused.body), JSON.stringify(validate.errors));
        const allow = refused.headers.allow.split(', ').filter((method) => method !== 'HEAD');
        assert.deepEqual(allow.sort(), documented.map((method) => method.toUpperCase()).sort(), `Allow of ${path}`);
      }
    });
  });
}
