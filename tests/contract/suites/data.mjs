// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSql } from '../support/database.mjs';

const MINUTE = 60_000;

export function data(world) {
  describe('samples', () => {
    it('are found by metric and labels', async () => {
      const { client, keys } = world;
      const metrics = await client.done('listMetrics', 200, { headers: keys.read });
      assert.deepEqual(metrics.data.filter((name) => !name.startsWith('helios:')), [
        'compressed', 'cpu_usage', 'disk_free', 'disk_used', 'good', 'http_requests_total', 'imported', 'kept', 'of_a_pair', 'queue_length', 'uptime', 'written', 'written_two',
      ]);
      const series = await client.done('listSeries', 200, { headers: keys.read, query: { metric: 'cpu_usage', match: '{host=~"web-.*",host!="web-2"}' } });
      assert.deepEqual(series.data.map(({ labels }) => labels), [{ host: 'web-1' }]);
      await client.refused('listSeries', 400, 'query.bad_match', { headers: keys.read, query: { match: '{host' } });
      await client.refused('listSeries', 400, 'query.bad_regex', { headers: keys.read, query: { match: '{host=~"("}' } });
    });

    it('are told of as they come', async () => {
      const { client, keys } = world;
      const match = '{__name__="cpu_usage"}';
      const stream = await client.done('live', 200, { headers: keys.read, query: { match }, until: '\n\n' });
      assert.match(stream, /^retry: \d+\nid: \S+\nevent: ready\ndata: \{"resumed":false,"truncated":false,"series":\[\{/);
      const id = /^id: (\S+)$/m.exec(stream)[1];
      const again = await client.done('live', 200, { headers: { ...keys.read, 'Last-Event-ID': id }, query: { match }, until: '\n\n' });
      assert.match(again, /"resumed":true/);
      const refused = (code, query) => client.refused('live', 400, code, { headers: keys.read, query });
      await refused('http.unknown_parameter', { metric: 'cpu_usage' });
      await refused('query.bad_match', { match: '{host' });
      await refused('query.bad_regex', { match: '{host=~"("}' });
      await refused('live.bad_match', { match: '{}' });
      await refused('live.too_many_matches', Array.from({ length: 11 }, (_, n) => ['match', `{host="${n}"}`]));
    });

    it('are deleted by metric and labels, for good', async () => {
      const { client, keys } = world;
      const item = (host) => ({ name: 'short_lived', value: 1, labels: { host } });
      await client.done('ingest', 200, { headers: keys.write, json: { metrics: [item('a'), item('b'), item('c')] } });
      await client.refused('deleteSeries', 400, 'query.no_selector', { headers: keys.admin });
      await client.refused('deleteSeries', 400, 'query.bad_match', { headers: keys.admin, query: { match: '{host' } });
      await client.refused('deleteSeries', 400, 'http.unknown_parameter', { headers: keys.admin, query: { metric: 'x', limit: 1 } });
      await client.refused('deleteSeries', 403, 'tenancy.missing_scope', { headers: keys.write, query: { metric: 'short_lived' } });
      const remove = (query) => client.done('deleteSeries', 200, { headers: keys.admin, query });
      assert.deepEqual(await remove({ metric: 'short_lived', match: '{host=~"a|b"}' }), { deleted: 2 });
      const left = await client.done('listSeries', 200, { headers: keys.read, query: { metric: 'short_lived' } });
      assert.deepEqual(left.data.map(({ labels }) => labels.host), ['c']);
      assert.deepEqual(await remove({ metric: 'short_lived', match: '{host!=""}' }), { deleted: 1 });
      assert.deepEqual(await remove({ metric: 'short_lived' }), { deleted: 0 });
    });

    it('come back as they were sent, and by step', async () => {
      const { client, keys } = world;
      const range = { metric: 'cpu_usage', start: world.now - 60 * MINUTE, end: new Date(world.now).toISOString() };
      const raw = await client.done('query', 200, { headers: keys.read, json: { ...range, labels: { host: 'web-1' } } });
      assert.equal(raw.series[0].points.length, 61);
      assert.deepEqual(raw.series[0].points.at(-1), [new Date(world.now).toISOString().replace('.000', ''), 0.25]);
      for (const aggregate of ['avg', 'min', 'max', 'sum', 'count', 'last']) {
        const stepped = await client.done('query', 200, { headers: keys.read, json: { ...range, match: '{host="web-2"}', step: 600, aggregate } });
        assert.equal(stepped.series.length, 1);
        assert.ok(stepped.series[0].points.length >= 6);
      }
      const few = await client.done('query', 200, { headers: keys.read, json: { ...range, max_points: 10, limit: 1 } });
      assert.deepEqual([few.series.length, few.series[0].points.length <= 10], [1, true]);
      const none = await client.done('query', 200, { headers: keys.read, json: { ...range, metric: 'nothing' } });
      assert.deepEqual(none.series, []);
    });

    it('are not found by questions that make no sense', async () => {
      const { client, keys } = world;
      const json = { metric: 'cpu_usage', start: world.now - MINUTE, end: world.now };
      for (const [field, code] of [
        [{ end: 0 }, 'query.bad_range'],
        [{ match: '{host=~"("}' }, 'query.bad_regex'],
        [{ match: 'host' }, 'query.bad_match'],
        [{ aggregate: 'max' }, 'http.bad_field'],
        [{ aggregate: 'median', step: 60 }, 'http.bad_field'],
        [{ step: 0 }, 'http.bad_field'],
        [{ limit: 1001 }, 'http.bad_field'],
        [{ max_points: 3 }, 'http.bad_field'],
        [{ time_format: 'iso' }, 'http.bad_field'],
        [{ start: 'yesterday' }, 'http.bad_field'],
        [{ labels: { host: 1 } }, 'http.bad_field'],
      ]) {
        await client.refused('query', 400, code, { headers: keys.read, json: { ...json, ...field } });
      }
    });
  });

  describe('forecasts', () => {
    it('are made for stored series', async () => {
      const { client, keys } = world;
      const { predictions } = await client.done('predict', 200, { headers: keys.read, json: { metric: 'cpu_usage' } });
      assert.deepEqual(predictions.map(({ labels }) => labels.host), ['web-1', 'web-2']);
      for (const { points, origin, model } of predictions) {
        assert.equal(Date.parse(origin), world.now);
        assert.deepEqual(points.map((point) => point.horizon_minutes), [15, 30, 60]);
        assert.deepEqual(points.map((point) => Date.parse(point.time) - world.now), [15 * MINUTE, 30 * MINUTE, 60 * MINUTE]);
        for (const point of points) {
          assert.ok(point.confidence_lower <= point.predicted_value && point.predicted_value <= point.confidence_upper);
        }
        world.model = model.id;
      }
    });

    it('are kept, and listed', async () => {
      const { client, keys } = world;
      const list = (query) => client.done('listPredictions', 200, { headers: keys.read, query });
      let page = await list({ metric: 'cpu_usage' });
      for (let i = 0; page.data.length < 6 && i < 100; ++i) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        page = await list({ metric: 'cpu_usage' });
      }
      assert.deepEqual(page.data.map((one) => one.horizon_minutes), [60, 60, 30, 30, 15, 15]);
      assert.ok(page.data.every((one) => one.state === 'waiting' && one.actual_value === null && one.model_id === world.model));
      const { data } = await list({ end: new Date(world.now + 15 * MINUTE).toISOString(), limit: 1 });
      assert.equal(Date.parse(data[0].time), world.now + 15 * MINUTE);
      assert.deepEqual((await list({ state: 'met' })).data, []);
      for (const query of [{ state: 'known' }, { start: 'yesterday' }]) {
        await client.refused('listPredictions', 400, 'http.bad_parameter', { headers: keys.read, query });
      }
    });

    it('are made for a history of one\'s own', async () => {
      const { client, keys } = world;
      const history = [40, 41, 42, 43].map((value, i) => ({ timestamp: world.now + i * MINUTE, value }));
      const { predictions } = await client.done('predict', 200, { headers: keys.read, json: { history, horizons: [5], level: 0.5 } });
      const { metric, labels, model } = predictions[0];
      assert.deepEqual([metric, labels, model.id, model.name, model.version], [null, {}, null, null, null]);
    });

    it('are refused with a reason', async () => {
      const { client, keys } = world;
      const history = [{ timestamp: 0, value: 1 }];
      for (const [json, status, code] of [
        [{ metric: 'nothing' }, 404, 'inference.no_such_series'],
        [{ metric: 'queue_length' }, 422, 'inference.not_enough_history'],
        [{ history }, 422, 'inference.not_enough_history'],
        [{}, 400, 'inference.bad_subject'],
        [{ metric: 'cpu_usage', history }, 400, 'inference.bad_subject'],
        [{ metric: 'cpu_usage', horizons: [] }, 400, 'inference.bad_horizon'],
        [{ metric: 'cpu_usage', horizons: [10081] }, 400, 'inference.bad_horizon'],
        [{ metric: 'cpu_usage', level: 1 }, 400, 'inference.bad_level'],
        [{ metric: 'cpu_usage', allow_stale: 'yes' }, 400, 'http.bad_field'],
        [{ history: [{ timestamp: 0 }] }, 400, 'http.bad_field'],
        [{ history: [{ timestamp: 0, value: 1, unit: 's' }] }, 400, 'http.unknown_field'],
        [{ history: Array.from({ length: 50_001 }, (_, i) => ({ timestamp: i, value: 1 })) }, 400, 'inference.history_too_long'],
      ]) {
        await client.refused('predict', status, code, { headers: keys.read, json });
      }
    });

    it('are made for a hundred series at most', async () => {
      const { client, keys } = world;
      const metrics = Array.from({ length: 101 }, (_, i) => ({ name: 'many', value: i, labels: { host: `web-${i}` } }));
      await client.done('ingest', 200, { headers: keys.write, json: { metrics } });
      await client.refused('predict', 400, 'inference.too_many_series', { headers: keys.read, json: { metric: 'many' } });
    });

    it('of silent series are made on demand alone', async () => {
      const { client, keys } = world;
      const metrics = [4, 3, 2].map((hours) => ({ name: 'silent', value: hours, timestamp: world.now - hours * 60 * MINUTE }));
      await client.done('ingest', 200, { headers: keys.write, json: { metrics } });
      await client.refused('predict', 422, 'inference.stale_series', { headers: keys.read, json: { metric: 'silent' } });
      await client.done('predict', 200, { headers: keys.read, json: { metric: 'silent', allow_stale: true } });
    });

    it('have models', async () => {
      const { client, keys } = world;
      const { data: models } = await client.done('listModels', 200, { headers: keys.read });
      assert.deepEqual(models.map((model) => model.name).sort(), ['cpu_usage_forecast', 'silent_forecast']);
      const model = await client.done('getModel', 200, { headers: keys.read, path: { id: world.model } });
      assert.deepEqual([model.target_metric, model.version, model.status], ['cpu_usage', 1, 'active']);
      assert.deepEqual(model, models.find(({ id }) => id === world.model));
    });

    it('are trained when somebody asks, and gone back to', async () => {
      const { client, keys } = world;
      const { job } = await client.done('trainModels', 202, { headers: keys.write, json: { metric: 'silent' } });
      assert.equal(job.kind, 'training.train_metric');
      await client.refused('trainModels', 404, 'training.no_such_series', { headers: keys.write, json: { metric: 'nothing' } });
      await client.refused('trainModels', 400, 'http.bad_field', { headers: keys.write, json: { labels: { host: 'web-1' } } });
      await client.refused('activateModel', 422, 'training.no_artifact', { headers: keys.write, path: { id: world.model } });
      // As if a training had made it: the contract's series are too young to be trained.
      runSql(world.folder, `UPDATE shared.models SET artifact_path = 'cpu_usage/v1', status = 'retired' WHERE id = '${world.model}'`);
      const active = await client.done('activateModel', 200, { headers: keys.write, path: { id: world.model } });
      assert.equal(active.status, 'active');
      runSql(world.folder, `UPDATE shared.models SET artifact_path = NULL WHERE id = '${world.model}'`);
    });

    it('are made of models that the tenant names', async () => {
      const { client, keys } = world;
      const definition = { metric: 'cpu_usage', models: ['prophet', 'theta'], seasonalities: [{ period_minutes: 1440, order: 6 }], holiday_country: 'FR', horizons: [15, 60] };
      const made = await client.done('putCustomModel', 201, { headers: keys.write, json: definition });
      assert.deepEqual(made.models, definition.models);
      assert.notEqual(made.training_job_id, null);
      const again = await client.done('putCustomModel', 200, { headers: keys.write, json: { metric: 'cpu_usage', models: ['mstl'] } });
      assert.equal(again.id, made.id);
      const path = { id: made.id };
      const read = await client.done('getCustomModel', 200, { headers: keys.read, path });
      assert.deepEqual([read.models, read.holiday_country, read.horizons], [['mstl'], null, null]);
      const other = await client.done('putCustomModel', 201, { headers: keys.write, json: { metric: 'not_sent_yet', models: ['theta'] } });
      assert.equal(other.training_job_id, null);
      const { data: all } = await client.done('listCustomModels', 200, { headers: keys.read });
      assert.deepEqual(all.map(({ id }) => id), [other.id, made.id]);
      assert.deepEqual(all[1], read);
      world.custom = made.id;
      for (const wrong of [{ models: ['arima'] }, { models: [] }, { horizons: [1441] }, { holiday_country: 'XX' }, { seasonalities: [{ period_minutes: 12 }] }]) {
        await client.refused('putCustomModel', 400, 'http.bad_field', { headers: keys.write, json: { metric: 'cpu_usage', models: ['mstl'], ...wrong } });
      }
      await client.refused('putCustomModel', 400, 'training.bad_custom_model', { headers: keys.write, json: { metric: 'cpu_usage', models: ['mstl'], holiday_country: 'FR' } });
      const gone = await client.done('putCustomModel', 201, { headers: keys.write, json: { metric: 'never_sent', models: ['theta'] } });
      await client.done('deleteCustomModel', 204, { headers: keys.write, path: { id: gone.id } });
      await client.refused('deleteCustomModel', 404, 'training.no_such_custom_model', { headers: keys.write, path: { id: gone.id } });
      await client.refused('putCustomModel', 403, 'training.plan_without_custom_models', { headers: world.b.owner, json: definition });
    });

    it('have an accuracy once they met their values', async () => {
      const { client, keys } = world;
      const options = { headers: keys.read, path: { id: world.model } };
      const { summary, data } = await client.done('getModelAccuracy', 200, { ...options, query: { horizon_minutes: 15, withdrawn: false } });
      assert.deepEqual(summary.map((horizon) => [horizon.horizon_minutes, horizon.series]), [[15, 0], [30, 0], [60, 0]]);
      assert.deepEqual(data, []);
      const { horizons } = await client.done('getAccuracy', 200, { headers: keys.read });
      assert.deepEqual(horizons, summary);
      for (const query of [{ horizon_minutes: 20 }, { withdrawn: 'maybe' }]) {
        await client.refused('getModelAccuracy', 400, 'http.bad_parameter', { ...options, query });
      }
      await client.refused('getAccuracy', 400, 'http.unknown_parameter', { headers: keys.read, query: { limit: 1 } });
    });
  });
}
