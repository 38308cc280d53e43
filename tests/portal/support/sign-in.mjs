// SPDX-License-Identifier: LicenseRef-Helios-Commercial
import { PASSWORD } from './customer.mjs';

/**
 * Opens `path` as a customer: through the form the first time, with the session of that time from then on, for an
 * address may sign in ten times a minute.
 */
export async function signIn(visitor, customer, path = '/') {
  const { page, context } = visitor;
  if (customer.cookies) {
    await context.addCookies(customer.cookies);
    await page.goto(path);
  } else {
    await signInByForm(visitor, customer, path);
    customer.cookies = await context.cookies();
  }
  await page.waitForURL((url) => url.pathname === path);
}

/** A session of its own, through the form. */
export async function signInByForm({ page }, { email }, path = '/') {
  await page.goto(path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname === path);
}
