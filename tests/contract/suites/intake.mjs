// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { codesOf } from '../support/document.mjs';
import { bitsOf, snappy, STALE_MARKER, writeRequest, writeRequestTwo } from '../support/remote_write.mjs';

const MINUTE = 60_000;
const WRITE = { 'Content-Type': 'application/x-protobuf', 'Content-Encoding': 'snappy', 'X-Prometheus-Remote-Write-Version': '0.1.0' };

const writtenOf = ({ headers }) => ['samples', 'histograms', 'exemplars'].map((kind) => headers[`x-prometheus-remote-write-${kind}-written`]);

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
      for (const type of ['application/json', 'application/x-protobuf;proto=io.prometheus.write.v3.Request']) {
        await client.refused('prometheusWrite', 415, 'http.unsupported_type', { headers, bytes: snappy(future), type });
      }
    });

    it('imports history in any order, and once', async () => {
      const { client, keys } = world;
      const headers = { ...keys.write, ...WRITE };
      const of = (samples) => snappy(writeRequest([{ labels: { __name__: 'imported', job: 'contract' }, samples: samples.map(([value, time]) => [bitsOf(value), time]) }]));
      const day = now - 24 * 60 * MINUTE;
      const history = [[1, now], [2, day], [3, day - MINUTE]];
      assert.deepEqual(await client.done('importSamples', 200, { headers, bytes: of(history) }), { accepted: 3, duplicates: 0, rejected: 0 });
      assert.deepEqual(await client.done('importSamples', 200, { headers, bytes: of(history) }), { accepted: 3, duplicates: 3, rejected: 0 });
      const { status, body } = await client.call('importSamples', { headers, bytes: of([[4, day], [5, day + MINUTE]]) });
      assert.deepEqual([status, body.code, body.accepted, body.errors[0].code], [400, 'ingest.samples_rejected', 1, 'ingest.conflicting_value']);
      await client.refused('importSamples', 400, 'ingest.bad_snappy', { headers, bytes: Buffer.from([0xff, 0xff]) });
      await client.refused('importSamples', 415, 'http.unsupported_type', { headers, bytes: of(history), type: 'application/x-protobuf;proto=io.prometheus.write.v2.Request' });
    });

    it('takes remote write 2.0, and says what was written', async () => {
      const { client, keys } = world;
      const headers = { ...keys.write, ...WRITE, 'X-Prometheus-Remote-Write-Version': '2.0.0' };
      const type = 'application/x-protobuf;proto=io.prometheus.write.v2.Request';
      const series = { labels: { __name__: 'written_two', job: 'contract' }, samples: [[bitsOf(2.5), now - 1000], [STALE_MARKER, now]] };
      const taken = await client.call('prometheusWrite', { headers, type, bytes: snappy(writeRequestTwo([series])) });
      assert.deepEqual([taken.status, ...writtenOf(taken)], [204, '2', '0', '0']);
      const json = { metric: 'written_two', start: now - MINUTE, end: now, time_format: 'unix_ms' };
      const { series: read } = await client.done('query', 200, { headers: keys.read, json });
      assert.deepEqual(read[0].points, [[now - 1000, 2.5], [now, null]]);
      assert.deepEqual(read[0].labels, { job: 'contract' });

      const exemplars = await client.call('prometheusWrite', { headers, type, bytes: snappy(writeRequestTwo([{ ...series, exemplars: 1 }])) });
      assert.deepEqual([exemplars.status, exemplars.body.errors[0].code, ...writtenOf(exemplars)], [400, 'ingest.unsupported_exemplar', '2', '0', '0']);
      const future = { labels: { __name__: 'written_two' }, samples: [[bitsOf(1), now], [bitsOf(1), now + 60 * MINUTE]] };
      const partly = await client.call('prometheusWrite', { headers, type, bytes: snappy(writeRequestTwo([future])) });
      assert.deepEqual([partly.status, ...writtenOf(partly)], [400, '1', '0', '0']);
      await client.refused('prometheusWrite', 400, 'ingest.bad_protobuf', { headers, type, bytes: snappy(Buffer.from([0x22, 0x01, 0x61])) });
    });

    it('stores one of a pair of Prometheus servers', async () => {
      const { client, keys } = world;
      const write = (replica, value) => {
        const labels = { __name__: 'of_a_pair', __replica__: replica, cluster: 'eu' };
        return client.call('prometheusWrite', { headers: { ...keys.write, ...WRITE }, bytes: snappy(writeRequest([{ labels, samples: [[bitsOf(value), now]] }])) });
      };
      assert.equal((await write('one', 1)).status, 204);
      assert.equal((await write('two', 2)).status, 202);
      const { series } = await client.done('query', 200, { headers: keys.read, json: { metric: 'of_a_pair', start: now, end: now } });
      assert.deepEqual(series.map(({ labels, points }) => [labels, points[0][1]]), [[{ cluster: 'eu' }, 1]]);
    });

    it('takes what OpenTelemetry sends, and answers in kind', async () => {
      const { client, keys } = world;
      const point = (more) => ({ timeUnixNano: `${now}000000`, ...more });
      const request = (dataPoints) => ({
        resourceMetrics: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
            scopeMetrics: [{ metrics: [{ name: 'http.requests', unit: '{requests}', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints } }] }],
          },
        ],
      });
      const send = (id, body, more = {}) => client.call(id, { headers: { ...keys.write, ...more }, bytes: Buffer.from(JSON.stringify(body)), type: 'application/json' });
      assert.deepEqual((await send('otlpMetrics', request([point({ asInt: '7' })]))).body, {});
      assert.deepEqual((await send('otlpMetricsUnderApi', request([point({ asInt: '7' })]))).body, {});
      const { series } = await client.done('query', 200, { headers: keys.read, json: { metric: 'http_requests_total', start: now, end: now } });
      assert.deepEqual([series[0].labels, series[0].points[0][1]], [{ job: 'shop' }, 7]);

      const partly = await send('otlpMetrics', request([point({ asInt: '7' }), point({}), point({ asInt: '8' })]));
      assert.deepEqual([partly.status, partly.body.partialSuccess.rejectedDataPoints], [200, '2']);
      const broken = await send('otlpMetrics', { resourceMetrics: {} });
      assert.deepEqual([broken.status, broken.type, broken.body.code], [400, 'application/json', 3]);
      assert.match(broken.body.message, /^ingest\.bad_envelope: /);

      const protobuf = (bytes, more = {}) => client.call('otlpMetrics', { headers: { ...keys.write, ...more }, bytes, type: 'application/x-protobuf' });
      const empty = await protobuf(gzipSync(Buffer.alloc(0)), { 'Content-Encoding': 'gzip' });
      assert.deepEqual([empty.status, empty.type, empty.body], [200, 'application/x-protobuf', '']);
      const unreadable = await protobuf(Buffer.from([0x0a, 0x7f]));
      assert.deepEqual([unreadable.status, unreadable.type], [400, 'application/x-protobuf']);
      assert.match(unreadable.body, /ingest\.bad_protobuf: /);
      await client.refused('otlpMetrics', 415, 'http.unsupported_type', { headers: keys.write, bytes: Buffer.alloc(0), type: 'text/plain' });
      const bomb = gzipSync(Buffer.alloc(40 << 20));
      assert.equal((await protobuf(bomb, { 'Content-Encoding': 'gzip' })).status, 413);
    });

    it('takes lines as InfluxDB does', async () => {
      const { client, keys } = world;
      const token = { Authorization: `Token ${keys.write['X-API-Key']}` };
      const line = (bytes, more = {}) => ({ bytes: Buffer.from(bytes), type: 'text/plain; charset=utf-8', ...more });
      await client.done('influxWrite', 204, line(`disk,host=a used=1.5,label="text" ${now}`, { query: { db: 'telegraf', precision: 'ms', u: 'x', p: keys.write['X-API-Key'] } }));
      await client.done('influxBucketWrite', 204, line(`disk,host=a free=2i ${now}`, { headers: token, query: { bucket: 'b', precision: 'ms', org: 'o' } }));
      const { series } = await client.done('query', 200, { headers: keys.read, json: { metric: 'disk_used', start: now, end: now } });
      assert.deepEqual(series[0].labels, { db: 'telegraf', host: 'a' });

      const { status, body } = await client.call('influxBucketWrite', line('good value=1\nbad\n', { headers: token }));
      assert.deepEqual([status, body.code, body.accepted, body.rejected, body.errors[0].code], [400, 'ingest.samples_rejected', 1, 1, 'ingest.bad_line']);
      assert.match(body.error, /^partial write: .* dropped=1$/);
      assert.equal(body.message, body.error);
      await client.refused('influxBucketWrite', 400, 'http.bad_parameter', line('a value=1', { headers: token, query: { precision: 'days' } }));
      await client.refused('influxBucketWrite', 400, 'http.bad_encoding', line('a value=1', { headers: { ...token, 'Content-Encoding': 'gzip' } }));
    });

    it('lists what was refused', async () => {
      const { client, keys } = world;
      const { data, totals } = await client.done('listRejections', 200, { headers: keys.read });
      const of = (reason) => data.find((entry) => entry.reason === reason);
      assert.deepEqual([of('ingest.text_field').route, of('ingest.text_field').count], ['influxWrite', 1]);
      assert.equal(of('ingest.replica_not_elected').route, 'prometheusWrite');
      assert.ok(totals.find(({ reason }) => reason === 'ingest.conflicting_value').count >= 2);
      assert.ok(data.length <= 100);
      assert.match(of('ingest.text_field').series, /^\w+/);
      assert.match(of('ingest.conflicting_value').series, /^\w+/);
      assert.equal(of('ingest.replica_not_elected').series, null);
      for (const { reason, fix } of [...data, ...totals]) assert.ok(fix.length > 10, reason);
      await client.refused('listRejections', 400, 'http.unknown_parameter', { headers: keys.read, query: { limit: 1 } });
      assert.deepEqual(await client.done('listRejections', 200, { headers: world.b.owner }), { data: [], totals: [] });
    });
  });
}
