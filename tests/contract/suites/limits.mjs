// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

/** Calls until the limit is reached; windows begin on the clock, so up to two of them may pass. */
async function exhaust(client, id, quota, options) {
  for (let i = 0; i <= 2 * quota + 1; ++i) {
    const answer = await client.call(id, options);
    if (answer.status === 429) return answer;
  }
  assert.fail(`${id} was called ${2 * quota + 2} times and never limited`);
}

export function limits(world) {
  describe('limits', () => {
    it('are told with each answer', async () => {
      const { headers } = await world.client.call('getMe', { headers: world.b.key });
      assert.equal(headers['ratelimit-policy'], '"minute";q=100;w=60, "hour";q=5000;w=3600');
      assert.match(headers.ratelimit, /^"(minute|hour)";r=\d+;t=\d+$/);
    });

    it('hold per organization, whatever its keys', async () => {
      const { client, a, b } = world;
      const { code, headers } = await exhaust(client, 'getMe', 100, { headers: b.key });
      assert.equal(code, 'gateway.rate_limited');
      assert.match(headers['retry-after'], /^[1-9]\d*$/);
      await client.done('getMe', 200, { headers: a.key });
      await client.done('getMe', 200, { headers: b.owner });
      await client.done('ingest', 200, { headers: b.key, json: { metrics: [{ name: 'cpu_usage', value: 1 }] } });
    });

    it('hold per address where there is no credential', async () => {
      const empty = { json: {} };
      assert.equal((await exhaust(world.client, 'createSession', 10, empty)).headers['ratelimit-policy'], '"minute";q=10;w=60');
      assert.equal((await exhaust(world.client, 'createOrganization', 10, empty)).headers['ratelimit-policy'], '"hour";q=10;w=3600');
    });

    it('hold for samples a second, which come again later', async () => {
      const { client, b } = world;
      const metrics = Array.from({ length: 20_000 }, (_, i) => ({ name: 'burst', value: i, timestamp: world.now - 20_000 + i }));
      for (let i = 0; i < 20; ++i) {
        const { status, code, headers } = await client.call('ingest', { headers: b.key, json: { metrics } });
        if (status === 200) continue;
        assert.deepEqual([status, code], [503, 'ingest.rate_limited']);
        assert.match(headers['retry-after'], /^[1-9]\d*$/);
        return;
      }
      assert.fail('400,000 samples at once were within a rate of 1,000 a second');
    });
  });

  describe('at the end', () => {
    it('a deleted organization has no credentials', async () => {
      const { client, b } = world;
      await client.done('deleteOrganization', 204, { headers: b.owner, path: { id: b.organization.id } });
      await client.refused('getMe', 401, 'identity.unknown_key', { headers: b.key });
      await client.refused('getMe', 401, 'identity.signed_out', { headers: b.owner });
    });
  });
}
