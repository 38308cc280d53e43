// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Rules, from the preview to the message that a receiver got.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { send } from '../support/customer.mjs';
import { isSigned, Receiver } from '../support/receiver.mjs';
import { signIn } from '../support/sign-in.mjs';

const METRIC = 'basket_queue_length';
const SHOP = 'Köln "Süd" <b>';
const NAME = 'Queue "too long" <img src=x onerror=alert(1)> 🛒';
const MINUTE = 60_000;
const DAY = 1_440;

/** What the plan keeps, until a quarter of an hour ago, each 15 minutes, of two shops; one of them has three rushes of half an hour. */
function queue(now) {
  const samples = [];
  for (let ago = 6.5 * DAY; ago >= 15; ago -= 15) {
    const timestamp = now - ago * MINUTE;
    const calm = 24 + 9 * Math.sin((2 * Math.PI * timestamp) / (DAY * MINUTE)) + 3 * Math.sin(ago);
    const rush = [2, 4, 6].some((day) => ago <= day * DAY + 30 && ago > day * DAY);
    samples.push({ name: METRIC, value: rush ? 85 : calm, labels: { shop: SHOP }, timestamp });
    samples.push({ name: METRIC, value: calm * 0.6, labels: { shop: 'Aachen' }, timestamp });
  }
  return samples;
}

const reading = (value) => [{ name: METRIC, value, labels: { shop: SHOP }, timestamp: Date.now() }];

export function alerts(world) {
  let receiver;

  it('begins without rules, incidents and channels, and says what they are for', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.empty, '/alerts');
    await page.getByText('No rules yet').waitFor();
    await visitor.picture('alerts-empty-light');
    await page.getByRole('tab', { name: 'Incidents' }).click();
    await page.getByText('Nothing happened so far').waitFor();
    await page.getByRole('tab', { name: 'Channels' }).click();
    await page.getByText('No channels yet').waitFor();
    await page.getByRole('tab', { name: 'Deliveries' }).click();
    await page.waitForURL('**/alerts?view=deliveries');
    await page.getByText('Nothing was sent yet').waitFor();
    await page.goBack();
    await page.getByText('No channels yet').waitFor();
    await visitor.leave();
  });

  it('adds a channel, whose secret is shown once and signs what a test sends', async () => {
    receiver = await Receiver.open();
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of 400/);
    await signIn(visitor, world.acme, '/alerts');
    await page.getByRole('tab', { name: 'Channels' }).click();
    await page.getByRole('button', { name: 'New channel' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('On call 📟 <i>"night"</i>');
    await dialog.getByLabel('URL').fill('http://10.0.0.1/hook');
    await dialog.getByRole('button', { name: 'Create channel' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'its address is not one of the public internet' }).waitFor();
    assert.equal(await dialog.getByLabel('URL').getAttribute('aria-invalid'), 'true');
    assert.equal(await dialog.getByLabel('Name').inputValue(), 'On call 📟 <i>"night"</i>');
    await visitor.picture('alerts-channel-refused-light');
    await dialog.getByLabel('URL').fill(receiver.url);
    await dialog.getByRole('button', { name: 'Create channel' }).click();
    const secret = (await dialog.getByLabel('the secret', { exact: true }).innerText()).trim();
    await dialog.getByRole('button', { name: 'I have it' }).click();
    assert.ok(!(await page.content()).includes(secret));
    await page.getByText('nothing sent yet').waitFor();

    await page.getByRole('button', { name: /^Test On call/ }).click();
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByText('It arrived').waitFor();
    await dialog.getByText(/^204 in \d+ ms$/).waitFor();
    assert.ok(isSigned((await receiver.wait('test'))[0], secret));
    receiver.status = 503;
    await dialog.getByRole('button', { name: 'Send another' }).click();
    await dialog.getByText('It did not arrive').waitFor();
    await dialog.getByText(/^503 in \d+ ms$/).waitFor();
    await visitor.picture('alerts-test-light');
    receiver.status = 204;
    await receiver.wait('test', 3);
    await dialog.getByText('It arrived').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).first().click();

    await page.getByRole('button', { name: /^More about On call/ }).click();
    await page.getByRole('menuitem', { name: 'Rotate secret' }).click();
    await dialog.getByRole('button', { name: 'Rotate secret' }).click();
    const next = (await dialog.getByLabel('the secret', { exact: true }).innerText()).trim();
    assert.notEqual(next, secret);
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await page.getByText('The secret before signs too').waitFor();
    world.hookSecrets = [secret, next];
    await visitor.leave();
  });

  it('writes a rule beside what it would have done, and keeps it where saving fails', async () => {
    await send(world.base, world.acme.key, queue(Date.now()));
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of (503|400)/);
    await signIn(visitor, world.acme, '/alerts');
    await page.getByRole('link', { name: 'New rule' }).first().click();
    await page.getByRole('button', { name: 'Create rule' }).click();
    for (const missing of ['A name is missing', 'Choose a metric', 'A threshold is missing']) await page.getByRole('alert').filter({ hasText: missing }).waitFor();
    await page.getByLabel('Name').fill(NAME);
    await page.getByRole('button', { name: /^Metric/ }).click();
    await page.getByPlaceholder('Choose a metric').fill('basket');
    await page.getByRole('option', { name: METRIC }).click();
    await page.getByLabel('Threshold').fill('60');
    await page.getByLabel('For', { exact: true }).selectOption('at once');
    await page.getByText('Would have fired 3 times, 90 minutes in all').waitFor();
    await page.getByText('2 series').waitFor();
    await page.locator('.recharts-reference-area').nth(2).waitFor();
    await page.locator('.recharts-reference-line').waitFor({ state: 'attached' });
    assert.equal(await page.getByRole('list', { name: 'When it would have fired' }).getByText(/for 30 min/).count(), 3);
    await page.getByRole('button', { name: /^Add a condition/ }).click();
    await page.getByRole('option', { name: 'shop' }).click();
    await page.getByRole('button', { name: /^Value of shop/ }).click();
    await page.getByRole('option', { name: SHOP }).click();
    await page.getByText('1 series').waitFor();
    await page.getByLabel('Threshold').fill('90,5');
    await page.getByText('Would not have fired').waitFor();

    await page.getByLabel(/On call/).check();
    await page.getByLabel('Severity').selectOption('high');
    await page.route('**/api/v1/alert-rules', (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ type: 'about:blank', title: 'Service Unavailable', status: 503, code: 'gateway.overloaded', detail: 'cannot answer now: too much waits; try again', request_id: 'r' }) }) : route.fallback()));
    await page.getByRole('button', { name: 'Create rule' }).click();
    await page.getByRole('alert').filter({ hasText: 'gateway.overloaded' }).waitFor();
    assert.equal(await page.getByLabel('Name').inputValue(), NAME);
    assert.equal(await page.getByLabel('Threshold').inputValue(), '90,5');
    assert.ok(await page.getByLabel(/On call/).isChecked());
    await page.unroute('**/api/v1/alert-rules');

    await page.getByLabel('Name').fill('🛒'.repeat(100)); // 200 characters to the form, 400 bytes to the server
    await page.getByRole('button', { name: 'Create rule' }).click();
    await page.getByRole('alert').filter({ hasText: 'name must have 1 to 255 bytes' }).waitFor();
    assert.equal(await page.getByLabel('Name').getAttribute('aria-invalid'), 'true');
    await page.getByLabel('Name').fill(NAME);
    await page.getByRole('button', { name: 'Create rule' }).click();
    await page.getByRole('link', { name: NAME }).waitFor();
    await page.getByText('fine', { exact: true }).waitFor();
    await visitor.leave();
  });

  it('fires, raises an incident, tells the receiver, and tells it again when asked', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/alerts');
    await send(world.base, world.acme.key, reading(97));
    await page.getByText('firing', { exact: true }).waitFor();
    const [told] = await receiver.wait('incident.opened');
    for (const secret of world.hookSecrets) assert.ok(isSigned(told, secret));
    world.rule = (await page.getByRole('link', { name: NAME }).getAttribute('href')).split('=').at(-1);

    await page.getByRole('link', { name: /^since/ }).click();
    await page.waitForURL('**/alerts?view=incidents&incident=*');
    world.incident = new URL(page.url()).searchParams.get('incident');
    const series = page.getByRole('region', { name: /^Series of/ });
    await series.getByText(`${METRIC}{shop="Köln \\"Süd\\" <b>"}`).waitFor();
    await series.getByText('beyond the rule by 6.5').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Investigate' }).getAttribute('href'), `/anomalies?incident=${world.incident}`);
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('acknowledged', { exact: true }).waitFor();
    await page.getByLabel('Which incidents').selectOption('resolved');
    await page.getByRole('list', { name: 'The incident of the address' }).getByText(NAME).first().waitFor();

    await page.getByRole('tab', { name: 'Deliveries' }).click();
    const row = page.getByRole('row').filter({ hasText: 'incident.opened' });
    await row.getByText('delivered').waitFor();
    await row.getByText(/^204 in/).waitFor();
    await row.getByRole('button', { name: /^Replay/ }).click();
    const again = await receiver.wait('incident.opened', 2);
    assert.deepEqual(again.map(({ id }) => id), [told.id, told.id]);
    await row.getByRole('button', { name: '2 attempts' }).click();
    await page.getByRole('list', { name: 'Attempts' }).getByText(/^2\./).waitFor();
    await visitor.leave();
  });

  it('previews every condition, and shows a rule as it was saved', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/alerts');
    await page.getByRole('link', { name: NAME }).click();
    assert.equal(await page.getByLabel('Threshold').inputValue(), '90.5');
    await page.getByRole('button', { name: 'Value of shop: Köln' }).waitFor();
    await page.getByText(/Would have fired once/).waitFor(); // it does
    for (const condition of ['below', 'outside_expected', 'no_data', 'forecast_breach']) {
      const answer = page.waitForResponse((response) => response.url().endsWith('/backtest') && response.request().postDataJSON().condition === condition);
      await page.getByLabel('Fires when it').selectOption(condition);
      assert.equal((await answer).status(), 200, condition);
      await page.getByRole('status').filter({ hasText: /^Would/ }).waitFor();
      await visitor.picture(`alerts-rule-${condition}-light`);
    }
    await page.getByRole('button', { name: 'Show as table' }).click();
    await page.getByRole('region', { name: 'Samples, as a table' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('firing', { exact: true }).waitFor();
    await visitor.leave();
  });

  it('turns a rule off and on, and deletes it once that is confirmed', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    const made = await fetch(`${world.base}/api/v1/alert-rules`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-API-Key': world.acme.key }, body: JSON.stringify({ name: 'Short-lived', metric: 'cpu_usage_percent', condition: 'no_data', for_seconds: 86_400 }) });
    assert.equal(made.status, 201);
    await signIn(visitor, world.acme, '/alerts');
    const row = page.getByRole('row').filter({ hasText: 'Short-lived' });
    const enabled = row.getByRole('switch');
    await enabled.click();
    await row.getByText('off', { exact: true }).waitFor();
    await enabled.click();
    await row.getByText('fine', { exact: true }).waitFor();
    await row.getByRole('button', { name: 'Delete Short-lived' }).click();
    await page.getByRole('dialog').getByText('What it raised before stays').waitFor();
    await page.getByRole('button', { name: 'Delete rule' }).click();
    await row.waitFor({ state: 'detached' });
    await visitor.leave();
  });

  it('says what failed, and tries again when asked', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of 500/);
    const broken = /\/api\/v1\/(alert-rules|incidents|notification-channels)/;
    await page.route(broken, (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify({ type: 'about:blank', title: 'Internal Server Error', status: 500, code: 'http.internal', detail: 'cannot answer: a bug of ours', request_id: 'r' }) }));
    await signIn(visitor, world.acme, '/alerts');
    for (const tab of ['Rules', 'Incidents', 'Channels', 'Deliveries']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel', { name: tab }).getByRole('alert').filter({ hasText: 'http.internal' }).waitFor();
    }
    await page.unroute(broken);
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('cell', { name: 'incident.opened', exact: true }).waitFor();
    await visitor.leave();
  });

  it('shows a viewer everything, and nothing to do', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await page.route('**/api/v1/me', async (route) => {
      const answer = await route.fetch();
      const me = await answer.json();
      await route.fulfill({ response: answer, json: { ...me, user: { ...me.user, role: 'viewer' } } });
    });
    await signIn(visitor, world.acme, '/alerts');
    const doing = page.getByRole('button', { name: /New|Delete|Test|More about|Replay|Acknowledge|Resolve|Save|Create/ }).or(page.getByRole('switch')).or(page.getByRole('link', { name: 'New rule' }));
    for (const [tab, present] of [['Rules', page.getByRole('link', { name: NAME })], ['Channels', page.getByText(/On call/)], ['Deliveries', page.getByRole('cell', { name: 'incident.opened' })], ['Incidents', page.getByText(NAME)]]) {
      await page.getByRole('tab', { name: tab }).click();
      await present.first().waitFor();
      assert.equal(await doing.count(), 0, tab);
    }
    await page.getByRole('button', { expanded: false }).filter({ hasText: NAME }).first().click();
    await page.getByRole('link', { name: 'Its rule' }).click();
    await page.getByLabel('Threshold').waitFor();
    assert.ok(await page.getByLabel('Threshold').isDisabled());
    await page.getByText(/Would have fired/).waitFor();
    assert.equal(await doing.count(), 0);
    await receiver.close();
    await visitor.leave();
  });
}
