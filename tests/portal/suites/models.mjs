// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Predictions and the models that make them.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { signIn } from '../support/sign-in.mjs';

const TRAINING_MS = 60_000;

export function models(world) {
  it('trains, and says what came of it', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/models');
    await page.getByText('No training yet').waitFor();
    const jobs = page.getByRole('list', { name: 'Trainings' });
    for (const version of [1, 2]) {
      await page.getByRole('button', { name: 'Train now' }).click();
      await page.getByLabel('What to train').selectOption('cpu_usage_percent');
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await jobs.getByText('succeeded').nth(version - 1).waitFor({ timeout: TRAINING_MS });
    }
    await jobs.getByText(/series got a better model|no new version/).first().waitFor();
    await visitor.leave();
  });

  it('rolls back once that is confirmed', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    // A second training of the same samples finds nothing better, so that two trained versions are played.
    const version = (number, status) => ({
      id: `019b83a0-5c1e-7d42-bd75-4c3b8e9fa0b${number}`, name: 'cpu_usage_percent_forecast', model_type: 'automatic', target_metric: 'cpu_usage_percent', version: number, status,
      metrics: { mase: 0.7 + number / 10, smape: 4, mae: 1, coverage: 0.95, origins: 48, series: 2, promoted: 2 }, trained_at: new Date().toISOString(), artifact_deleted_at: null, created_at: new Date().toISOString(),
    });
    let serves = 3;
    await page.route(/\/api\/v1\/models\?/, (route) => route.fulfill({ json: { data: [3, 2].map((each) => version(each, each === serves ? 'active' : 'retired')), next_cursor: null } }));
    await page.route('**/accuracy?*', (route) => route.fulfill({ json: { summary: [], data: [], next_cursor: null } }));
    await page.route('**/activate', (route) => {
      serves = 2;
      return route.fulfill({ json: version(2, 'active') });
    });
    await signIn(visitor, world.acme, '/models');
    await page.getByRole('button', { name: 'Roll cpu_usage_percent back to version 2' }).click();
    await page.getByRole('dialog').getByText('measured against it').waitFor();
    await visitor.picture('models-roll-back-light');
    assert.equal(serves, 3);
    await page.getByRole('button', { name: 'Roll back', exact: true }).click();
    await page.getByRole('button', { name: 'Roll cpu_usage_percent back to version 3' }).waitFor();
    assert.equal(serves, 2);
    await visitor.leave();
  });

  it('tells of each metric which model forecasts it, and why', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/predictions');
    await page.getByLabel('Filter by name').fill('cpu');
    await page.getByRole('link', { name: 'cpu_usage_percent' }).click();
    await page.waitForURL('**/predictions?metric=cpu_usage_percent');
    await page.locator('.recharts-area').first().waitFor();
    await page.getByText('Backtested from').waitFor();
    await page.getByText('No forecast has met its value yet').waitFor();
    await page.getByLabel('Series').selectOption('{host="web-2"}');
    await page.waitForURL((url) => url.searchParams.get('series') === '{host="web-2"}');
    await visitor.leave();
  });

  it('says why a forecast was withdrawn', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    // A forecast is withdrawn after it lost for a day: the answer is played, in the contract's form.
    const reason = 'its error over a day is 1.31 times that of the seasonal naive';
    const row = (host, horizon_minutes, mase, withdrawn) => ({
      metric: 'cpu_usage_percent', labels: { host }, horizon_minutes, since: new Date(Date.now() - 5 * 86_400_000).toISOString(), forecasts_met: 1_440,
      mase, mae: 2.4 * mase, naive_mae: 2.4, coverage: 0.94, withdrawn,
    });
    const rows = [row('web-1', 15, 0.62, null), row('web-1', 60, 0.83, null), row('web-2', 15, 0.71, null), row('web-2', 60, 1.31, { since: new Date(Date.now() - 7_200_000).toISOString(), reason })];
    const summary = [15, 60].map((horizon_minutes) => ({ horizon_minutes, series: 2, withdrawn_series: horizon_minutes === 60 ? 1 : 0, forecasts_met: 2_880, median_mase: horizon_minutes === 60 ? 0.96 : 0.66, coverage: 0.94 }));
    await page.route('**/accuracy?*', (route) => route.fulfill({ json: { summary, data: rows.filter(({ withdrawn }) => withdrawn || !route.request().url().includes('withdrawn')), next_cursor: null } }));
    await signIn(visitor, world.acme, '/predictions');
    await page.getByText('1 of 2 series').first().waitFor();
    await visitor.picture('predictions-withdrawn-light');
    await page.goto('/predictions?metric=cpu_usage_percent');
    await page.getByText(reason).waitFor();
    await visitor.picture('prediction-withdrawn-light');
    await page.getByLabel('Withdrawn only').check();
    await page.getByRole('table', { name: /accuracy/ }).or(page.getByRole('region', { name: 'Live accuracy' })).first().waitFor();
    await page.getByRole('region', { name: 'Live accuracy' }).getByText('0.62').waitFor({ state: 'detached' });
    assert.equal(await page.getByText(reason).count(), 1);
    await visitor.leave();
  });

  it('hides from a viewer what only an admin may do with models', async () => {
    const visitor = await world.browser.visitor();
    await visitor.page.route('**/api/v1/me', async (route) => {
      const answer = await route.fetch();
      const me = await answer.json();
      await route.fulfill({ response: answer, json: { ...me, user: { ...me.user, role: 'viewer' } } });
    });
    await signIn(visitor, world.acme, '/models');
    await visitor.page.getByRole('link', { name: 'cpu_usage_percent' }).first().waitFor();
    assert.equal(await visitor.page.getByRole('button', { name: /Train now|Roll|Cancel|Queue again/ }).count(), 0);
    await visitor.leave();
  });

  it('has neither forecasts nor models where nothing was sent', async () => {
    const visitor = await world.browser.visitor();
    await signIn(visitor, world.empty, '/predictions');
    await visitor.page.getByText('Nothing to forecast yet').waitFor();
    await visitor.page.goto('/models');
    await visitor.page.getByText('No models yet').waitFor();
    await visitor.leave();
  });
}
