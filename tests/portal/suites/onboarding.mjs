// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// A new customer's way from the empty form to the first forecast.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { send, PASSWORD } from '../support/customer.mjs';

export function onboarding(world) {
  it('leads from the empty form to the first forecast', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await page.goto('/sign-up');
    await visitor.picture('sign-up-light');
    await page.getByLabel('Organization').fill('Ünï "Quotes" <b>& Söhne</b> 🚀');
    await page.getByLabel('Your name').fill('Ada Park');
    await page.getByLabel('E-mail').fill('ada@new.example');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create organization' }).click();

    await page.waitForURL('**/onboarding');
    const key = await page.getByLabel('the API key', { exact: true }).innerText();
    assert.match(key.trim(), /^hlx_[0-9A-Za-z]{49}$/);
    for (const way of ['Agent', 'Prometheus', 'API']) {
      await page.getByRole('tab', { name: way }).click();
      const command = await page.getByRole('tabpanel').innerText();
      assert.ok(command.includes(key.trim()), `the command of ${way} holds the key`);
      assert.ok(command.includes(world.base), `the command of ${way} holds the endpoint`);
    }
    await page.getByText('Waiting for your first sample').waitFor();
    await visitor.picture('onboarding-waiting-light');

    const now = Date.now();
    await send(world.base, key.trim(), [41, 43, 42, 44, 43].map((value, index) => ({ name: 'cpu_usage_percent', value, labels: { host: 'web-1' }, timestamp: now - (4 - index) * 5_000 })));
    await page.getByText('The first sample has arrived').waitFor();
    await page.locator('.recharts-line').first().waitFor();
    await page.getByRole('link', { name: 'To the dashboard' }).waitFor();
    await visitor.picture('onboarding-forecast-light');
    await visitor.leave();
  });

  it('says why a sign-up was refused, with the code', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of 400/);
    await page.goto('/sign-up');
    await page.getByLabel('Organization').fill('Acme');
    await page.getByLabel('Your name').fill('Ada');
    await page.getByLabel('E-mail').fill('ada@acme.example');
    await page.getByLabel('Password').fill('😀'.repeat(100)); // 200 characters to the form, 400 bytes to the server
    await page.getByRole('button', { name: 'Create organization' }).click();
    await page.getByRole('alert').filter({ hasText: 'identity.bad_password' }).waitFor();
    assert.equal(await page.getByLabel('Organization').inputValue(), 'Acme');
    await visitor.leave();
  });
}
