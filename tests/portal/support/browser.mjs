// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Debian's Chromium, and pages that are watched: whatever a console, a policy or a request complains of is kept.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const PICTURES = process.env.HELIOS_SCREENSHOTS;

export class Browser {
  static async launch(base) {
    // As root, Chromium's sandbox cannot be used; the pages are our own.
    const chrome = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none'] });
    return new Browser(chrome, base);
  }

  constructor(chrome, base) {
    this.chrome = chrome;
    this.base = base;
  }

  /** A visitor of one's own, signed in nowhere. `options` are Playwright's, such as { viewport, colorScheme }. */
  async visitor(options = {}) {
    const context = await this.chrome.newContext({
      baseURL: this.base,
      viewport: { width: 1280, height: 800 },
      colorScheme: 'light',
      timezoneId: 'Europe/Berlin',
      ...options,
    });
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} blocked ${event.blockedURI}`));
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    return new Visitor(context, page, this.base);
  }

  close() {
    return this.chrome.close();
  }
}

export class Visitor {
  constructor(context, page, base) {
    this.context = context;
    this.page = page;
    this.complaints = [];
    this.expected = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(`console: ${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`exception: ${error.stack ?? error}`));
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== base && protocol !== 'data:' && protocol !== 'blob:') this.complaints.push(`a request to another place: ${request.url()}`);
    });
  }

  /** Chromium reports answers such as 401 as errors: those that a test provokes are named here. */
  expect(pattern) {
    this.expected.push(pattern);
  }

  /** Fails where anything was complained of that no test expected; then leaves. */
  async leave() {
    await this.context.close();
    const open = this.complaints.filter((complaint) => !this.expected.some((pattern) => pattern.test(complaint)));
    assert.deepEqual(open, []);
  }

  /** A picture of the whole page, where pictures are wanted. */
  async picture(name) {
    if (!PICTURES) return;
    mkdirSync(PICTURES, { recursive: true });
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true, animations: 'disabled' });
  }
}
