// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Holds a running helios to docs/api/openapi.yaml. HELIOS_BINARY names the program.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { alerting } from './suites/alerting.mjs';
import { anomalies } from './suites/anomalies.mjs';
import { billing } from './suites/billing.mjs';
import { data } from './suites/data.mjs';
import { dashboards } from './suites/dashboards.mjs';
import { identity } from './suites/identity.mjs';
import { intake } from './suites/intake.mjs';
import { invitations } from './suites/invitations.mjs';
import { jobs } from './suites/jobs.mjs';
import { limits } from './suites/limits.mjs';
import { refusals } from './suites/refusals.mjs';
import { scaling } from './suites/scaling.mjs';
import { service } from './suites/service.mjs';
import { Client } from './support/client.mjs';
import { codesOf, operationsOf, readDocument } from './support/document.mjs';
import { Server } from './support/server.mjs';
import { populate } from './support/world.mjs';

const binary = process.env.HELIOS_BINARY;
assert.ok(binary, 'HELIOS_BINARY names no program');

const document = readDocument();
const operations = operationsOf(document);
let server = await Server.start(binary);
const world = { document, client: new Client(operations, server.listening), folder: server.folder };
after(() => server?.stop());
await populate(world).catch(async (error) => {
  await server.stop();
  throw error;
});

describe('the contract', () => {
  service(world);
  identity(world);
  intake(world);
  data(world);
  jobs(world);
  anomalies(world);
  alerting(world);
  billing(world);
  dashboards(world);
  invitations(world);
  scaling(world);
  refusals(world, operations);
  limits(world);

  it('has no operation that was not called with success', () => {
    const missed = operations.map(({ id }) => id).filter((id) => !world.client.succeeded.has(id));
    assert.deepEqual(missed, []);
  });

  it('has most of its codes from real answers', (context) => {
    const listed = new Set(operations.flatMap(({ responses }) => Object.values(responses).flatMap(({ description }) => [...codesOf(description)])));
    const seen = [...listed].filter((code) => world.client.codes.has(code));
    context.diagnostic(`${seen.length} of ${listed.size} codes were answered; not: ${[...listed].filter((code) => !seen.includes(code)).join(', ')}`);
    assert.ok(seen.length > listed.size / 2);
  });

  it('ends with a server that stops when asked', async () => {
    assert.equal(await server.stop(), 0, server.tail());
    server = undefined;
  });
});
