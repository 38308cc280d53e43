// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Background jobs. They are of a kind that no process does, so that they stay as they are put.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { runSql } from '../support/database.mjs';

export function jobs(world) {
  describe('jobs', () => {
    const id = (n) => `019b83a0-5c1e-7d42-bd75-00000000000${n}`;
    before(() => {
      world.job = id(1);
      const dead = `'dead', '{"code": "test.poison", "detail": "cannot work"}', '2026-01-03T12:00:01Z'`;
      for (const [n, state] of [[1, dead], [2, `'queued', NULL, NULL`], [3, `'succeeded', NULL, '2026-01-03T12:00:01Z'`]]) {
        runSql(world.folder, `INSERT INTO directory.jobs (org_id, id, kind, status, error, finished_at, run_at, attempts)
          SELECT '${world.a.organization.id}', '${id(n)}', 'test.nobody', s.*, '2026-01-03T12:00:00Z', 1 FROM (VALUES (${state})) AS s (a, b, c)`
          .replace('s.*', 's.a, s.b::jsonb, s.c::timestamptz'));
      }
      runSql(world.folder, `INSERT INTO directory.job_queue (job_id, tenant_id, kind, run_at)
        SELECT id, org_id, kind, run_at FROM directory.jobs WHERE status = 'queued'`);
    });

    it('are listed and read', async () => {
      const { client, keys } = world;
      const { data } = await client.done('listJobs', 200, { headers: keys.read, query: { kind: 'test.nobody' } });
      assert.equal(data.length, 3);
      const { data: dead } = await client.done('listJobs', 200, { headers: keys.read, query: { status: 'dead', kind: 'test.nobody' } });
      assert.deepEqual(dead.map((job) => [job.id, job.error.code]), [[id(1), 'test.poison']]);
      assert.deepEqual(await client.done('getJob', 200, { headers: keys.read, path: { id: id(1) } }), dead[0]);
      await client.refused('listJobs', 400, 'http.bad_parameter', { headers: keys.read, query: { status: 'tired' } });
      await client.refused('listJobs', 400, 'http.bad_parameter', { headers: keys.read, query: { kind: '' } });
    });

    it('are queued again and cancelled', async () => {
      const { client, keys } = world;
      const headers = keys.write;
      const again = await client.done('requeueJob', 200, { headers, path: { id: id(1) } });
      assert.deepEqual([again.status, again.finished_at, again.error.code], ['queued', null, 'test.poison']);
      await client.refused('requeueJob', 422, 'jobs.not_finished', { headers, path: { id: id(2) } });
      await client.refused('requeueJob', 422, 'jobs.succeeded', { headers, path: { id: id(3) } });
      const cancelled = await client.done('cancelJob', 200, { headers, path: { id: id(2) } });
      assert.equal(cancelled.status, 'cancelled');
      await client.refused('cancelJob', 422, 'jobs.already_finished', { headers, path: { id: id(2) } });
    });
  });
}
