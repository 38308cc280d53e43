// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Every page in both themes and on a phone: a picture of each, and no violation that axe finds.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { signIn } from '../support/sign-in.mjs';

/**
 * Pages of who is signed in: name, path or what makes it of the world, and what is there once the page is, or the way
 * to it.
 */
const PAGES = [
  ['dashboard', '/', (page) => page.locator('.recharts-area').nth(1)],
  ['explorer', '/explorer?metric=cpu_usage_percent&range=86400', (page) => page.locator('.recharts-line').nth(3)],
  ['explorer-series', '/explorer?metric=cpu_usage_percent&where=host%3Dweb-1&range=172800', (page) => page.locator('.recharts-area').first()],
  ['predictions', '/predictions', (page) => page.getByText(/^v\d/).first()],
  ['prediction', '/predictions?metric=cpu_usage_percent', (page) => page.locator('.recharts-area').first()],
  ['anomalies', '/anomalies', (page) => page.getByRole('link', { name: 'checkout_latency_ms' })],
  ['anomaly', '/anomalies', async (page) => {
    await page.getByRole('link', { name: 'checkout_latency_ms' }).click();
    await page.locator('.recharts-line').first().waitFor();
  }],
  ['incidents', '/anomalies?view=incidents', (page) => page.getByRole('link', { name: 'checkout_latency_ms' })],
  ['incident', '/anomalies?view=incidents', async (page) => {
    await page.getByRole('link', { name: 'checkout_latency_ms' }).click();
    await page.getByRole('img', { name: /around the incident/ }).nth(1).waitFor();
  }],
  ['alert-budget', '/anomalies?view=budget', (page) => page.locator('[data-backtest]')],
  ['alerts', '/alerts', (page) => page.getByText('firing').first()],
  ['alerts-rule', ({ rule }) => `/alerts?rule=${rule}`, (page) => page.locator('.recharts-reference-area').first()],
  ['alerts-incidents', ({ incident }) => `/alerts?view=incidents&incident=${incident}`, (page) => page.getByRole('table').or(page.getByRole('region', { name: /^Series of/ })).first()],
  ['alerts-channels', '/alerts?view=channels', (page) => page.getByText(/arrived$/).first()],
  ['alerts-deliveries', '/alerts?view=deliveries', (page) => page.getByRole('cell', { name: 'incident.opened' }).first()],
  ['models', '/models', (page) => page.getByText('succeeded').first()],
  ['scaling', '/scaling', (page) => page.getByRole('row').nth(1)],
  ['scaling-target', ({ target }) => `/scaling?id=${target}`, (page) => page.getByRole('figure').nth(1).locator('.recharts-area')],
  ['dashboards', '/dashboards', (page) => page.getByRole('heading', { name: 'Mine' })],
  ['dashboards-one', ({ dashboard }) => `/dashboards?id=${dashboard}`, (page) => page.locator('.recharts-area').first()],
  ['dashboards-edit', ({ dashboard }) => `/dashboards?id=${dashboard}&edit=1`, (page) => page.locator('.recharts-area').first()],
  ['onboarding', '/onboarding', (page) => page.locator('.recharts-area').first()],
  ['settings', '/settings', (page) => page.getByLabel('Time zone')],
  ['team', '/settings/team', (page) => page.getByText('Ada Park').last()],
  ['billing', '/settings/billing', (page) => page.getByText('Predictions a day').first()],
  ['audit-log', '/settings/audit-log', (page) => page.getByText('session · create').first()],
  ['integrations', '/settings/integrations', (page) => page.getByRole('tab', { name: 'KEDA' })],
  ['api-keys', '/settings/api-keys', (page) => page.getByRole('cell', { name: 'First key', exact: true })],
];

async function accessible(page, name) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).slice(0, 3).join(' | ')}`);
  assert.deepEqual(found, []);
}

export function looks(world) {
  for (const theme of ['light', 'dark']) {
    it(`is accessible in the ${theme} theme, and has its picture taken`, async () => {
      const visitor = await world.browser.visitor({ colorScheme: theme });
      const { page } = visitor;
      await page.goto('/sign-in');
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.classList.contains('dark')), theme === 'dark');
      await visitor.picture(`sign-in-${theme}`);
      await accessible(page, 'sign-in');
      await signIn(visitor, world.acme);
      for (const [name, path, present] of PAGES) {
        await page.goto(typeof path === 'string' ? path : path(world));
        await (await present(page))?.waitFor();
        await page.waitForLoadState('networkidle');
        await visitor.picture(`${name}-${theme}`);
        await accessible(page, name);
      }
      await visitor.leave();
    });
  }

  it('fits on a phone', async () => {
    const visitor = await world.browser.visitor({ viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme: 'dark' });
    const { page } = visitor;
    await signIn(visitor, world.acme);
    for (const [name, path, present] of PAGES) {
      await page.goto(typeof path === 'string' ? path : path(world));
      await (await present(page))?.waitFor();
      const { inner, scroll } = await page.evaluate(() => ({ inner: innerWidth, scroll: document.documentElement.scrollWidth }));
      assert.ok(scroll <= inner, `${name} is ${scroll} px wide on a screen of ${inner}`);
      const chosen = page.getByRole('navigation', { name: 'Settings' }).locator('[aria-current=page]');
      if (await chosen.count() > 0) {
        const box = await chosen.boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= inner, `${name} is not seen in its row`);
      }
      await visitor.picture(`${name}-phone`);
    }
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Dashboard', exact: true }).waitFor();
    await visitor.picture('menu-phone');
    await visitor.leave();
  });
}
