// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Two organizations and every kind of credential. Sign-ups are few: an address may make ten an hour.
import { setTimeout as sleep } from 'node:timers/promises';

export const PASSWORD = 'correct horse battery';
export const OWNER = 'ada@acme.example';

export const apiKey = (key) => ({ 'X-API-Key': key });
export const bearer = (key) => ({ Authorization: `Bearer ${key}` });

/** The headers of a session's request, as a browser sends them from the portal. */
export function session(token, { address, port }) {
  const host = `${address}:${port}`;
  return { Cookie: `__Host-helios_session=${token}`, Host: host, Origin: `http://${host}` };
}

export async function signIn(client, credentials) {
  const { status, headers, body } = await client.call('createSession', { json: credentials });
  if (status !== 201) throw new Error(`cannot sign in as ${credentials.email}: ${status} ${body.code}`);
  const token = /^__Host-helios_session=([^;]+);/.exec(headers['set-cookie'][0])[1];
  return { body, headers: session(token, client.listening) };
}

/** Fills `world` with the organizations a and b, their owners' sessions, and keys of each scope in a. */
export async function populate(world) {
  const { client } = world;
  for (const [name, plan] of [['a', 'professional'], ['b', 'starter']]) {
    const json = { name: `Acme ${name}`, slug: `acme-${name}`, plan, owner: { email: OWNER, name: 'Ada Park', password: PASSWORD } };
    const made = await client.done('createOrganization', 201, { json });
    const { body, headers } = await signIn(client, { email: OWNER, password: PASSWORD, organization: json.slug });
    world[name] = { ...made, key: apiKey(made.api_key.key), owner: headers, session: body };
  }
  world.keys = {};
  for (const scope of ['read', 'write', 'admin']) {
    const made = await client.done('createApiKey', 201, { headers: world.a.owner, json: { name: `${scope} only`, scopes: [scope] } });
    world.keys[scope] = apiKey(made.key);
  }
  const revoked = await client.done('createApiKey', 201, { headers: world.a.owner, json: { name: 'revoked' } });
  await client.done('deleteApiKey', 204, { headers: world.a.owner, path: { id: revoked.id } });
  world.keys.revoked = apiKey(revoked.key);
  world.revoked = revoked;

  const soon = Date.now() + 1500;
  const expiring = await client.done('createApiKey', 201, { headers: world.a.owner, json: { name: 'expiring', scopes: ['read'], expires_at: soon } });
  world.keys.expired = apiKey(expiring.key);
  world.expired = sleep(soon - Date.now() + 50);
}

/** The credential that may call `operation` in organization a. */
export function allowed(world, operation) {
  if (operation.schemes.length === 0) return {};
  if (!operation.schemes.includes('api_key')) return world.a.owner;
  const scope = { 'data.read': 'read', 'data.write': 'write', 'data.import': 'write' }[operation.permission];
  return scope ? world.keys[scope] : operation.permission ? world.a.owner : world.keys.read;
}
