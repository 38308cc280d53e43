// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Scaling targets: made, previewed, judged by their replay, changed and deleted.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { asViewer, refuse } from '../support/answers.mjs';
import { signIn } from '../support/sign-in.mjs';

const NAME = 'Shop "<b>front</b>" 🚀';
/** A new target is advised within 70 s. */
const ADVICE_MS = 90_000;

export function scaling(world) {
  it('has no targets where none was made', async () => {
    const visitor = await world.browser.visitor();
    await signIn(visitor, world.empty, '/scaling');
    await visitor.page.getByText('No scaling targets yet').waitFor();
    await visitor.picture('scaling-empty-light');
    await visitor.leave();
  });

  it('previews a target, keeps what was typed when saving fails, and then makes it', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of 503/);
    await signIn(visitor, world.acme, '/scaling');
    await page.getByRole('button', { name: 'New target' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New scaling target' });
    await dialog.getByLabel('Name').fill(NAME);
    await dialog.getByRole('button', { name: 'Metric' }).click();
    await page.getByRole('option', { name: 'cpu_usage_percent' }).click();
    await dialog.getByLabel('A replica serves').fill('10');
    await dialog.getByLabel('At most').fill('40');
    await dialog.getByLabel('Load lost').fill('0.5');
    await dialog.getByLabel('Cost').fill('0.12');
    await dialog.getByLabel('Currency').fill('eur');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    const preview = dialog.getByRole('region', { name: 'Preview' });
    await preview.getByText(/\d+ replicas now\./).waitFor();
    await preview.getByText('The load is the sum of 2 series.').waitFor();
    await preview.getByRole('cell', { name: /Perfect foresight/ }).waitFor();
    assert.match(await preview.innerText(), /€/);
    await visitor.picture('scaling-dialog-light');

    const stop = await refuse(page, '**/api/v1/scaling-targets', 503, 'POST');
    await dialog.getByRole('button', { name: 'Create target' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'gateway.overloaded' }).waitFor();
    assert.equal(await dialog.getByLabel('Name').inputValue(), NAME);
    assert.equal(await dialog.getByLabel('At most').inputValue(), '40');
    await stop();
    await dialog.getByRole('button', { name: 'Create target' }).click();
    await page.waitForURL(/\/scaling\?id=[0-9a-f-]{36}$/);
    world.target = new URL(page.url()).searchParams.get('id');
    await page.getByRole('heading', { name: NAME }).waitFor();
    await visitor.leave();
  });

  it('shows the load against the replicas, the schedule ahead, the replay, and how to connect', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/scaling');
    await page.getByRole('link', { name: NAME }).click();
    await page.getByText(/of your own load|Only .* of history/).waitFor();
    const course = page.getByRole('figure', { name: 'Load and capacity under each policy' });
    await course.locator('.recharts-area').waitFor();
    await course.getByRole('button', { name: 'HPA' }).click();
    await page.waitForFunction(() => document.querySelectorAll('figure[aria-label="Load and capacity under each policy"] .recharts-line').length === 4);
    await course.getByRole('button', { name: 'as table' }).click();
    await course.getByRole('columnheader', { name: 'Static peak, replicas' }).waitFor();
    await page.getByRole('region', { name: 'Policies' }).getByRole('cell', { name: /Kubernetes' HPA/ }).waitFor();

    const load = page.getByRole('figure', { name: 'Load and replicas' });
    await load.locator('.recharts-area').waitFor();
    await load.getByText('Schedule ahead').waitFor();
    assert.ok((await page.getByLabel("KEDA's trigger", { exact: true }).innerText()).includes(`${world.base}/api/v1/scaling-targets/${world.target}/keda`));
    await page.getByRole('tab', { name: 'Kubernetes' }).click();
    assert.ok((await page.getByLabel("the autoscaler's metric", { exact: true }).innerText()).includes(`target_id: ${world.target}`));
    await page.getByRole('tab', { name: 'Webhook' }).click();
    assert.ok((await page.getByLabel('the message', { exact: true }).innerText()).includes('scaling.advice_changed'));
    await visitor.leave();
  });

  it('is advised within 70 seconds, and goes live once that is chosen', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/scaling');
    const row = page.getByRole('row').filter({ hasText: NAME });
    await row.getByText('shadow').waitFor();
    await row.getByText('of 40').waitFor({ timeout: ADVICE_MS });
    await row.getByRole('link').click();
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('dialog').getByLabel('Live').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText('live', { exact: true }).waitFor();
    await visitor.leave();
  });

  it('deletes a target once that is confirmed', async () => {
    const made = await fetch(`${world.base}/api/v1/scaling-targets`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-API-Key': world.acme.key },
      body: JSON.stringify({ name: 'Old shop', metric: 'memory_used_bytes', labels: { host: 'web-1' }, per_replica_capacity: 1e9, max_replicas: 20 }),
    });
    assert.equal(made.status, 201, await made.clone().text());
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/scaling');
    await page.getByRole('link', { name: 'Old shop' }).click();
    await page.getByRole('button', { name: 'Delete target' }).click();
    await page.getByRole('dialog').getByText('history of advice').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete target' }).click();
    await page.waitForURL((url) => url.pathname === '/scaling' && url.search === '');
    await page.getByRole('link', { name: NAME }).waitFor();
    await page.getByRole('link', { name: 'Old shop' }).waitFor({ state: 'detached' });
    await visitor.leave();
  });

  it('says what failed, and reads again when asked to', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of 503/);
    const stop = await refuse(page, /\/api\/v1\/scaling-targets\?/, 503);
    await signIn(visitor, world.acme, '/scaling');
    await page.getByRole('alert').filter({ hasText: 'gateway.overloaded' }).waitFor();
    await stop();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: NAME }).waitFor();
    await visitor.leave();
  });

  it('shows a viewer everything of scaling, and offers nothing to change', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await asViewer(page);
    await signIn(visitor, world.acme, '/scaling');
    await page.getByRole('link', { name: NAME }).click();
    await page.getByRole('heading', { name: 'Connect' }).waitFor();
    assert.equal(await page.getByRole('button', { name: /New target|Edit|Delete/ }).count(), 0);
    await visitor.leave();
  });
}
