// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Writes what Telegraf's influxdb output writes of its cpu, mem, disk and net inputs, which is no package of npm: the
// request (version 1's route, a database, an explicit precision or none, gzip or not) and lines of many fields.
//   node send_telegraf.mjs ORIGIN KEY NOW_S
import { gzipSync } from 'node:zlib';

const [origin, key, now] = process.argv.slice(2);

async function write(query, lines, compressed) {
  const body = lines.join('\n') + '\n';
  const response = await fetch(`${origin}/write?db=telegraf${query}`, {
    method: 'POST',
    headers: {
      Authorization: `Token ${key}`,
      'Content-Type': 'text/plain; charset=utf-8',
      'User-Agent': 'Telegraf/1.30.0 Go/1.22.1',
      ...(compressed ? { 'Content-Encoding': 'gzip' } : {}),
    },
    body: compressed ? gzipSync(body) : body,
  });
  if (response.status !== 204) throw new Error(`${query}: ${response.status} ${await response.text()}`);
}

const mem =
  'available=4131758080i,available_percent=49.5,buffered=172130304i,cached=3126603776i,free=1022128128i,inactive=2i,' +
  'slab=352743424i,swap_free=0i,total=8347312128i,used=4026449920i,used_percent=48.25,vmalloc_total=35184372087808i';
await write('', [
  `cpu,cpu=cpu-total,host=web-1 usage_guest=0,usage_idle=97.5,usage_iowait=0.25,usage_system=1,usage_user=1.25 ${now}000000001`,
  `mem,host=web-1 ${mem} ${now}000000000`,
], true);
await write('&precision=ms', [`disk,device=sda1,fstype=ext4,host=web-1,mode=rw,path=/mnt/my\\ disk\\,\\ b\\=c free=10i,used_percent=12.5 ${now}250`], false);
await write('&precision=s', [
  `net,host=web-1,interface=eth0 bytes_recv=18446744073709551615u,up=true ${now}`,
  `win\\ proc,host=web-1,instance=C:\\Temp handle\\ count=7i ${now}`,
], true);
