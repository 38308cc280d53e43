// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// A new customer's first ten minutes: the empty form, the real agent by the command that the page shows, the first
// forecast, real history from a file, a training, and what it forecasts.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { it } from 'node:test';
import { promisify } from 'node:util';
import { PASSWORD } from '../support/customer.mjs';

const BIN = dirname(resolve(process.env.HELIOS_BINARY));
const DATA = process.env.HELIOS_TEST_DATA ?? join(import.meta.dirname, '../../../../shared/data');
const REAL = join(DATA, 'azurevm/vm1555166_cpu_5min.csv');
const FIRST_FORECAST_MS = 110_000; // what a customer is told is about two minutes

const seconds = (since) => ((performance.now() - since) / 1000).toFixed(1);

/** Runs the agent by a command as the page shows it, every second; gives what ends it. */
function runAgent(command, folder) {
  const shell = spawn('/bin/sh', ['-c', `exec env ${command} --interval 1s --host web-1 --buffer-dir ${folder}/buffer`], {
    stdio: 'ignore',
    env: { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH}` },
  });
  const exited = new Promise((done) => shell.once('exit', done));
  return async () => {
    shell.kill('SIGTERM');
    await exited;
  };
}

/** The file of real history, or where it is absent a fortnight like it. */
function historyFile(folder) {
  if (existsSync(REAL)) return REAL;
  const rows = ['timestamp,value'];
  for (let i = 0; i < 14 * 288; i += 1) {
    rows.push(`${1_479_254_400 + i * 300},${(20 + 12 * Math.sin((2 * Math.PI * i) / 288) + ((i * 7_919) % 31) / 10).toFixed(3)}`);
  }
  const made = join(folder, 'history.csv');
  writeFileSync(made, `${rows.join('\n')}\n`);
  return made;
}

export function firstTenMinutes(world) {
  it('takes a new customer from the empty form to trained forecasts', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'helios-agent-'));
    chmodSync(folder, 0o755);
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    let stopAgent = async () => {};
    try {
      const began = performance.now();
      await page.goto('/sign-up');
      await page.getByLabel('Organization').fill('Northwind Traders');
      await page.getByLabel('Your name').fill('Grace Lee');
      await page.getByLabel('E-mail').fill('grace@northwind.example');
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Create organization' }).click();
      await page.waitForURL('**/onboarding');
      const key = (await page.getByLabel('the API key', { exact: true }).innerText()).trim();

      await page.getByRole('tab', { name: 'Agent' }).click();
      const command = (await page.getByRole('tabpanel').innerText()).split('\n').find((line) => line.includes('helios-agent --endpoint'));
      assert.ok(command, 'the page shows no command that runs the agent');
      const waiting = performance.now();
      stopAgent = runAgent(command.trim(), folder);
      await page.getByText('The first sample has arrived').waitFor({ timeout: FIRST_FORECAST_MS });
      const arrived = seconds(waiting);
      await page.locator('.recharts-line').first().waitFor({ timeout: FIRST_FORECAST_MS });
      context.diagnostic(`first sample seen ${arrived} s after the agent's start, first forecast after ${seconds(waiting)} s, ${seconds(began)} s after the form`);
      await visitor.picture('first-ten-minutes-forecast-light');

      await page.getByRole('link', { name: 'To the dashboard' }).click();
      await page.locator('.recharts-area').first().waitFor(); // what was measured may be flat
      await visitor.picture('first-ten-minutes-dashboard-light');

      const importing = performance.now();
      await promisify(execFile)(join(BIN, 'helios'), ['import', 'csv', '--end-at', 'now', '--metric', 'vm_cpu_percent', '--label', 'host=vm1555166', '--train', '--quiet', historyFile(folder)], {
        env: { ...process.env, HELIOS_ENDPOINT: world.base, HELIOS_API_KEY: key },
      });
      context.diagnostic(`history imported and trained in ${seconds(importing)} s`);

      await page.getByRole('link', { name: 'Predictions' }).click();
      await page.getByLabel('Filter by name').fill('vm_cpu'); // the agent alone fills the first page
      await page.getByRole('main').getByRole('link', { name: 'vm_cpu_percent' }).click({ timeout: 40_000 });
      await page.locator('.recharts-area').first().waitFor();
      await visitor.picture('first-ten-minutes-trained-light');
      context.diagnostic(`from the empty form to trained forecasts in ${seconds(began)} s`);
      await visitor.leave();
    } finally {
      await stopAgent();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
