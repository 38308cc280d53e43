// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

const URL = 'https://receiver.invalid/hook';

export function alerting(world) {
  describe('notification channels', () => {
    it('are added, changed, tested and deleted', async () => {
      const { client, a } = world;
      const headers = a.owner;
      const made = await client.done('createNotificationChannel', 201, { headers, json: { name: 'On call', url: URL } });
      const path = { id: made.id };
      const read = await client.done('getNotificationChannel', 200, { headers, path });
      assert.equal(read.secret, undefined);
      const renamed = await client.done('updateNotificationChannel', 200, { headers, path, json: { name: 'Night shift' } });
      assert.equal(renamed.name, 'Night shift');
      const rotated = await client.done('rotateNotificationSecret', 200, { headers, path });
      assert.notEqual(rotated.secret, made.secret);
      assert.ok(rotated.previous_secret_until);
      for (let i = 0; i < 3; ++i) await client.done('testNotificationChannel', 202, { headers, path });
      const { data } = await client.done('listNotificationDeliveries', 200, { headers, path });
      assert.deepEqual(data.map(({ message_type: type }) => type), ['test', 'test', 'test']);
      await client.done('replayNotificationDelivery', 202, { headers, path: { id: data[0].id } });
      await client.done('updateNotificationChannel', 200, { headers, path, json: { enabled: false } });
      await client.refused('testNotificationChannel', 422, 'notify.channel_disabled', { headers, path });
      await client.done('updateNotificationChannel', 200, { headers, path, json: { enabled: true } });
      world.channel = made.id;
      world.delivery = data[0].id;
      const more = await client.done('createNotificationChannel', 201, { headers, json: { name: 'More', url: URL } });
      await client.done('createNotificationChannel', 201, { headers, json: { name: 'Kept', url: URL } });
      await client.done('deleteNotificationChannel', 204, { headers, path: { id: more.id } });
    });

    it('show their secret once', async () => {
      const { client, a } = world;
      const options = { headers: { ...a.owner, 'Idempotency-Key': 'one channel' }, json: { name: 'Once', url: URL } };
      const made = await client.done('createNotificationChannel', 201, options);
      await client.refused('createNotificationChannel', 409, 'idempotency.secret_shown', options);
      await client.done('deleteNotificationChannel', 204, { headers: a.owner, path: { id: made.id } });
    });

    it('are as many as the plan has', async () => {
      const { client, b } = world;
      const made = [];
      for (let i = 0; i < 2; ++i) {
        made.push(await client.done('createNotificationChannel', 201, { headers: b.owner, json: { name: 'On call', url: URL } }));
      }
      await client.refused('createNotificationChannel', 429, 'notify.channel_limit', { headers: b.owner, json: { name: 'One more', url: URL } });
      for (const { id } of made) await client.done('deleteNotificationChannel', 204, { headers: b.owner, path: { id } });
    });

    it('lead to the public internet alone', async () => {
      const { client, a } = world;
      for (const url of ['http://127.0.0.1/', 'http://[::1]/', 'http://10.0.0.1/', 'ftp://example.com/', 'nowhere']) {
        await client.refused('createNotificationChannel', 400, 'notify.bad_url', { headers: a.owner, json: { name: 'a', url } });
      }
    });
  });

  describe('alert rules', () => {
    it('are added, read, changed and deleted', async () => {
      const { client, a } = world;
      const headers = a.owner;
      const json = { name: 'CPU is busy', metric: 'cpu_usage', match: '{host=~"web.*"}', condition: 'above', threshold: 1e9, channels: [world.channel] };
      const made = await client.done('createAlertRule', 201, { headers, json });
      assert.deepEqual(made.channels, [world.channel]);
      const path = { id: made.id };
      const changed = await client.done('updateAlertRule', 200, { headers, path, json: { enabled: false } });
      assert.deepEqual([changed.enabled, changed.match], [false, json.match]);
      await client.done('getAlertRule', 200, { headers, path });
      await client.done('createAlertRule', 201, { headers, json: { name: 'Silent', metric: 'uptime', condition: 'no_data', for_seconds: 300 } });
      const forecast = { name: 'Fills up', metric: 'disk_used', condition: 'forecast_breach', threshold: 1e12, horizon_minutes: 60, probability: 0.8 };
      const third = await client.done('createAlertRule', 201, { headers, json: forecast });
      await client.done('deleteAlertRule', 204, { headers, path: { id: third.id } });
      assert.equal((await client.done('listAlertRules', 200, { headers })).data.length, 2);
      world.rule = made.id;
      await client.refused('createAlertRule', 400, 'alerting.no_such_channel', { headers, json: { ...json, channels: [made.id] } });
    });

    it('are replayed', async () => {
      const { client, keys } = world;
      const json = { name: 'a', metric: 'cpu_usage', condition: 'above', threshold: -1 };
      const backtest = await client.done('backtestAlertRule', 200, { headers: keys.read, json });
      assert.ok(backtest.series > 0);
      assert.equal(backtest.incident_count, backtest.incidents.length);
      assert.ok(backtest.incident_count > 0);
    });

    it('that make no sense are refused', async () => {
      const { client, a, keys } = world;
      const json = { name: 'a', metric: 'cpu_usage', condition: 'above', threshold: 1 };
      for (const [field, code] of [
        [{ condition: 'near' }, 'http.bad_field'],
        [{ threshold: null }, 'alerting.bad_rule'],
        [{ probability: 0.5 }, 'alerting.bad_rule'],
        [{ condition: 'no_data', threshold: null }, 'alerting.bad_rule'],
        [{ match: '{host' }, 'query.bad_match'],
        [{ severity: 'bad' }, 'http.bad_field'],
      ]) {
        await client.refused('createAlertRule', 400, code, { headers: a.owner, json: { ...json, ...field } });
        await client.refused('backtestAlertRule', 400, code, { headers: keys.read, json: { ...json, ...field } });
      }
    });
  });
}
