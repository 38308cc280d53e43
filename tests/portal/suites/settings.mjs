// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { signIn } from '../support/sign-in.mjs';
import { PASSWORD } from '../support/customer.mjs';

const VIEWER = 'vi@acme.example';

export function settings(world) {
  it('creates a key, shows it once and revokes it', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/settings/api-keys');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByLabel('Name').fill('wall <img src=x onerror=alert(1)>');
    await page.getByLabel('Write').uncheck();
    await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
    const key = (await page.getByLabel('the API key', { exact: true }).innerText()).trim();
    const me = await (await fetch(`${world.base}/api/v1/me`, { headers: { 'X-API-Key': key } })).json();
    assert.deepEqual(me.api_key.scopes, ['read']);
    await page.getByRole('button', { name: 'I have it' }).click();
    assert.ok(!(await page.content()).includes(key));

    await page.getByRole('button', { name: /^Revoke wall/ }).click();
    await page.getByRole('button', { name: 'Revoke key' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Revoke wall/ }).waitFor({ state: 'detached' });
    const refused = await fetch(`${world.base}/api/v1/me`, { headers: { 'X-API-Key': key } });
    assert.equal(refused.status, 401);
    await visitor.leave();
  });

  it('adds a person, who sees no more than a viewer may', async () => {
    const owner = await world.browser.visitor();
    await signIn(owner, world.acme, '/settings/team');
    await owner.page.getByRole('button', { name: 'Add person' }).click();
    const dialog = owner.page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Vi Ewer');
    await dialog.getByLabel('E-mail').fill(VIEWER);
    await dialog.getByLabel('First password').fill(PASSWORD);
    await dialog.getByLabel('Role').selectOption('viewer');
    await dialog.getByRole('button', { name: 'Add person' }).click();
    await owner.page.getByText('Vi Ewer').first().waitFor();
    await owner.leave();

    const viewer = await world.browser.visitor();
    await signIn(viewer, { email: VIEWER }, '/settings/api-keys');
    await viewer.page.getByRole('cell', { name: 'First key', exact: true }).waitFor();
    assert.equal(await viewer.page.getByRole('button', { name: /Create key|Revoke/ }).count(), 0);
    await viewer.leave();
  });

  it('renames the organization, and keeps what was typed where that is refused', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of 400/);
    await signIn(visitor, world.acme, '/settings');
    await page.getByLabel('Time zone').fill('Mars/Olympus');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').filter({ hasText: 'Mars/Olympus' }).waitFor();
    assert.equal(await page.getByLabel('Time zone').inputValue(), 'Mars/Olympus');
    await page.getByLabel('Time zone').fill('Europe/Berlin');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved').waitFor();
    await visitor.leave();
  });
}
