// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What a first visit costs, with nothing remembered from an earlier one.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { signIn } from '../support/sign-in.mjs';

const KIB = 1024;
const DASHBOARD_BUDGET = 340 * KIB;

export function weight(world) {
  it('fetches no more for the dashboard than its budget', async (context) => {
    const visitor = await world.browser.visitor();
    const { page } = visitor;
    await signIn(visitor, world.acme);
    await page.locator('.recharts-area').nth(1).waitFor();
    await page.waitForLoadState('networkidle');
    const fetched = await page.evaluate(() =>
      performance.getEntries().filter(({ entryType }) => entryType === 'resource' || entryType === 'navigation').map(({ name, encodedBodySize }) => [name, encodedBodySize]),
    );
    const total = fetched.reduce((sum, [, size]) => sum + size, 0);
    context.diagnostic(`${(total / KIB).toFixed(1)} KiB in ${fetched.length} answers`);
    assert.ok(total <= DASHBOARD_BUDGET, `${(total / KIB).toFixed(1)} KiB: ${fetched.map(([name, size]) => `${name} ${size}`).join('\n')}`);
    await visitor.leave();
  });
}
