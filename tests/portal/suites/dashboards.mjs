// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Dashboards that people compose: charts added, moved, resized, saved against somebody else, shared.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { asViewer, refuse } from '../support/answers.mjs';
import { signIn } from '../support/sign-in.mjs';

const NAME = 'Night "<b>shift</b>" 🌙';

/** Asks the API as who is signed in on the page, past its form. */
async function ask(page, method, path, body) {
  const [status, text] = await page.evaluate(async ([verb, address, json]) => {
    const answer = await fetch(`/api/v1${address}`, { method: verb, headers: { 'Content-Type': 'application/json' }, ...(json && { body: JSON.stringify(json) }) });
    return [answer.status, await answer.text()];
  }, [method, path, body]);
  assert.ok(status < 300, `${method} ${path}: ${status} ${text}`);
  return JSON.parse(text);
}

/** Where a chart lies, by what the grid was told. */
function placeOf(page, title) {
  return page.getByRole('region', { name: title, exact: true }).evaluate((tile) => [tile.style.getPropertyValue('--column'), tile.style.getPropertyValue('--row')]);
}

async function addChart(page, metric, title) {
  await page.getByRole('button', { name: 'Add chart' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add a chart' });
  await dialog.getByLabel('Title').fill(title);
  await dialog.getByRole('button', { name: 'Metric' }).click();
  await page.getByRole('option', { name: metric }).click();
  await dialog.locator('.recharts-line').first().waitFor();
  return dialog;
}

export function dashboards(world) {
  it('has no dashboards where none was made', async () => {
    const visitor = await world.browser.visitor();
    await signIn(visitor, world.empty, '/dashboards');
    await visitor.page.getByText('No dashboards yet').waitFor();
    await visitor.leave();
  });

  it('composes a dashboard: adds, moves, resizes, and keeps it all when saving fails', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of 503/);
    await signIn(visitor, world.acme, '/dashboards');
    await page.getByRole('button', { name: 'New dashboard' }).first().click();
    await page.getByLabel('Name').fill(NAME);
    await page.getByRole('button', { name: 'Create dashboard' }).click();
    await page.waitForURL(/\/dashboards\?id=[0-9a-f-]{36}&edit=1$/);
    world.dashboard = new URL(page.url()).searchParams.get('id');

    const first = await addChart(page, 'cpu_usage_percent', 'CPU <i>of all</i>');
    await visitor.picture('dashboards-chart-dialog-light');
    await first.getByRole('button', { name: 'Add chart' }).click();
    const second = await addChart(page, 'cpu_usage_percent', 'CPU of web-1');
    await second.getByRole('button', { name: 'Add a condition on a label' }).click();
    await page.getByRole('option', { name: 'host' }).click();
    await second.getByRole('button', { name: 'Value of host' }).click();
    await page.getByRole('option', { name: 'web-1' }).click();
    await second.getByLabel('Looks back').selectOption('24');
    await second.locator('.recharts-area').first().waitFor(); // alone, it has an interval
    await second.getByRole('button', { name: 'Add chart' }).click();
    assert.deepEqual(await placeOf(page, 'CPU of web-1'), ['7 / span 6', '1 / span 4']);

    const handle = page.getByRole('button', { name: /^Move CPU of web-1/ });
    await handle.focus();
    await page.keyboard.press('ArrowLeft'); // past the other chart, which takes its place
    assert.deepEqual(await placeOf(page, 'CPU of web-1'), ['1 / span 6', '1 / span 4']);
    assert.deepEqual(await placeOf(page, 'CPU <i>of all</i>'), ['7 / span 6', '1 / span 4']);
    await page.keyboard.press('Shift+ArrowDown');
    assert.deepEqual(await placeOf(page, 'CPU of web-1'), ['1 / span 6', '1 / span 5']);
    assert.ok(await handle.evaluate((button) => document.activeElement === button), 'the handle keeps the focus');
    await page.getByRole('button', { name: 'Change CPU of web-1' }).click();
    await page.getByRole('menuitem', { name: 'Shorter' }).click();
    assert.deepEqual(await placeOf(page, 'CPU of web-1'), ['1 / span 6', '1 / span 4']);

    // By pointer: a row is 72 px high, with 16 px between two.
    const grip = await page.getByRole('button', { name: /^Move CPU <i>/ }).boundingBox();
    await page.mouse.move(grip.x + 10, grip.y + 10);
    await page.mouse.down();
    await page.mouse.move(grip.x - 500, grip.y + 10 + 4 * 88, { steps: 8 });
    await visitor.picture('dashboards-drag-light');
    await page.mouse.up();
    assert.equal((await placeOf(page, 'CPU <i>of all</i>'))[1], '5 / span 4');

    const stop = await refuse(page, '**/api/v1/dashboards/*', 503, 'PATCH');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'gateway.overloaded' }).waitFor();
    assert.equal((await placeOf(page, 'CPU <i>of all</i>'))[1], '5 / span 4');
    await stop();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: NAME }).waitFor();
    const saved = await ask(page, 'GET', `/dashboards/${world.dashboard}`);
    assert.deepEqual(saved.charts.map(({ title, y, match, hours }) => [title, y, match, hours]), [['CPU of web-1', 0, '{host="web-1"}', 24], ['CPU <i>of all</i>', 4, '', 6]]);
    assert.equal(saved.shared, false);
    await visitor.leave();
  });

  it('shows all charts over one range, and each as a table', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/dashboards');
    await page.getByRole('link', { name: NAME }).click();
    const tile = page.getByRole('region', { name: 'CPU <i>of all</i>', exact: true });
    await tile.getByText('avg of each 1 min').waitFor();
    await page.getByRole('button', { name: '24 h' }).click();
    await tile.getByText('avg of each 5 min').waitFor();
    await page.waitForURL(/hours=24/);
    await tile.getByRole('button', { name: /as table/ }).click();
    await tile.getByRole('columnheader', { name: 'Time' }).waitFor();
    await visitor.leave();
  });

  it('asks which of both stays where somebody else saved meanwhile', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of 409/);
    await signIn(visitor, world.acme, '/dashboards');
    await page.goto(`/dashboards?id=${world.dashboard}&edit=1`);
    await page.getByRole('checkbox', { name: 'Share in the organization' }).check();
    const { version } = await ask(page, 'GET', `/dashboards/${world.dashboard}`);
    await ask(page, 'PATCH', `/dashboards/${world.dashboard}`, { version, name: 'Day shift' });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Somebody else changed this dashboard meanwhile').waitFor();
    await visitor.picture('dashboards-conflict-light');
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), NAME);
    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await page.getByRole('heading', { name: NAME }).waitFor();
    await page.getByText('Shared in the organization').waitFor();
    await visitor.leave();
  });

  it('lists one\'s own apart from what others share, and deletes once that is confirmed', async () => {
    const answer = await fetch(`${world.base}/api/v1/dashboards`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-API-Key': world.acme.key }, body: JSON.stringify({ name: 'Of a key' }) });
    assert.equal(answer.status, 201);
    const made = await answer.json();
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme, '/dashboards');
    await page.getByRole('heading', { name: 'Mine' }).waitFor();
    await page.getByRole('heading', { name: 'Shared in the organization' }).waitFor();
    await page.getByRole('link', { name: 'Of a key' }).click();
    await page.waitForURL(new RegExp(made.id));
    await page.getByRole('button', { name: 'Delete dashboard' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete dashboard' }).click();
    await page.waitForURL((url) => url.search === '');
    await page.getByRole('link', { name: NAME }).waitFor();
    await page.getByRole('link', { name: 'Of a key' }).waitFor({ state: 'detached' });
    await visitor.leave();
  });

  it('says what failed of dashboards, and reads again when asked to', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    visitor.expect(/status of 503/);
    const stop = await refuse(page, /\/api\/v1\/dashboards\?/, 503);
    await signIn(visitor, world.acme, '/dashboards');
    await page.getByRole('alert').filter({ hasText: 'gateway.overloaded' }).waitFor();
    await stop();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: NAME }).waitFor();
    await visitor.leave();
  });

  it('shows a viewer what is shared, and lets nothing of it be changed', async () => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await asViewer(page);
    await signIn(visitor, world.acme, '/dashboards');
    await page.getByRole('link', { name: NAME }).click();
    await page.locator('.recharts-line').first().waitFor();
    assert.equal(await page.getByRole('button', { name: /New dashboard|Edit|Delete|Move/ }).count(), 0);
    await page.goto(`/dashboards?id=${world.dashboard}&edit=1`); // who types the address is no member either
    await page.locator('.recharts-line').first().waitFor();
    assert.equal(await page.getByRole('button', { name: /Save|Add chart|Move/ }).count(), 0);
    await visitor.leave();
  });
}
