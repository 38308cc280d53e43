// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { signIn } from '../support/sign-in.mjs';

const DAY = 24 * 3_600_000;

export function explorer(world) {
  it('finds a metric by a part of its name, and keeps what it shows in the address', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/explorer');
    await page.getByRole('button', { name: 'Metric' }).click();
    await page.getByPlaceholder('Choose a metric…').fill('USAGE');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '{host="web-2"}' }).waitFor();
    await page.locator('.recharts-line').nth(3).waitFor(); // two series, and a forecast of each
    assert.equal(new URL(page.url()).search, '?metric=cpu_usage_percent');

    await page.getByRole('button', { name: 'Add a condition on a label' }).click();
    await page.getByRole('option', { name: 'host' }).click();
    await page.getByRole('button', { name: 'Value of host' }).click();
    await page.getByRole('option', { name: 'web-2' }).click();
    await page.getByRole('button', { name: 'cpu_usage_percent{host="web-2"}' }).waitFor();
    await page.getByLabel('Aggregation').selectOption('max');
    await page.getByRole('button', { name: '24 h' }).click();
    await page.locator('.recharts-area').first().waitFor(); // alone, it has an interval
    assert.equal(new URL(page.url()).search, '?metric=cpu_usage_percent&where=host%3Dweb-2&range=86400&aggregate=max');

    await page.reload();
    await page.getByRole('button', { name: 'cpu_usage_percent{host="web-2"}' }).waitFor();
    assert.equal(await page.getByLabel('Aggregation').inputValue(), 'max');
    await page.getByRole('button', { name: 'Show as table' }).click();
    assert.match(await page.locator('figure time').first().getAttribute('title'), /UTC$/);
    await visitor.leave();
  });

  it('zooms by keys and by dragging, and back', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme);
    await page.goto('/explorer?metric=memory_used_bytes');
    const chart = page.getByRole('application');
    await chart.focus();
    await page.keyboard.press('+');
    await page.waitForURL(/from=\d+&to=\d+/);
    const length = () => { const { searchParams } = new URL(page.url()); return Number(searchParams.get('to')) - Number(searchParams.get('from')); };
    assert.equal(length(), 3 * 3_600_000);
    await page.keyboard.press('0');
    await page.waitForURL((url) => !url.searchParams.has('from'));

    await page.locator('.recharts-line').first().waitFor();
    const box = await chart.boundingBox();
    await page.mouse.move(box.x + box.width * 0.3, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 120, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/from=\d+&to=\d+/);
    assert.ok(length() > 0.1 * 6 * 3_600_000 && length() < 0.4 * 6 * 3_600_000, `${length()} ms`);
    await page.goBack();
    await page.waitForURL((url) => !url.searchParams.has('from'));
    await visitor.leave();
  });

  it('says why samples were refused, and what to do', async () => {
    const refused = await fetch(`${world.base}/api/v1/ingest`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-API-Key': world.acme.key },
      body: JSON.stringify({ metrics: [{ name: 'cpu_usage_percent', value: 1, labels: { host: '<b>"late"</b>' }, timestamp: Date.now() + DAY }] }),
    });
    assert.equal(refused.status, 400);
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/explorer');
    await page.getByRole('tab', { name: 'Rejected samples' }).click();
    const row = page.getByRole('listitem').filter({ hasText: '<b>' });
    await row.getByText('Fix:').waitFor();
    await visitor.picture('explorer-rejections-light');
    await visitor.leave();
  });

  it('says how many series the plan allows, and warns before they are too many', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/explorer');
    const plan = page.getByRole('group', { name: 'Active series of the plan' });
    await plan.getByText('of 10,000 in the starter plan').waitFor();
    assert.equal(await plan.getByRole('status').count(), 0);
    let used = 8_100;
    await page.route('**/api/v1/billing/usage', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), active_series: { used, included: 10_000 } } });
    });
    await page.reload();
    await plan.getByText('Close to the plan’s limit').waitFor();
    await visitor.picture('explorer-near-limit-light');
    used = 10_000;
    await page.reload();
    await plan.getByText('The plan’s limit is reached').waitFor();
    await visitor.leave();
  });

  it('has nothing to explore where nothing was sent', async () => {
    const visitor = await world.browser.visitor();
    await signIn(visitor, world.empty, '/explorer');
    await visitor.page.getByText('No samples have arrived yet').waitFor();
    await visitor.leave();
  });
}
