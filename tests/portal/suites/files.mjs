// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// How helios serves the portal's files.
import assert from 'node:assert/strict';
import { it } from 'node:test';

export function files(world) {
  it('sends pages under a policy that runs no foreign script, to be asked for each time', async () => {
    const answer = await fetch(`${world.base}/sign-in`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(answer.headers.get('cache-control'), 'no-cache');
    const policy = answer.headers.get('content-security-policy');
    assert.match(policy, /script-src 'self';/);
    assert.match(policy, /frame-ancestors 'none'/);
    const again = await fetch(`${world.base}/sign-in`, { headers: { 'If-None-Match': answer.headers.get('etag') } });
    assert.equal(again.status, 304);
  });

  it('sends payloads as text, and chunks for good', async () => {
    const payload = await fetch(`${world.base}/sign-in.txt`);
    assert.equal(payload.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(payload.headers.get('cache-control'), 'no-cache');
    const html = await (await fetch(`${world.base}/sign-in`)).text();
    const chunk = /src="(\/_next\/static\/[^"]+\.js)"/.exec(html)[1];
    const script = await fetch(`${world.base}${chunk}`, { headers: { 'Accept-Encoding': 'br' } });
    assert.equal(script.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(script.headers.get('content-encoding'), 'br');
    assert.ok((await script.text()).length > 0);
  });

  it('answers HEAD without a body, and no page to other methods', async () => {
    const head = await fetch(`${world.base}/sign-in`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), '');
    const post = await fetch(`${world.base}/sign-in`, { method: 'POST', body: '{}' });
    assert.equal(post.status, 404);
    assert.equal((await post.json()).code, 'http.no_such_route');
  });

  it('shows a page for what is not there to a browser, and a problem to a program', async () => {
    const page = await fetch(`${world.base}/nothing`, { headers: { Accept: 'text/html' } });
    assert.equal(page.status, 404);
    assert.match(await page.text(), /There is no such page/);
    for (const path of ['/api/v1/nothing', '/v1/nothing', '/nothing', '/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd']) {
      const answer = await fetch(`${world.base}${path}`, path.startsWith('/api') ? { headers: { Accept: 'text/html' } } : {});
      assert.equal(answer.status, 404, path);
      assert.equal((await answer.json()).code, 'http.no_such_route', path);
    }
  });
}
