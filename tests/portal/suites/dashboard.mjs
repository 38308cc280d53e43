// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { history, post, ramp, send, signUp } from '../support/customer.mjs';
import { signIn } from '../support/sign-in.mjs';

export function dashboard(world) {
  it('shows what was measured and what is forecast', async () => {
    world.acme = await signUp(world.base, 'acme');
    await send(world.base, world.acme.key, history(50));
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme);
    await page.getByText('95 % interval').first().waitFor();
    await page.locator('.recharts-area').first().waitFor();
    await page.getByText('3', { exact: true }).first().waitFor(); // series
    assert.equal(await page.getByRole('combobox', { name: 'Metric' }).count(), 2);

    await page.getByRole('button', { name: 'Show as table' }).first().click();
    await page.getByRole('columnheader', { name: 'Interval' }).waitFor();
    const title = await page.locator('figure time').first().getAttribute('title');
    assert.match(title, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
    await visitor.leave();
  });

  it('tells what is forecast to cross a threshold, and when', async () => {
    const ahead = await signUp(world.base, 'ahead');
    await send(world.base, ahead.key, ramp());
    const rule = (body) => post(world.base, '/api/v1/alert-rules', { 'X-API-Key': ahead.key }, body);
    await rule({ name: 'Queue "long" <b>', metric: 'queue_length', condition: 'above', threshold: 1_015, severity: 'high' });
    const fills = await rule({ name: 'Disk fills', metric: 'disk_used_percent', match: '{host=~"db.*"}', condition: 'forecast_breach', threshold: 91, horizon_minutes: 60, probability: 0.5, severity: 'critical' });
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, ahead);
    const list = page.getByRole('list', { name: 'Forecast to cross a threshold' });
    await list.getByRole('listitem').nth(1).waitFor();
    const rows = await list.getByRole('listitem').allInnerTexts();
    assert.match(rows[0], /queue_length[^]*likely above 1,015[^]*Queue "long" <b>[^]*in \d+ min/);
    assert.match(rows[1], /disk_used_percent\{host="db-1"\}[^]*likely above 91 %[^]*in \d+ min/);
    await visitor.picture('dashboard-breaches-light');
    assert.equal(await list.getByRole('link', { name: 'Disk fills' }).getAttribute('href'), `/alerts?rule=${fills.id}`);
    await list.getByRole('link', { name: /^disk_used/ }).click();
    await page.waitForURL('**/explorer?metric=disk_used_percent&where=host%3Ddb-1');
    await page.locator('.recharts-line').first().waitFor();
    await visitor.leave();
  });

  it('draws what was forecast an hour before over what was measured', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    // The platform keeps forecasts from its start on, and this one began a minute ago.
    await page.route('**/api/v1/query', async (route) => {
      const asked = route.request().postDataJSON();
      if (asked.metric !== 'helios:forecast') return route.continue();
      const { metric, horizon, ...labels } = asked.labels;
      assert.equal(horizon, '60m');
      const wave = (time) => Math.sin((2 * Math.PI * time) / 86_400_000); // as support/customer.mjs has it
      const points = (by) => Array.from({ length: 73 }, (_, index) => asked.end - (72 - index) * 300_000).map((time) => [time, (metric.startsWith('cpu') ? 45 + 18 * wave(time) : 6e9 + 5e8 * wave(time)) * by]);
      const series = [['value', 1], ['lower', 0.95], ['upper', 1.05]].map(([bound, by]) => ({ metric: asked.metric, labels: { ...labels, metric, horizon, bound }, points: points(by) }));
      return route.fulfill({ json: { series, truncated: false } });
    });
    await signIn(visitor, world.acme);
    await page.getByText('Forecast an hour before').nth(1).waitFor();
    await page.locator('.recharts-area').nth(3).waitFor(); // of each chart what was expected, and what is to come
    await visitor.picture('dashboard-foreseen-light');
    await page.getByRole('button', { name: 'Show as table' }).first().click();
    const forecasts = await page.locator('figure tbody tr td:nth-child(3)').allInnerTexts();
    assert.ok(forecasts.filter((text) => text !== '–').length > 100, 'the table holds the forecasts of the past');
    await visitor.leave();
  });

  it('goes where keys and the palette lead', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme);
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press(',');
    await page.waitForURL('**/settings');
    await page.getByRole('heading', { name: 'Organization' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to a page').fill('keys');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/settings/api-keys');
    await page.getByRole('heading', { name: 'API keys' }).waitFor();
    await page.getByPlaceholder('Go to a page').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await visitor.leave();
  });

  it('tells an organization without samples how to begin', async () => {
    world.empty = await signUp(world.base, 'empty');
    const visitor = await world.browser.visitor();
    await signIn(visitor, world.empty);
    await visitor.page.getByText('No samples have arrived yet').waitFor();
    await visitor.picture('dashboard-empty-light');
    await visitor.leave();
  });
}
