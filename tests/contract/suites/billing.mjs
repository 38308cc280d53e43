// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

export function billing(world) {
  describe('usage', () => {
    it('says what the plan allows and what was used', async () => {
      const { client, keys, b } = world;
      const usage = await client.done('getUsage', 200, { headers: keys.read });
      assert.equal(usage.plan, 'professional');
      assert.equal(usage.samples.included, 100_000_000);
      assert.equal(usage.notification_channels.included, 10);
      assert.equal(usage.users.included, null);
      assert.ok(usage.samples.used > 0, 'samples were sent');
      assert.equal(usage.days.reduce((sum, { samples }) => sum + samples, 0), usage.samples.used);
      const starter = await client.done('getUsage', 200, { headers: b.owner });
      assert.equal(starter.predictions.included, 100_000);
      await client.refused('getUsage', 400, 'http.unknown_parameter', { headers: keys.read, query: { month: '2026-01' } });
    });
  });
}
