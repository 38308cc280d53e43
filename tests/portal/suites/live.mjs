// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { PASSWORD, send } from '../support/customer.mjs';
import { signIn, signInByForm } from '../support/sign-in.mjs';

const PAGE = '/explorer?metric=live_wire&range=900&step=1&aggregate=last&forecast=off';
const PATIENCE_MS = 30_000;

/** A sample of now, with a value that no other has. */
let next = 0;
async function sendOne(world) {
  const value = 100 + next++;
  await send(world.base, world.acme.key, [{ name: 'live_wire', value, labels: { host: 'a' }, timestamp: Date.now() }]);
  return value;
}

async function eventually(holds, what) {
  const until = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < until, `${what} within ${PATIENCE_MS} ms`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** As the operator's listener counts them. */
async function openStreams(world) {
  const { address, operator_port: port } = world.server.listening;
  const text = await (await fetch(`http://${address}:${port}/metrics`)).text();
  return Number(/^helios_live_streams (\d+)/m.exec(text)?.[1] ?? NaN);
}

/** The table in place of the chart: values are text there. */
async function openTable(page) {
  await page.getByRole('button', { name: 'Show as table' }).click();
}
const cell = (page, value) => page.getByRole('cell', { name: String(value), exact: true }).first();

/** A page cannot be hidden from here: it is told that it is. */
function hide(page, hidden) {
  return page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (value ? 'hidden' : 'visible') });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

export function live(world) {
  it('shows a sample within seconds of its arrival, without being asked', async () => {
    await sendOne(world);
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/explorer');
    await page.goto(PAGE);
    await openTable(page);
    await page.getByRole('status').filter({ hasText: /^\s*live$/ }).waitFor();
    let reads = 0;
    page.on('request', (request) => { if (request.url().endsWith('/api/v1/query')) reads += 1; });
    const value = await sendOne(world);
    await cell(page, value).waitFor({ timeout: 10_000 }); // asking each 15 s would be later more often than not
    assert.ok(reads >= 1);
    await visitor.picture('explorer-live-light');
    await visitor.leave();
    await eventually(async () => (await openStreams(world)) === 0, 'the stream of a page that is gone is closed');
  });

  it('shares one stream between tabs, closes it when none is seen, and misses nothing', async () => {
    const visitor = await world.browser.visitor();
    const { page, context } = visitor;
    await signIn(visitor, world.acme, '/explorer');
    await page.goto(PAGE);
    const other = await context.newPage();
    await other.goto(PAGE);
    for (const tab of [page, other]) {
      await openTable(tab);
      await tab.getByRole('status').filter({ hasText: /^\s*live$/ }).waitFor();
    }
    assert.equal(await openStreams(world), 1);
    const shared = await sendOne(world);
    for (const tab of [page, other]) await cell(tab, shared).waitFor({ timeout: 10_000 });
    assert.equal(await openStreams(world), 1);

    // Whoever holds the stream is hidden: the other one takes it.
    await hide(page, true);
    await other.getByRole('status').filter({ hasText: /^\s*live$/ }).waitFor();
    await eventually(async () => (await openStreams(world)) === 1, 'the other tab has the stream');
    const alone = await sendOne(world);
    await cell(other, alone).waitFor({ timeout: 10_000 });

    await hide(other, true);
    await eventually(async () => (await openStreams(world)) === 0, 'no tab is seen, and no stream is open');
    const unseen = await sendOne(world);
    await hide(page, false);
    await cell(page, unseen).waitFor({ timeout: 10_000 });
    await page.getByRole('status').filter({ hasText: /^\s*live$/ }).waitFor();
    assert.equal(await openStreams(world), 1);
    await visitor.leave();
  });

  it('reconnects after the server was restarted, and has no hole', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/ERR_|status of 50\d|net::/);
    await signIn(visitor, world.acme, '/explorer');
    await page.goto(PAGE);
    await openTable(page);
    await page.getByRole('status').filter({ hasText: /^\s*live$/ }).waitFor();
    const before = await sendOne(world);
    await cell(page, before).waitFor();
    await world.server.restart(() => page.getByRole('status').filter({ hasText: 'reconnecting' }).waitFor());
    const during = await sendOne(world);
    await page.getByRole('status').filter({ hasText: /^\s*live$/ }).waitFor({ timeout: PATIENCE_MS });
    const after = await sendOne(world);
    for (const value of [before, during, after]) await cell(page, value).waitFor({ timeout: 20_000 });
    await visitor.leave();
  });

  it('asks to sign in where the session was ended elsewhere, and goes on after', async () => {
    const visitor = await world.browser.visitor();
    const { page, context } = visitor;
    visitor.expect(/status of 401/);
    await signInByForm(visitor, world.acme, '/explorer');
    await page.goto(PAGE);
    await openTable(page);
    await page.getByRole('status').filter({ hasText: /^\s*live$/ }).waitFor();
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const ended = await fetch(`${world.base}/api/v1/sessions/current`, { method: 'DELETE', headers: { Cookie: cookie, Origin: world.base } });
    assert.equal(ended.status, 204);
    const asked = page.getByRole('dialog').filter({ hasText: 'Your session has ended' });
    await asked.waitFor({ timeout: PATIENCE_MS });
    await asked.getByLabel('Password').fill(PASSWORD);
    await asked.getByRole('button', { name: 'Sign in' }).click();
    await asked.waitFor({ state: 'detached' });
    await page.getByRole('status').filter({ hasText: /^\s*live$/ }).waitFor();
    const value = await sendOne(world);
    await cell(page, value).waitFor({ timeout: 10_000 });
    await visitor.leave();
  });
}
