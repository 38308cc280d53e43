// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Writes points with InfluxDB's own client.
//   node send_influx.mjs ORIGIN KEY
import { InfluxDB, Point } from '@influxdata/influxdb-client';

const [url, token] = process.argv.slice(2);
const writer = new InfluxDB({ url, token }).getWriteApi('any org', 'plant', 'ms', { gzipThreshold: 1, maxRetries: 0 });
writer.useDefaultTags({ site: 'north, hall 1' });
const now = Date.now();
for (let i = 0; i < 100; ++i) {
  writer.writePoint(
    new Point('machine')
      .tag('id', `m=${i % 4}`)
      .floatField('temperature', 20 + i / 8)
      .intField('parts', i)
      .booleanField('running', i % 2 === 0)
      .stringField('note', 'all "well", really')
      .timestamp(now - (100 - i) * 10),
  );
}
await writer.close();
