// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const STEP = 5 * 60_000;
const METRIC = 'helios-recommended-replicas';

/** Three days of a daily wave. */
function wave(name, newest) {
  return Array.from({ length: 865 }, (_, i) => ({
    name,
    value: 100 + 50 * Math.sin((2 * Math.PI * i) / 288),
    timestamp: Math.trunc(newest) - (864 - i) * STEP,
  }));
}

export function scaling(world) {
  describe('scaling', () => {
    const limits = { per_replica_capacity: 10, max_replicas: 40 };
    const target = (name, more = {}) => ({ name, metric: 'shop_requests', ...limits, ...more });
    let shadow;

    it('is recommended for stored series and for a history', async () => {
      const { client, keys } = world;
      await client.done('ingest', 200, { headers: keys.write, json: { metrics: wave('shop_requests', Date.now()) } });
      const stored = await client.done('recommend', 200, { headers: keys.read, json: { metric: 'shop_requests', target: limits } });
      assert.equal(stored.recommendations[0].summed_series, 1);
      const history = wave('', Date.now()).map(({ timestamp, value }) => ({ timestamp, value }));
      const own = await client.done('recommend', 200, { headers: keys.read, json: { history, target: limits, horizon_minutes: 30, course: true } });
      assert.equal(own.recommendations[0].summed_series, null);
      assert.equal(own.recommendations[0].schedule.length, 6);
      assert.ok(own.recommendations[0].replay.course.length > 0);
    });

    it('refuses what makes no sense', async () => {
      const { client, keys } = world;
      const refused = (id, status, code, options) => client.refused(id, status, code, { headers: keys.write, ...options });
      const read = { headers: keys.read };
      await refused('recommend', 400, 'scaling.bad_subject', { ...read, json: { target: limits } });
      await refused('recommend', 400, 'scaling.bad_target', { ...read, json: { metric: 'm', target: { ...limits, min_replicas: 41 } } });
      await refused('recommend', 404, 'scaling.no_such_series', { ...read, json: { metric: 'none', target: limits } });
      await refused('recommend', 422, 'scaling.not_enough_history', { ...read, json: { history: [], target: limits } });
      await refused('createScalingTarget', 400, 'http.bad_field', { json: { ...target('x'), mode: 'auto' } });
      await refused('createScalingTarget', 400, 'scaling.bad_target', { json: target('x', { min_replicas: 41 }) });
      await refused('getExternalMetric', 400, 'scaling.bad_selector', { ...read, path: { namespace: 'n', metric: METRIC }, query: { labelSelector: 'app=x' } });
      await refused('getExternalMetric', 404, 'scaling.no_such_metric', { ...read, path: { namespace: 'n', metric: 'cpu' } });
      await refused('getExternalMetric', 404, 'scaling.no_such_target', { ...read, path: { namespace: 'n', metric: METRIC }, query: { labelSelector: 'target=x' } });
    });

    it('is advised for saved targets, and served to autoscalers', async () => {
      const { client, keys } = world;
      const made = await client.done('createScalingTarget', 201, { headers: keys.write, json: target('shop', { cost_per_replica_hour: 0.1, currency: 'EUR' }) });
      world.target = made.id;
      shadow = (await client.done('createScalingTarget', 201, { headers: keys.write, json: target('shadow', { mode: 'shadow' }) })).id;
      const advised = async () => {
        for (let tries = 0; tries < 400; ++tries) {
          const { advice } = await client.done('getScalingTarget', 200, { headers: keys.read, path: { id: made.id } });
          if (advice) return advice;
          await sleep(200);
        }
        return assert.fail('no advice came');
      };
      await client.refused('getKedaMetric', 503, 'scaling.no_advice', { headers: keys.read, path: { id: made.id } });
      await advised();
      // Changed, it is advised anew.
      await client.done('updateScalingTarget', 200, { headers: keys.write, path: { id: made.id }, json: { min_replicas: 2 } });
      const { replicas } = await advised();
      const keda = await client.done('getKedaMetric', 200, { headers: keys.read, path: { id: made.id } });
      assert.equal(keda.replicas, replicas);
      const { items } = await client.done('getExternalMetric', 200, { headers: keys.read, path: { namespace: 'n', metric: METRIC }, query: { labelSelector: 'target=shop' } });
      assert.deepEqual(items.map(({ value }) => value), [String(replicas)]);
      await client.done('listExternalMetrics', 200, { headers: keys.read });
      const { data } = await client.done('listScalingAdvice', 200, { headers: keys.read, path: { id: made.id } });
      assert.equal(data.length, 2);
      await client.refused('getKedaMetric', 422, 'scaling.shadow_mode', { headers: keys.read, path: { id: shadow } });
      await client.done('listScalingTargets', 200, { headers: keys.read });
      const gone = await client.done('createScalingTarget', 201, { headers: keys.write, json: target('gone') });
      await client.done('deleteScalingTarget', 204, { headers: keys.write, path: { id: gone.id } });
    });
  });
}
