// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { PASSWORD } from '../support/customer.mjs';
import { signIn, signInByForm } from '../support/sign-in.mjs';

export function sessions(world) {
  it('leads who is not signed in to the sign-in page and back', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of 401/);
    await page.goto('/settings/team?from=mail');
    await page.waitForURL('**/sign-in?next=**');
    await page.getByLabel('E-mail').fill(world.acme.email);
    await page.getByLabel('Password').fill('a wrong password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'identity.bad_credentials' }).waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/settings/team?from=mail');
    await visitor.leave();
  });

  it('asks to sign in over a page whose session ended, and loses nothing of it', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of 401/);
    await signIn(visitor, world.acme, '/settings/team');
    await page.getByRole('button', { name: 'Add person' }).click();
    await page.getByLabel('Name').fill('Half Typed');
    await page.getByLabel('E-mail').fill('half@acme.example');
    await page.getByLabel('First password').fill(PASSWORD);
    await visitor.context.clearCookies();
    await page.getByRole('dialog').getByRole('button', { name: 'Add person' }).click();

    const asked = page.getByRole('dialog').filter({ hasText: 'Your session has ended' });
    await asked.waitFor();
    await visitor.picture('session-ended-light');
    await asked.getByLabel('Password').fill(PASSWORD);
    await asked.getByRole('button', { name: 'Sign in' }).click();
    await asked.waitFor({ state: 'detached' });
    assert.equal(await page.getByLabel('Name').inputValue(), 'Half Typed');
    await page.getByRole('dialog').getByRole('button', { name: 'Add person' }).click();
    await page.getByRole('cell', { name: 'Half Typed half@acme.example' }).waitFor();
    await visitor.leave();
  });

  it('signs out', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signInByForm(visitor, world.acme);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    const cookies = await visitor.context.cookies();
    assert.deepEqual(cookies, []);
    await visitor.leave();
  });
}
