// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { codesOf } from '../support/document.mjs';
import { bitsOf, snappy, STALE_MARKER, writeRequest } from '../support/remote_write.mjs';

const MINUTE = 60_000;
const WRITE = { 'Content-Type': 'application/x-protobuf', 'Content-Encoding': 'snappy', 'X-Prometheus-Remote-Write-Version': '0.1.0' };

export function intake(world) {
  const now = Math.floor(Date.now() / 1000) * 1000;
  world.now = now;

  describe('intake', () => {
    it('takes JSON, and the same again', async () => {
      const { client, keys } = world;
      const metrics = [];
      for (const host of ['web-1', 'web-2']) {
        for (let minute = 60; minute >= 0; --minute) {
          metrics.push({ name: 'cpu_usage', value: 0.25 + 0.01 * (minute % 5), timestamp: now - minute * MINUTE, labels: { host } });
        }
      }
      metrics.push({ name: 'queue_length', value: 7, source: 'contract' });
      metrics.push({ name: 'uptime', value: -0.1, timestamp: new Date(now).toISOString() });
      for (let again = 0; again < 2; ++again) {
        const answer = await client.done('ingest', 200, { headers: keys.write, json: { metrics: metrics.slice(0, 122) } });
        assert.deepEqual(answer, { accepted: 122, rejected: 0 });
      }
      await client.done('ingest', 200, { headers: keys.write, json: { metrics: metrics.slice(122) } });
    });

    it('takes compressed JSON, and no JSON at all is no samples', async () => {
      const { client, keys } = world;
      const bytes = gzipSync(JSON.stringify({ metrics: [{ name: 'compressed', value: 1 }] }));
      const headers = { ...keys.write, 'Content-Encoding': 'gzip' };
      assert.deepEqual(await client.done('ingest', 200, { headers, bytes, type: 'application/json' }), { accepted: 1, rejected: 0 });
      assert.deepEqual(await client.done('ingest', 200, { headers: keys.write, json: { metrics: [] } }), { accepted: 0, rejected: 0 });
      await client.refused('ingest', 400, 'http.bad_encoding', { headers, bytes: Buffer.from('{}'), type: 'application/json' });
      await client.refused('ingest', 400, 'ingest.bad_envelope', { headers: keys.write, json: { metrics: 1 } });
    });

    it('keeps the good samples and says what is wrong with each other one', async () => {
      const { client, keys } = world;
      const long = 'x'.repeat(2000);
      const old = new Date(now - 400 * 24 * 60 * MINUTE).toISOString();
      const bad = [
        [1, 'ingest.bad_item'],
        [{ name: 'a', value: 1, valeu: 2 }, 'ingest.unknown_field'],
        [{ name: 'a', value: 'NaN' }, 'ingest.bad_value'],
        [{ name: 'a' }, 'ingest.bad_value'],
        [{ name: 'a', value: 1, timestamp: 'today' }, 'ingest.bad_timestamp'],
        [{ name: 'a', value: 1, source: 'x'.repeat(101) }, 'ingest.bad_source'],
        [{ value: 1 }, 'ingest.bad_metric_name'],
        [{ name: '', value: 1 }, 'ingest.bad_metric_name'],
        [{ name: 'helios:forecast', value: 1 }, 'ingest.bad_metric_name'],
        [{ name: 'a', value: 1, labels: { '': 'x' } }, 'ingest.bad_label_name'],
        [{ name: 'a', value: 1, labels: { host: 1 } }, 'ingest.bad_label_value'],
        [{ name: 'a', value: 1, labels: Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`l${i}`, 'x'])) }, 'ingest.too_many_labels'],
        [{ name: 'a', value: 1, labels: { a: long, b: long, c: long, d: long, e: long } }, 'ingest.labels_too_large'],
        [{ name: 'a', value: 1, timestamp: now + 60 * MINUTE }, 'ingest.future_timestamp'],
        [{ name: 'a', value: 1, timestamp: old }, 'ingest.too_old'],
        [{ name: 'cpu_usage', value: 1, timestamp: now - 180 * MINUTE, labels: { host: 'web-1' } }, 'ingest.out_of_order'],
        [{ name: 'cpu_usage', value: 99, timestamp: now, labels: { host: 'web-1' } }, 'ingest.conflicting_value'],
      ];
      const good = { name: 'kept', value: 1 };
      const json = { metrics: [good, ...bad.map(([item]) => item)] };
      const { status, body } = await client.call('ingest', { headers: keys.write, json });
      assert.deepEqual([status, body.accepted, body.rejected], [400, 1, bad.length]);
      assert.deepEqual(
        body.errors.map(({ index, code }) => [index, code]),
        bad.map(([, code], i) => [i + 1, code]),
      );
      const listed = codesOf(world.document.components.schemas.SampleError.description);
      for (const { code } of body.errors) assert.ok(listed.has(code), `the document lists no ${code}`);

      const twice = Buffer.from('{"metrics":[{"name":"a","value":1,"labels":{"host":"x","host":"y"}}]}');
      const repeated = await client.call('ingest', { headers: keys.write, bytes: twice, type: 'application/json' });
      assert.deepEqual(repeated.body.errors.map(({ code }) => code), ['ingest.duplicate_label']);
    });

    it('takes 50,000 samples of 10,000 series at once, and no more', async () => {
      const { client, keys } = world;
      const refuse = (code, metrics) => client.refused('ingest', 413, code, { headers: keys.write, bytes: Buffer.from(metrics), type: 'application/json' });
      await refuse('ingest.too_many_samples', `{"metrics":[${Array(50_001).fill('{"name":"a","value":1}').join()}]}`);
      await refuse('ingest.too_many_series', `{"metrics":[${Array.from({ length: 10_001 }, (_, i) => `{"name":"a${i}","value":1}`).join()}]}`);
    });

    it('takes what Prometheus sends, bit by bit', async () => {
      const { client, keys } = world;
      const samples = [1.5, NaN, Infinity, -Infinity].map((value, i) => [bitsOf(value), now - (10 - i) * 1000]);
      samples.push([STALE_MARKER, now]);
      const bytes = snappy(writeRequest([{ labels: { __name__: 'written', job: 'contract' }, samples }]));
      await client.done('prometheusWrite', 204, { headers: { ...keys.write, ...WRITE }, bytes });
      const json = { metric: 'written', start: now - MINUTE, end: now, time_format: 'unix_ms' };
      const { series } = await client.done('query', 200, { headers: keys.read, json });
      assert.deepEqual(series[0].points.map(([, value]) => value), [1.5, 'NaN', '+Inf', '-Inf', null]);
      assert.deepEqual(series[0].points.map(([time]) => time), samples.map(([, time]) => time));
    });

    it('refuses of remote write what it cannot read', async () => {
      const { client, keys } = world;
      const headers = { ...keys.write, ...WRITE };
      const future = writeRequest([{ labels: { __name__: 'written' }, samples: [[bitsOf(1), now + 60 * MINUTE]] }]);
      const { status, body } = await client.call('prometheusWrite', { headers, bytes: snappy(future) });
      assert.deepEqual([status, body.code, body.errors[0].code], [400, 'ingest.samples_rejected', 'ingest.future_timestamp']);
      await client.refused('prometheusWrite', 400, 'ingest.bad_snappy', { headers, bytes: Buffer.from([0xff, 0xff]) });
      await client.refused('prometheusWrite', 400, 'ingest.bad_protobuf', { headers, bytes: snappy(Buffer.from([0x0a, 0x7f])) });
      const declares = Buffer.from([0xff, 0xff, 0xff, 0x7f, 0x00]); // 256 MiB, in five bytes
      await client.refused('prometheusWrite', 413, 'http.body_too_large', { headers, bytes: declares });
      await client.refused('prometheusWrite', 413, 'http.body_too_large', { headers, declared: 17 << 20 });
      await client.refused('prometheusWrite', 415, 'http.unsupported_encoding', { headers: { ...headers, 'Content-Encoding': 'gzip' }, bytes: snappy(future) });
      for (const type of ['application/json', 'application/x-protobuf;proto=io.prometheus.write.v2.Request']) {
        await client.refused('prometheusWrite', 415, 'http.unsupported_type', { headers, bytes: snappy(future), type });
      }
    });
  });
}
