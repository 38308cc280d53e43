// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Anomalies, incidents and the alert budget, of a history in which two peaks were hidden.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { oddHistory, send } from '../support/customer.mjs';
import { signIn } from '../support/sign-in.mjs';

const SERVICE = 'che"ck <b>out</b> 🚀';
const LATENCY = 'checkout_latency_ms';
const QUEUE = 'checkout_queue_length';

export function anomalies(world) {
  const read = async (path) => (await fetch(`${world.base}${path}`, { headers: { 'X-API-Key': world.acme.key } })).json();

  /** Signs in at the list of what checkout did, which is the same whatever else happened. */
  const visit = async (path = '/anomalies', options = {}) => {
    const visitor = await world.browser.visitor(options);
    await signIn(visitor, world.acme);
    await visitor.page.goto(path);
    return visitor;
  };

  it('lists what stood out, over time, whatever it is called', async () => {
    await send(world.base, world.acme.key, oddHistory([LATENCY, QUEUE], SERVICE));
    let found = [];
    for (let tries = 0; tries < 300 && found.length < 2; ++tries) {
      await new Promise((done) => setTimeout(done, 100));
      found = (await read('/api/v1/anomalies')).data.filter(({ metric }) => metric === LATENCY || metric === QUEUE);
    }
    assert.equal(found.length, 2);
    const visitor = await visit('/');
    const { page } = visitor;
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.waitForURL('**/anomalies');
    await page.getByRole('link', { name: LATENCY }).waitFor();
    await page.getByText(`{service="che\\"ck <b>out</b> 🚀"}`).first().waitFor();
    assert.equal(await page.locator('b', { hasText: 'out' }).count(), 0);

    await page.getByRole('button', { name: 'Metric' }).click();
    await page.getByPlaceholder('Any metric').fill('queue_length');
    await page.getByRole('option', { name: QUEUE }).click();
    await page.getByRole('link', { name: LATENCY }).waitFor({ state: 'detached' });
    assert.equal(new URL(page.url()).searchParams.get('metric'), QUEUE);
    await page.reload();
    await page.getByRole('link', { name: QUEUE }).waitFor();
    await page.getByLabel('Status').selectOption('resolved');
    await page.getByText('None that fits').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('link', { name: LATENCY }).waitFor();

    // The newest column holds them; the first one nothing.
    const timeline = page.locator('[data-timeline]');
    const { x, y, width, height } = await timeline.boundingBox();
    await page.mouse.click(x + 2, y + height / 2);
    await page.getByText('None that fits').waitFor();
    await page.getByRole('button', { name: 'Show the whole time' }).click();
    await page.mouse.move(x + width - 60, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width - 2, y + height / 2);
    await page.mouse.up();
    await page.waitForURL((url) => url.searchParams.has('from'));
    await page.getByRole('link', { name: LATENCY }).waitFor();
    await page.getByRole('button', { name: 'Show as table' }).click();
    await page.getByRole('button', { name: 'List these' }).first().waitFor();
    await visitor.leave();
  });

  it('shows one anomaly against what was expected', async () => {
    const visitor = await visit();
    const { page } = visitor;
    await page.getByRole('link', { name: LATENCY }).click();
    await page.waitForURL((url) => url.searchParams.has('id'));
    await page.locator('.recharts-line').nth(2).waitFor();
    await page.locator('.recharts-reference-area').waitFor();
    await page.getByText(/times expected/).waitFor();
    await page.getByText('leave the span out of training').waitFor();
    await page.getByRole('button', { name: 'Show as table' }).click();
    await page.getByRole('columnheader', { name: 'Usual range' }).waitFor();
    assert.ok(await page.getByRole('row').count() > 100);
    await page.keyboard.press('Escape');
    await page.waitForURL('**/anomalies');
    await page.goto('/anomalies?id=019b83a0-0000-7000-8000-000000000000');
    visitor.expect(/status of 404/);
    await page.getByText('No such anomaly').waitFor();
    await visitor.leave();
  });

  it('goes by keys, shows a decision at once, and takes it back where it is refused', async () => {
    const visitor = await visit(`/anomalies?metric=${LATENCY}`);
    const { page } = visitor;
    visitor.expect(/status of 503/);
    // On a phone the status stands elsewhere: it is there twice, and once seen.
    const status = (name) => page.getByRole('row').filter({ hasText: LATENCY }).getByText(name, { exact: true }).filter({ visible: true });
    await status('Open').waitFor();
    await page.keyboard.press('a'); // none is chosen yet, and no "g" leads anywhere
    await page.keyboard.press('j');
    assert.equal(new URL(page.url()).searchParams.get('metric'), LATENCY);

    let refuse;
    const refused = new Promise((resolve) => (refuse = resolve));
    await page.route('**/api/v1/anomalies/*', async (route) => {
      if (route.request().method() !== 'PATCH') return route.fallback();
      await refused;
      return route.fulfill({ status: 503, contentType: 'application/problem+json', json: { type: 'about:blank', title: 'Unavailable', status: 503, code: 'pg.unavailable', detail: 'the database is away', request_id: 'r' } });
    });
    await page.keyboard.press('a');
    await status('Acknowledged').waitFor();
    refuse();
    await page.getByText('Not changed').waitFor();
    await status('Open').waitFor();
    await visitor.picture('anomalies-refused-light');

    await page.unroute('**/api/v1/anomalies/*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await status('Acknowledged').waitFor();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    assert.deepEqual((await read(`/api/v1/anomalies?metric=${LATENCY}`)).data.map(({ status }) => status), ['acknowledged']);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.has('id'));
    await page.getByText('Ada Park').last().waitFor();
    await visitor.leave();
  });

  it('marks a false positive, says what that means, and undoes it', async () => {
    const visitor = await visit(`/anomalies?metric=${LATENCY}`);
    const { page } = visitor;
    await page.getByRole('button', { name: `False positive: ${LATENCY}` }).click();
    await page.getByRole('status').getByText('will not report its like for 90 days').waitFor();
    await visitor.picture('anomalies-false-positive-light');
    for (let tries = 0; tries < 100 && (await read('/api/v1/anomalies?status=false_positive')).data.length !== 1; ++tries) await page.waitForTimeout(50);
    assert.equal((await read('/api/v1/anomalies?status=false_positive')).data.length, 1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('row').filter({ hasText: LATENCY }).getByText('Acknowledged').filter({ visible: true }).waitFor();
    for (let tries = 0; tries < 100 && (await read('/api/v1/anomalies?status=false_positive')).data.length !== 0; ++tries) await page.waitForTimeout(50);
    assert.equal((await read('/api/v1/anomalies?status=false_positive')).data.length, 0);
    await visitor.leave();
  });

  it('shows an incident with its series ranked, and decides on all of them at once', async () => {
    const visitor = await visit('/anomalies?view=incidents');
    const { page } = visitor;
    await page.getByRole('link', { name: LATENCY }).click();
    await page.waitForURL((url) => url.searchParams.has('incident'));
    await page.getByRole('img', { name: /around the incident/ }).nth(1).waitFor();
    const rows = page.getByRole('region', { name: 'Series of the incident' }).getByRole('row');
    assert.deepEqual((await rows.allInnerTexts()).slice(1).map((text) => text.trim()[0]), ['1', '2']);
    await visitor.picture('incident-light');
    await page.getByRole('button', { name: 'Resolve' }).click();
    await rows.getByText('Resolved').filter({ visible: true }).nth(1).waitFor();
    await page.getByRole('button', { name: 'Reopen' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.has('id'));
    await page.getByRole('link', { name: 'Other series began with it' }).waitFor();
    await visitor.leave();
  });

  it('shows what a budget would have meant before it is saved', async () => {
    const visitor = await visit('/anomalies?view=budget');
    const { page } = visitor;
    const said = page.locator('[data-backtest]');
    await said.getByText(/would have been reported/).waitFor();
    await page.getByLabel('Keep to a budget').check();
    await page.getByLabel('Anomalies a week').fill('0');
    await page.getByRole('button', { name: 'Try it' }).click();
    await said.getByText(/^None of \d+ would have been reported/).waitFor();
    await page.getByText('Not saved').waitFor();
    const settings = async () => (await read(`/api/v1/organizations/${(await read('/api/v1/me')).organization.id}`)).settings;
    assert.deepEqual(await settings(), {});
    await page.getByLabel('Anomalies a week').fill('many');
    assert.ok(await page.getByRole('button', { name: 'Save' }).isDisabled());
    await page.getByLabel('Anomalies a week').fill('20');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. It is taken over').waitFor();
    assert.deepEqual(await settings(), { anomaly_budget_per_week: 20 });
    await page.getByLabel('Keep to a budget').uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. It is taken over').waitFor();
    assert.deepEqual(await settings(), {});
    await visitor.leave();
  });

  it('says that the list failed, and shows it once it does not', async () => {
    const visitor = await world.browser.visitor({ colorScheme: 'dark' });
    const { page } = visitor;
    visitor.expect(/status of 503/);
    await signIn(visitor, world.acme);
    const away = (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', headers: { 'Retry-After': '1' }, json: { type: 'about:blank', title: 'Unavailable', status: 503, code: 'pg.unavailable', detail: 'the database is away; try again soon', request_id: 'r-1' } });
    await page.route(/\/api\/v1\/anomalies/, away);
    await page.goto('/anomalies');
    await page.getByRole('status', { name: 'Loading' }).first().waitFor();
    const alerts = page.getByRole('alert').filter({ hasText: 'the database is away' });
    await alerts.nth(1).waitFor();
    await visitor.picture('anomalies-failed-dark');
    await page.unroute(/\/api\/v1\/anomalies/, away);
    await alerts.last().getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: LATENCY }).waitFor();
    await visitor.leave();
  });

  it('gives a viewer everything to read and nothing to decide', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await page.route('**/api/v1/me', async (route) => {
      const answer = await route.fetch();
      const me = await answer.json();
      await route.fulfill({ response: answer, json: { ...me, user: { ...me.user, role: 'viewer' } } });
    });
    await signIn(visitor, world.acme);
    await page.goto('/anomalies');
    await page.getByRole('link', { name: LATENCY }).waitFor();
    const deciding = page.getByRole('button', { name: /^(Acknowledge|Resolve|False positive|Reopen)/ });
    assert.equal(await deciding.count(), 0);
    assert.equal(await page.getByRole('link', { name: 'Alert budget' }).count(), 0);
    await page.keyboard.press('j');
    await page.keyboard.press('o'); // would reopen what is resolved
    await page.keyboard.press('Enter');
    await page.locator('.recharts-line').first().waitFor();
    assert.equal(await deciding.count(), 0);
    assert.equal(await page.getByText('What you can do').count(), 0);
    await page.goto('/anomalies?view=budget');
    await page.getByText('For admins').waitFor();
    assert.equal((await read(`/api/v1/anomalies?status=resolved`)).data.length, 2);
    await visitor.leave();
  });

  it('has nothing to show where nothing was sent', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.empty);
    await page.goto('/anomalies');
    await page.getByText('Nothing out of the ordinary').waitFor();
    await page.goto('/anomalies?view=incidents');
    await page.getByText('No incidents').waitFor();
    visitor.expect(/status of 404/); // no series is meant
    await page.goto('/anomalies?view=budget');
    await page.getByText('There is nothing to replay').waitFor();
    await visitor.leave();
  });
}
