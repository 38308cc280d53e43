// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What a customer has beside a browser: an organization, and samples that arrive.
export const PASSWORD = 'correct horse battery';

const MINUTE = 60_000;
const BATCH = 5_000;

/** What the API answers to a body, as JSON; fails where it refuses. */
export async function post(base, path, headers, body) {
  const answer = await fetch(`${base}${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

/** Signs an organization up, past the browser; gives { email, slug, key }. */
export async function signUp(base, name) {
  const email = `ada@${name}.example`;
  const made = await post(base, '/api/v1/organizations', {}, { name: `${name[0].toUpperCase()}${name.slice(1)} Ltd`, slug: name, owner: { email, name: 'Ada Park', password: PASSWORD } });
  return { email, slug: name, key: made.api_key.key };
}

/** Sends samples: [{ name, value, labels, timestamp }]. */
export async function send(base, key, metrics) {
  for (let at = 0; at < metrics.length; at += BATCH) {
    await post(base, '/api/v1/ingest', { 'X-API-Key': key }, { metrics: metrics.slice(at, at + BATCH) });
  }
}

/** Numbers in [0, 1) that are the same each time: a linear congruential generator. */
function numbers(seed) {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

/** `hours` of a server's life, a sample a minute until now: a daily wave, noise that repeats, and half an hour missing. */
export function history(hours, now = Date.now()) {
  const samples = [];
  const random = numbers(7);
  for (let ago = hours * 60; ago >= 0; ago -= 1) {
    const timestamp = now - ago * MINUTE;
    if (ago > 150 && ago < 180) continue;
    const day = Math.sin((2 * Math.PI * timestamp) / (24 * 60 * MINUTE));
    const noise = 2.5 * (random() + random() + random() - 1.5);
    for (const [host, base] of [['web-1', 45], ['web-2', 38]]) {
      samples.push({ name: 'cpu_usage_percent', value: Math.max(0, base + 18 * day + noise), labels: { host }, timestamp });
    }
    samples.push({ name: 'memory_used_bytes', value: 6e9 + 5e8 * day + noise * 2e7, labels: { host: 'web-1' }, timestamp });
  }
  return samples;
}

/**
 * Five days of two metrics of a service, a sample a minute until now, that both leave their daily wave for three minutes a
 * little while ago: the newest minutes alone can be anomalies, for older samples teach and do not alert.
 */
export function oddHistory([latency, queue], service, now = Date.now()) {
  const samples = [];
  const random = numbers(11);
  const labels = { service };
  for (let ago = 5 * 24 * 60; ago >= 0; ago -= 1) {
    const timestamp = now - ago * MINUTE;
    const day = Math.sin((2 * Math.PI * timestamp) / (24 * 60 * MINUTE));
    const odd = ago >= 4 && ago <= 6;
    samples.push({ name: latency, value: 120 + 30 * day + 6 * random() + (odd ? 480 : 0), labels, timestamp });
    samples.push({ name: queue, value: Math.round(40 + 10 * day + 4 * random() + (odd ? 160 : 0)), labels, timestamp });
  }
  return samples;
}

/** Six hours, a sample a minute until now, of what rises straight: a queue by 1 a minute to 1,000, a disk by 0.05 to 90 %. */
export function ramp(now = Date.now()) {
  return Array.from({ length: 361 }, (_, index) => 360 - index).flatMap((ago) => [
    { name: 'queue_length', value: 1_000 - ago, labels: {}, timestamp: now - ago * MINUTE },
    { name: 'disk_used_percent', value: 90 - ago * 0.05, labels: { host: 'db-1' }, timestamp: now - ago * MINUTE },
    { name: 'disk_used_percent', value: 40, labels: { host: 'web-1' }, timestamp: now - ago * MINUTE },
  ]);
}
