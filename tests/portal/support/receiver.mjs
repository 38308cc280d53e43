// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// A customer's receiver of webhooks, on loopback.
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';

const WAIT_MS = 15_000;
const LOOK_MS = 50;

export class Receiver {
  static async open() {
    const receiver = new Receiver();
    receiver.server.unref(); // what a failed test leaves open holds nothing up
    await new Promise((listens) => receiver.server.listen(0, '127.0.0.1', listens));
    return receiver;
  }

  constructor() {
    /** What it answers. */
    this.status = 204;
    /** What came: { id, type, body, headers }. */
    this.received = [];
    this.server = createServer(async (request, response) => {
      const parts = [];
      for await (const part of request) parts.push(part);
      const body = Buffer.concat(parts).toString();
      this.received.push({ id: request.headers['webhook-id'], type: JSON.parse(body).type, body, headers: request.headers });
      response.writeHead(this.status).end();
    });
  }

  get url() {
    return `http://127.0.0.1:${this.server.address().port}/hook`;
  }

  /** The messages of a type once there are `count`. */
  async wait(type, count = 1) {
    for (const end = Date.now() + WAIT_MS; Date.now() < end; await new Promise((done) => setTimeout(done, LOOK_MS))) {
      const found = this.received.filter((each) => each.type === type);
      if (found.length >= count) return found;
    }
    throw new Error(`no ${count} messages of type ${type}; got ${this.received.map((each) => each.type).join(', ') || 'nothing'}`);
  }

  close() {
    return new Promise((done) => {
      this.server.close(done);
      this.server.closeAllConnections();
    });
  }
}

/** Whether a message carries the signature that `secret` makes, as Standard Webhooks 1.0.0 wants. */
export function isSigned({ id, body, headers }, secret) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${headers['webhook-timestamp']}.${body}`).digest('base64');
  return headers['webhook-signature'].split(' ').includes(`v1,${signature}`);
}
