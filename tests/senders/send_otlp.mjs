// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Exports twice, with OpenTelemetry's SDK, what one instrument of each kind measured.
//   node send_otlp.mjs ORIGIN KEY proto|json cumulative|delta
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtoExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';

const [origin, key, encoding, temporality] = process.argv.slice(2);
const Exporter = encoding === 'proto' ? ProtoExporter : JsonExporter;
const exporter = new Exporter({
  url: `${origin}/v1/metrics`,
  headers: { Authorization: `Bearer ${key}` },
  compression: encoding === 'proto' ? 'gzip' : 'none',
  temporalityPreference: temporality === 'delta' ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
});
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000, exportTimeoutMillis: 20_000 });
const provider = new MeterProvider({
  resource: resourceFromAttributes({ 'service.name': `shop-${encoding}-${temporality}`, 'service.instance.id': 'i-1', 'service.version': '1.2', 'host.name': 'web-1' }),
  readers: [reader],
  views: [{ instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
});
const meter = provider.getMeter('senders');
const requests = meter.createCounter('shop.requests', { unit: '{requests}' });
const open = meter.createUpDownCounter('shop.open');
const latency = meter.createHistogram('shop.latency', { unit: 's', advice: { explicitBucketBoundaries: [0.1, 1] } });
const exponential = meter.createHistogram('exponential', { unit: 'By' });
meter.createObservableGauge('shop.load', { unit: '1' }).addCallback((result) => result.observe(0.25));

const results = [];
const exported = exporter.export.bind(exporter);
exporter.export = (metrics, done) => exported(metrics, (result) => (results.push(result), done(result)));

for (let round = 0; round < 2; ++round) {
  requests.add(3, { 'http.method': 'GET' });
  open.add(round === 0 ? 5 : -2);
  for (const seconds of [0.05, 0.5, 5]) latency.record(seconds);
  for (const bytes of [3, 5, 6]) exponential.record(bytes);
  await provider.forceFlush();
  await new Promise((resolve) => setTimeout(resolve, 20)); // the next export is of a later millisecond
}
const failed = results.filter(({ code }) => code !== 0);
if (results.length !== 2 || failed.length > 0) {
  console.error(results, failed.map(({ error }) => error));
  process.exit(1);
}
process.exit(0);
