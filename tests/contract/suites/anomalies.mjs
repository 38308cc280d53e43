// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const STEP = 5 * 60_000;
const ABSENT = '019b83a0-0000-7000-8000-000000000000';

/** Three calm days that end in a peak. */
function peak(name, newest) {
  return Array.from({ length: 865 }, (_, i) => ({
    name,
    value: i === 864 ? 1000 : 50 + 5 * Math.sin((2 * Math.PI * i) / 288) + ((i * 7919) % 13) / 13,
    timestamp: Math.trunc(newest) - (864 - i) * STEP,
    labels: { host: 'web-1' },
  }));
}

export function anomalies(world) {
  describe('anomalies', () => {
    const read = (query) => world.client.done('listAnomalies', 200, { headers: world.keys.read, query });
    let found;

    it('are found in what comes, and make an incident', async () => {
      const { client, keys } = world;
      // Two pairs, each together, and eight minutes apart: two incidents.
      for (const [name, ago] of [['disk_errors', 8], ['disk_latency', 8], ['error_rate', 0], ['latency', 0]]) {
        const metrics = peak(name, world.now - ago * 60_000);
        await client.done('ingest', 200, { headers: keys.write, json: { metrics } });
      }
      for (let tries = 0; tries < 300 && !(found?.length === 4); ++tries) {
        await sleep(100);
        found = (await read()).data;
      }
      assert.equal(found.length, 4);
      [world.anomaly, world.incident] = [found[0].id, found[0].incident_id];
      assert.ok(found.every(({ value, status, ended_at: end, severity }) => value === 1000 && status === 'open' && end === null && severity === 'critical'));
      const { data: incidents } = await client.done('listIncidents', 200, { headers: keys.read });
      assert.deepEqual(incidents.map(({ id, anomalies: count }) => [id, count]), [[found[0].incident_id, 2], [found[2].incident_id, 2]]);
    });

    it('are listed by what they are', async () => {
      const newest = found[0].started_at;
      for (const [query, count] of [
        [{ status: 'open' }, 4],
        [{ status: 'resolved' }, 0],
        [{ severity: 'critical', metric: 'latency' }, 1],
        [{ start: newest, end: newest }, 2],
        [{ end: '2020-01-01T00:00:00Z' }, 0],
        [{ incident: found[0].incident_id }, 2],
        [{ incident: ABSENT }, 0],
      ]) {
        assert.equal((await read(query)).data.length, count, JSON.stringify(query));
      }
      const { keys, client } = world;
      for (const query of [{ status: 'closed' }, { severity: 'bad' }, { start: 'yesterday' }, { incident: 'none' }]) {
        await client.refused('listAnomalies', 400, 'http.bad_parameter', { headers: keys.read, query });
      }
      for (const query of [{ status: 'false_positive' }, { severity: 'bad' }, { end: 'now' }]) {
        await client.refused('listIncidents', 400, 'http.bad_parameter', { headers: keys.read, query });
      }
    });

    it('are counted over time by what they are', async () => {
      const { client, keys } = world;
      const count = (query) => client.done('countAnomalies', 200, { headers: keys.read, query });
      const sum = ({ data }) => data.reduce((total, { low, medium, high, critical }) => total + low + medium + high + critical, 0);
      const [newest, oldest] = [found[0].started_at, found[3].started_at];
      // Eight minutes lie between the pairs: two steps of a minute, of which each holds one.
      const { data } = await count({ start: oldest, end: newest, step: 60 });
      assert.deepEqual(data, [{ start: oldest, low: 0, medium: 0, high: 0, critical: 2 }, { start: newest, low: 0, medium: 0, high: 0, critical: 2 }]);
      for (const [query, total] of [
        [{ start: oldest, step: 86_400 }, 4],
        [{ start: oldest, step: 86_400, metric: 'latency' }, 1],
        [{ start: oldest, step: 86_400, status: 'resolved' }, 0],
        [{ start: oldest, step: 86_400, severity: 'low' }, 0],
        [{ start: newest, end: oldest, step: 60 }, 0],
      ]) {
        assert.equal(sum(await count(query)), total, JSON.stringify(query));
      }
      for (const query of [{ step: 60 }, { start: oldest }, { start: oldest, step: 0 }, { start: oldest, step: 'hour' }, { start: 'now', step: 60 }, { start: '2020-01-01T00:00:00Z', step: 60 }, { start: oldest, step: 60, status: 'closed' }]) {
        await client.refused('countAnomalies', 400, 'http.bad_parameter', { headers: keys.read, query });
      }
    });

    it('take every status, with who decided and when', async () => {
      const { client, keys, a } = world;
      const path = { id: found[0].id };
      const change = (status) => client.done('updateAnomaly', 200, { headers: keys.write, path, json: { status } });
      const acknowledged = await change('acknowledged');
      assert.deepEqual([acknowledged.status, acknowledged.resolved_at], ['acknowledged', null]);
      assert.notEqual(acknowledged.acknowledged_by, null);
      assert.notEqual((await change('resolved')).resolved_at, null);
      assert.equal((await change('false_positive')).status, 'false_positive');
      const open = await change('open');
      assert.deepEqual([open.acknowledged_by, open.resolved_at], [null, null]);
      assert.deepEqual(await client.done('getAnomaly', 200, { headers: keys.read, path }), open);
      await client.done('updateAnomaly', 200, { headers: a.owner, path, json: { status: 'acknowledged' } });
      await client.refused('updateAnomaly', 400, 'http.bad_field', { headers: keys.write, path, json: { status: 'closed' } });
      await client.refused('updateAnomaly', 404, 'detection.no_such_anomaly', { headers: keys.write, path: { id: ABSENT }, json: { status: 'open' } });
      await client.refused('getAnomaly', 404, 'detection.no_such_anomaly', { headers: keys.read, path: { id: ABSENT } });
    });

    it('are acknowledged and resolved with their incident', async () => {
      const { client, keys } = world;
      const path = { id: found[0].incident_id };
      const incident = await client.done('getIncident', 200, { headers: keys.read, path });
      assert.deepEqual(incident.series.map(({ rank }) => rank), [1, 2]);
      const acknowledged = await client.done('updateIncident', 200, { headers: keys.write, path, json: { status: 'acknowledged' } });
      assert.deepEqual(acknowledged.series.map(({ status }) => status), ['acknowledged', 'acknowledged']);
      const resolved = await client.done('updateIncident', 200, { headers: keys.write, path, json: { status: 'resolved' } });
      assert.deepEqual(resolved.series.map(({ status }) => status), ['resolved', 'resolved']);
      await client.done('updateIncident', 200, { headers: keys.write, path, json: { status: 'open' } });
      await client.refused('updateIncident', 400, 'http.bad_field', { headers: keys.write, path, json: { status: 'false_positive' } });
      await client.refused('updateIncident', 404, 'detection.no_such_incident', { headers: keys.write, path: { id: ABSENT }, json: { status: 'open' } });
      await client.refused('getIncident', 404, 'detection.no_such_incident', { headers: keys.read, path: { id: ABSENT } });
    });

    it('are found on demand, in stored series and in a history', async () => {
      const { client, keys } = world;
      const stored = await client.done('detect', 200, { headers: keys.read, json: { metric: 'latency', labels: { host: 'web-1' } } });
      assert.deepEqual(stored.series.map(({ metric, anomalies: list }) => [metric, list.length]), [['latency', 1]]);
      assert.equal(stored.series[0].judged, undefined);
      const { series: [{ judged }] } = await client.done('detect', 200, { headers: keys.read, json: { metric: 'latency', start: found[0].started_at, judged_points: 4 } });
      assert.deepEqual(judged.map(([time, value, , , upper]) => [time, value, value > upper]), [[found[0].started_at, 1000, true]]);
      const history = peak('own', Date.now()).map(({ timestamp, value }) => ({ timestamp, value }));
      const own = await client.done('detect', 200, { headers: keys.read, json: { history, sensitivity: 5 } });
      assert.deepEqual([own.series[0].metric, own.series[0].labels], [null, {}]);
      assert.ok(own.series[0].anomalies.length >= 1);
      for (const [json, status, code] of [
        [{ metric: 'nothing' }, 404, 'detection.no_such_series'],
        [{}, 400, 'detection.bad_subject'],
        [{ metric: 'latency', history: [] }, 400, 'detection.bad_subject'],
        [{ metric: 'latency', start: 2, end: 1 }, 400, 'detection.bad_range'],
        [{ metric: 'latency', sensitivity: 6 }, 400, 'detection.bad_sensitivity'],
        [{ metric: 'latency', sensitivity: 'keen' }, 400, 'http.bad_field'],
        [{ metric: 'latency', judged_points: 1_001 }, 400, 'http.bad_field'],
        [{ history: [], judged_points: 100 }, 400, 'detection.bad_subject'],
        [{ metric: 'many' }, 400, 'detection.too_many_series'],
        [{ history: Array.from({ length: 50_001 }, (_, i) => ({ timestamp: i, value: 1 })) }, 400, 'detection.history_too_long'],
      ]) {
        await client.refused('detect', status, code, { headers: keys.read, json });
      }
    });

    it('are replayed at a sensitivity and within a budget', async () => {
      const { client, keys } = world;
      const replay = (json) => client.done('backtestDetection', 200, { headers: keys.read, json });
      const asSet = await replay({ metric: 'latency' });
      assert.deepEqual([asSet.sensitivity, asSet.anomalies_reported, asSet.score_floor], [2.5, 1, 0.5]);
      assert.equal((await replay({ sensitivity: 5, days: 30 })).sensitivity, 5);
      const none = await replay({ metric: 'latency', budget_per_week: 0 });
      assert.deepEqual([none.anomalies_found, none.anomalies_reported, none.data], [1, 0, []]);
      for (const [json, status, code] of [
        [{ metric: 'nothing' }, 404, 'detection.no_such_series'],
        [{ labels: { host: 'web-1' } }, 400, 'detection.bad_backtest'],
        [{ sensitivity: -1 }, 400, 'detection.bad_sensitivity'],
        [{ days: 91 }, 400, 'http.bad_field'],
        [{ budget_per_week: 1.5 }, 400, 'http.bad_field'],
      ]) {
        await client.refused('backtestDetection', status, code, { headers: keys.read, json });
      }
    });
  });
}
