// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Plays a customer in a browser. HELIOS_BINARY names the program, HELIOS_SCREENSHOTS a folder for pictures.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { Server } from '../contract/support/server.mjs';
import { account } from './suites/account.mjs';
import { alerts } from './suites/alerts.mjs';
import { anomalies } from './suites/anomalies.mjs';
import { badDays } from './suites/bad-days.mjs';
import { dashboard } from './suites/dashboard.mjs';
import { dashboards } from './suites/dashboards.mjs';
import { explorer } from './suites/explorer.mjs';
import { files } from './suites/files.mjs';
import { firstTenMinutes } from './suites/first-ten-minutes.mjs';
import { live } from './suites/live.mjs';
import { looks } from './suites/looks.mjs';
import { models } from './suites/models.mjs';
import { onboarding } from './suites/onboarding.mjs';
import { scaling } from './suites/scaling.mjs';
import { sessions } from './suites/sessions.mjs';
import { settings } from './suites/settings.mjs';
import { weight } from './suites/weight.mjs';
import { Browser } from './support/browser.mjs';
import { history, send } from './support/customer.mjs';

const binary = process.env.HELIOS_BINARY;
assert.ok(binary, 'HELIOS_BINARY names no program');

// Rules are judged each second, and messages may go to the test's own receiver.
const server = await Server.start(binary, { HELIOS_ALERTS_INTERVAL_SECONDS: '1', HELIOS_WEBHOOKS_ALLOWED_NETWORKS: '127.0.0.1' });
const world = { server, base: `http://${server.listening.address}:${server.listening.port}` };
let browser;
// Acme goes on sending: a load that is silent for five minutes is unknown, and nothing is advised by it.
const minutely = setInterval(() => world.acme && send(world.base, world.acme.key, history(0)).catch(() => {}), 60_000);
after(async () => {
  clearInterval(minutely);
  await browser?.close();
  await server.stop();
});
browser = await Browser.launch(world.base).catch(async (error) => {
  await server.stop();
  throw error;
});
world.browser = browser;

describe('the portal', () => {
  it('is built', async () => {
    const answer = await fetch(`${world.base}/`);
    assert.equal(answer.status, 200, 'helios found no portal beside it: scripts/build release portal builds it');
  });
  files(world);
  onboarding(world);
  dashboard(world);
  explorer(world);
  models(world);
  scaling(world);
  dashboards(world);
  anomalies(world);
  settings(world);
  account(world);
  alerts(world);
  sessions(world);
  live(world);
  badDays(world);
  firstTenMinutes(world);
  weight(world);
  looks(world);
});
