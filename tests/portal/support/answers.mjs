// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Answers that are hard to provoke, played in the contract's form.

/** Refuses what is asked of `path` until the function that it gives is called; of one method, where it is named. */
export async function refuse(page, path, status, method) {
  const problem = { type: 'about:blank', title: 'Unavailable', status, code: 'gateway.overloaded', detail: 'cannot answer: too much is asked at once; try again', request_id: 'req-played' };
  const handler = (route) =>
    method === undefined || route.request().method() === method
      ? route.fulfill({ status, headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '1' }, body: JSON.stringify(problem) })
      : route.fallback();
  await page.route(path, handler);
  return () => page.unroute(path, handler);
}

/** Whoever signs in on this page is a viewer, as far as the portal knows. */
export async function asViewer(page) {
  await page.route('**/api/v1/me', async (route) => {
    const answer = await route.fetch();
    const me = await answer.json();
    await route.fulfill({ response: answer, json: { ...me, user: { ...me.user, role: 'viewer' } } });
  });
}
