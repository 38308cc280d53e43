// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Usage, the audit log, integrations and invitations.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { PASSWORD } from '../support/customer.mjs';
import { signIn } from '../support/sign-in.mjs';

export function account(world) {
  it('shows what was used of the plan', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/settings/billing');
    await page.getByText('of 10,000,000').waitFor();
    const cut = await page.locator('main dd').evaluateAll((all) => all.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ textContent }) => textContent));
    assert.deepEqual(cut, [], 'text is cut');
    await page.getByRole('button', { name: 'Samples a day as table' }).click();
    await page.getByRole('region', { name: 'Samples a day' }).waitFor();
    await visitor.leave();
  });

  it('invites by a link that lets one person join, once', async () => {
    const owner = await world.browser.visitor();
    const { page } = owner;
    await signIn(owner, world.acme, '/settings/team');
    await page.getByRole('button', { name: 'Invite by link' }).click();
    await page.getByRole('dialog').getByLabel('E-mail').fill('mo@acme.example');
    await page.getByRole('button', { name: 'Create link' }).click();
    const link = (await page.getByLabel('the invitation link', { exact: true }).innerText()).trim();
    await owner.picture('invitation-light');
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('cell', { name: 'mo@acme.example', exact: true }).waitFor();

    const invited = await world.browser.visitor();
    await invited.page.goto(link);
    await invited.page.getByText('Join Acme').waitFor();
    await invited.picture('join-light');
    await invited.page.getByLabel('Your name').fill('Mo Member');
    await invited.page.getByLabel('Password').fill(PASSWORD);
    await invited.page.getByRole('button', { name: 'Join', exact: true }).click();
    await invited.page.getByRole('heading', { name: 'Dashboard' }).waitFor();
    await invited.page.goto('/settings/audit-log');
    await invited.page.getByText('For admins').waitFor();
    await invited.page.goto('/settings/team');
    await invited.page.getByText('Mo Member').first().waitFor();
    assert.equal(await invited.page.getByRole('button', { name: /Invite|Add person|Withdraw/ }).count(), 0);
    await invited.leave();

    const late = await world.browser.visitor({ colorScheme: 'dark' });
    late.expect(/status of 404/);
    await late.page.goto(link);
    await late.page.getByText('used already').waitFor();
    await late.picture('join-used-dark');
    await late.leave();
    await owner.leave();
  });

  it('tells who did what', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/settings/audit-log');
    await page.getByText('invitation · accept').waitFor();
    await page.getByLabel('Of what').selectOption('invitation');
    await page.getByText('session · create').first().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Mo Member' }).click();
    await page.getByText('invitation · create').waitFor({ state: 'detached' });
    await visitor.leave();
  });
}
