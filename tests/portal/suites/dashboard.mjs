// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { history, send, signUp } from '../support/customer.mjs';
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
