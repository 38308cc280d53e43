// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What a customer sees on a bad day: too many requests, a server that is away, a chunk that an upgrade took, and names
// that try to be more than text.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { send } from '../support/customer.mjs';
import { signIn } from '../support/sign-in.mjs';

/** What the API answers when it cannot. */
function problem(status, code, detail, headers = {}) {
  return { status, headers: { 'Content-Type': 'application/problem+json', ...headers }, body: JSON.stringify({ type: 'about:blank', title: detail, status, code, detail, request_id: 'req-of-the-test' }) };
}

export function badDays(world) {
  it('asks again by itself after a 429, when the server said it may', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of 429/);
    await signIn(visitor, world.acme);
    let refused = 0;
    await page.route('**/api/v1/query', (route) => {
      refused += 1;
      return refused === 1 ? route.fulfill(problem(429, 'gateway.rate_limited', 'too many requests', { 'Retry-After': '1' })) : route.continue();
    });
    await page.goto('/explorer?metric=cpu_usage_percent');
    await page.locator('.recharts-line').first().waitFor();
    assert.ok(refused > 1);
    assert.equal(await page.getByRole('main').getByRole('alert').count(), 0);
    await visitor.leave();
  });

  it('says that the server is away, with the code, and recovers when asked', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of 503/);
    await signIn(visitor, world.acme);
    let away = true;
    await page.route('**/api/v1/query', (route) => (away ? route.fulfill(problem(503, 'gateway.overloaded', 'cannot answer now: the server is starting', { 'Retry-After': '1' })) : route.continue()));
    await page.goto('/explorer?metric=cpu_usage_percent');
    const said = page.getByRole('main').getByRole('alert').filter({ hasText: 'gateway.overloaded' }).first();
    await said.waitFor({ timeout: 30_000 });
    await visitor.picture('server-away-light');
    away = false;
    await said.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.recharts-line').first().waitFor();
    await visitor.leave();
  });

  it('reloads once when an upgrade took a chunk of the open page', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of 404|ChunkLoadError|Failed to load|exception/);
    await signIn(visitor, world.acme);
    await page.locator('.recharts-line').first().waitFor();
    let lost = 0;
    const loads = [];
    page.on('load', () => loads.push(new URL(page.url()).pathname));
    const reloaded = page.waitForEvent('load');
    await page.route('**/_next/static/chunks/**', (route) => {
      if (lost > 0) return route.continue();
      lost += 1;
      return route.fulfill({ status: 404, body: '' });
    });
    await page.getByRole('link', { name: 'Models' }).click();
    await reloaded;
    assert.equal(lost, 1, 'no chunk was asked for');
    await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Models' }).click();
    await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor();
    assert.deepEqual(loads, ['/'], 'the page reloads once, where it was');
    await visitor.leave();
  });

  it('shows markup, quotes and emoji in names as what they are', async () => {
    const name = 'odd "name" <img src=x onerror=alert(1)> 🚀';
    const label = `it's <script>alert(2)</script> & "so" 🎈`;
    const now = Date.now();
    await send(world.base, world.acme.key, Array.from({ length: 30 }, (_, ago) => ({ name, value: 10 + (ago % 5), labels: { tag: label }, timestamp: now - (30 - ago) * 60_000 })));
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    let alerted = false;
    page.on('dialog', (dialog) => {
      alerted = true;
      return dialog.dismiss();
    });
    await signIn(visitor, world.acme);
    await page.goto(`/explorer?metric=${encodeURIComponent(name)}`);
    await page.locator('.recharts-line').first().waitFor();
    await page.getByText('<script>alert(2)</script>').first().waitFor();
    await page.goto(`/predictions?metric=${encodeURIComponent(name)}`);
    await page.getByRole('main').getByText('<img src=x onerror=alert(1)>').first().waitFor();
    assert.equal(alerted, false);
    await visitor.leave();
  });
}
