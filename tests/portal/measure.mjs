// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What the portal feels like over many series: largest contentful paint, interactions, and how long a script blocks.
// Prints figures and judges none. HELIOS_BINARY names the program; by `scripts/bench portal [SERIES] [REPEAT]`.
import assert from 'node:assert/strict';
import { Server } from '../contract/support/server.mjs';
import { Browser } from './support/browser.mjs';
import { history, PASSWORD, send } from './support/customer.mjs';
import { signIn } from './support/sign-in.mjs';

const [SERIES = 10_000, REPEAT = 5] = process.argv.slice(2).map(Number);
const LONG_SERIES = 20_000;
const MINUTE = 60_000;

/** The pages, and what is there once each is. */
const PAGES = [
  ['sign-in', '/sign-in', (page) => page.getByRole('button', { name: 'Sign in' })],
  ['dashboard', '/', (page) => page.locator('.recharts-area').first()],
  ['explorer', '/explorer?metric=cpu_usage_percent&range=86400', (page) => page.locator('.recharts-line').first()],
  ['explorer, 20,000 points', '/explorer?metric=long_series&range=345600', (page) => page.locator('.recharts-line').first()],
  ['predictions', '/predictions', (page) => page.getByRole('main').getByText(/^app_|^cpu_/).first()],
  ['models', '/models', (page) => page.getByRole('heading', { name: 'Models' })],
];

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const show = (values) => `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`;

async function signUp(base) {
  const email = 'ada@measure.example';
  const body = { name: 'Measure Ltd', slug: 'measure', plan: 'enterprise', owner: { email, name: 'Ada Park', password: PASSWORD } };
  const answer = await fetch(`${base}/api/v1/organizations`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal(answer.status, 201, await answer.clone().text());
  return { email, slug: 'measure', key: (await answer.json()).api_key.key };
}

async function fill(base, key) {
  const now = Date.now();
  await send(base, key, history(48, now));
  const long = [];
  for (let i = LONG_SERIES; i > 0; i -= 1) long.push({ name: 'long_series', value: 50 + 20 * Math.sin(i / 300) + (i % 7), timestamp: now - i * 15_000 });
  await send(base, key, long);
  for (let ago = 20; ago >= 0; ago -= 1) {
    const metrics = [];
    for (let i = 0; i < SERIES; i += 1) {
      metrics.push({ name: `app_${i % 200}_requests`, value: 100 + (i % 50) + ago, labels: { pod: `pod-${Math.floor(i / 200)}` }, timestamp: now - ago * MINUTE });
    }
    await send(base, key, metrics);
  }
}

/** Opens a page in a browser that knows nothing yet, and gives what it was like. */
async function open(browser, customer, path, present) {
  const visitor = await browser.visitor();
  visitor.expect(/./);
  const { page } = visitor;
  if (path !== '/sign-in') {
    await signIn(visitor, customer);
    await page.goto('about:blank');
  }
  await page.addInitScript(() => {
    window.seen = { paint: 0, blocked: 0 };
    new PerformanceObserver((list) => list.getEntries().forEach((each) => (window.seen.paint = each.startTime))).observe({ type: 'largest-contentful-paint', buffered: true });
    new PerformanceObserver((list) => list.getEntries().forEach((each) => (window.seen.blocked = Math.max(window.seen.blocked, each.duration)))).observe({ type: 'longtask', buffered: true });
  });
  await page.goto(path);
  await present(page).waitFor();
  await page.waitForLoadState('networkidle');
  const seen = await page.evaluate(() => window.seen);
  await visitor.leave();
  return seen;
}

/** The longest time from a key or a click to the next frame, of each kind of interaction with the explorer. */
async function interact(browser, customer) {
  const visitor = await browser.visitor();
  visitor.expect(/./);
  const { page } = visitor;
  await signIn(visitor, customer, '/explorer');
  await page.evaluate(() => {
    window.slowest = 0;
    new PerformanceObserver((list) => list.getEntries().filter(({ interactionId }) => interactionId > 0).forEach((each) => (window.slowest = Math.max(window.slowest, each.duration))))
      .observe({ type: 'event', durationThreshold: 16 });
  });
  const slowest = {};
  const measured = async (name, act) => {
    await page.evaluate(() => (window.slowest = 0));
    await act();
    await page.waitForLoadState('networkidle');
    slowest[name] = await page.evaluate(() => window.slowest);
  };
  await measured('open the metrics', () => page.getByRole('button', { name: 'Metric' }).click());
  await measured('type a name', () => page.getByPlaceholder('Choose a metric…').pressSequentially('long', { delay: 80 }));
  await measured('choose it', async () => {
    await page.keyboard.press('Enter');
    await page.locator('.recharts-line').first().waitFor();
  });
  await measured('another range', async () => {
    await page.getByRole('button', { name: '24 h' }).click();
    await page.waitForURL(/range=86400/);
  });
  await measured('zoom by a key', async () => {
    await page.getByRole('application').focus();
    await page.keyboard.press('+');
    await page.waitForURL(/from=/);
  });
  await measured('show as table', () => page.getByRole('button', { name: 'Show as table' }).click());
  await measured('open the palette', () => page.keyboard.press('Control+k'));
  await visitor.leave();
  return slowest;
}

const server = await Server.start(process.env.HELIOS_BINARY);
const base = `http://${server.listening.address}:${server.listening.port}`;
let browser;
try {
  const customer = await signUp(base);
  await fill(base, customer.key);
  browser = await Browser.launch(base);
  const pages = PAGES.map(() => []);
  const interactions = [];
  for (let repeat = 0; repeat < REPEAT; repeat += 1) {
    for (const [i, [, path, present]] of PAGES.entries()) pages[i].push(await open(browser, customer, path, present));
    interactions.push(await interact(browser, customer));
  }
  console.log(`${SERIES} series beside a few; medians of ${REPEAT}, with the least and the most\n`);
  console.log('| page | largest contentful paint | longest block |\n|---|---|---|');
  for (const [i, [name]] of PAGES.entries()) {
    console.log(`| ${name} | ${show(pages[i].map(({ paint }) => paint))} | ${show(pages[i].map(({ blocked }) => blocked))} |`);
  }
  console.log('\n| interaction | to the next frame |\n|---|---|');
  for (const name of Object.keys(interactions[0])) console.log(`| ${name} | ${show(interactions.map((each) => each[name]))} |`);
} finally {
  await browser?.close();
  await server.stop();
}
