// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Calls operations and holds each answer, and each request that was taken, to the document.
import assert from 'node:assert/strict';
import { request as send } from 'node:http';
import { closed, codesOf, makeAjv } from './document.mjs';

const PROBLEM = 'application/problem+json';

export class Client {
  constructor(operations, listening) {
    this.operations = new Map(operations.map((operation) => [operation.id, operation]));
    this.listening = listening;
    this.ajv = makeAjv();
    this.compiled = new Map();
    this.succeeded = new Set();
    this.codes = new Set();
  }

  /**
   * Calls an operation, checks what came back against the document and gives { status, headers, body }.
   *
   *   path      values of the path's parameters
   *   query     values of query parameters
   *   json      a body to send as JSON
   *   bytes     a body to send as it is
   *   headers   more headers, such as credentials
   *   type      Content-Type, where it is not that of the body's kind
   *   declared  a Content-Length to announce without ever sending the body
   *   method    another method than the operation's, such as HEAD
   *   until     of a body without an end: what it is read up to
   */
  async call(id, options = {}) {
    const operation = this.operations.get(id);
    assert.ok(operation, `the document has no operation ${id}`);
    const answer = await this.exchange(operation, options);
    this.#checkAnswer(operation, options, answer);
    this.#checkRequest(operation, options, answer);
    if (answer.status < 300) this.succeeded.add(id);
    if (answer.code) this.codes.add(answer.code);
    return answer;
  }

  /** call(), and the answer must be a problem of that status and code. */
  async refused(id, status, code, options = {}) {
    const answer = await this.call(id, options);
    const got = `${id}: ${answer.status} ${answer.code ?? ''} ${answer.body?.detail ?? ''}`;
    assert.equal(answer.status, status, got);
    assert.equal(answer.code, code, got);
    return answer.body;
  }

  /** call(), and the answer must have that status; gives its body. */
  async done(id, status, options = {}) {
    const answer = await this.call(id, options);
    assert.equal(answer.status, status, `${id}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** One request, and what came back, unchecked. */
  exchange(operation, { path = {}, query = {}, json, bytes, headers = {}, declared, method, type, until } = {}) {
    const target = operation.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name]));
    const parameters = new URLSearchParams(query).toString();
    const body = bytes ?? (json === undefined ? undefined : Buffer.from(JSON.stringify(json)));
    const fields = { ...headers };
    if (type !== undefined) fields['Content-Type'] = type;
    else if (json !== undefined) fields['Content-Type'] ??= 'application/json';
    if (declared !== undefined) fields['Content-Length'] = declared;
    else if (body !== undefined) fields['Content-Length'] = body.length;
    const { address, port, operator_port: operatorPort } = this.listening;
    return new Promise((answered, failed) => {
      const outgoing = send({
        host: address,
        port: operation.operatorOnly ? operatorPort : port,
        method: method ?? operation.method,
        path: parameters ? `${target}?${parameters}` : target,
        headers: fields,
        agent: false,
      });
      outgoing.setTimeout(30_000, () => outgoing.destroy(new Error(`${operation.id} did not answer within 30 s`)));
      outgoing.on('error', failed);
      outgoing.on('response', (incoming) => {
        const chunks = [];
        incoming.on('error', failed);
        incoming.on('data', (chunk) => {
          chunks.push(chunk);
          if (until !== undefined && Buffer.concat(chunks).includes(until)) finish();
        });
        const finish = () => {
          incoming.removeAllListeners('error').on('error', () => {});
          outgoing.removeAllListeners('error').on('error', () => {});
          outgoing.destroy();
          const text = Buffer.concat(chunks).toString('utf8');
          const contentType = (incoming.headers['content-type'] ?? '').split(';')[0].trim();
          const parsed = /json$/.test(contentType) && text !== '' ? JSON.parse(text) : text;
          const problem = contentType === PROBLEM ? parsed : undefined;
          answered({ status: incoming.statusCode, headers: incoming.headers, type: contentType, body: parsed, code: problem?.code });
        };
        incoming.on('end', finish);
      });
      if (declared !== undefined) outgoing.flushHeaders();
      else outgoing.end(body);
    });
  }

  #checkAnswer(operation, options, answer) {
    const where = `${operation.id} answered ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 600)}`;
    const response = operation.responses[String(answer.status)];
    assert.ok(response, `${where}: the document has no such status`);
    this.#checkHeaders(response, answer, where);

    if ((options.method ?? operation.method) === 'HEAD') {
      assert.equal(answer.body, '', `${where}: an answer to HEAD has no body`);
      return;
    }
    if (!response.content) {
      assert.equal(answer.body, '', `${where}: the document has no body for it`);
      return;
    }
    const media = response.content[answer.type];
    assert.ok(media, `${where}: the document has no ${answer.type || 'body without a type'} for it`);
    this.#validate(`${operation.id} ${answer.status} ${answer.type}`, closed(media.schema), answer.body, where);
    if (answer.type === PROBLEM) this.#checkProblem(response, answer, where);
  }

  #checkHeaders(response, answer, where) {
    const id = answer.headers['x-request-id'];
    assert.match(id ?? '', /^[A-Za-z0-9._-]{1,64}$/, `${where}: no X-Request-Id`);
    for (const [name, header] of Object.entries(response.headers ?? {})) {
      const came = answer.headers[name.toLowerCase()];
      if (came === undefined) {
        assert.ok(!header.required, `${where}: lacks ${name}`);
        continue;
      }
      for (const value of [came].flat()) this.#validate(`header ${name} ${header.schema.pattern}`, header.schema, value, `${where}: ${name}`);
    }
    for (const name of ['Retry-After', 'WWW-Authenticate', 'Set-Cookie']) {
      const documented = response.headers && name in response.headers;
      assert.ok(answer.headers[name.toLowerCase()] === undefined || documented, `${where}: the document has no ${name} for it`);
    }
  }

  #checkProblem(response, { status, headers, body }, where) {
    assert.equal(body.status, status, where);
    assert.equal(body.request_id, headers['x-request-id'], where);
    assert.ok(codesOf(response.description).has(body.code), `${where}: the document lists no ${body.code} for it`);
    assert.doesNotMatch(body.detail, /\b(SELECT|INSERT|UPDATE|DELETE) |\/(tmp|var)\//, `${where}: shows the inside`);
  }

  /** The document must allow what was taken, and must not allow what was refused for its form. */
  #checkRequest(operation, { json, query = {} }, { status, code, body }) {
    if (status < 300) {
      for (const name of Object.keys(query)) {
        const parameter = operation.parameters.find((declared) => declared.in === 'query' && declared.name === name);
        assert.ok(parameter, `${operation.id} took the query parameter ${name}, which the document does not have`);
      }
    }
    if (json === undefined) return;
    const name = `${operation.id} request`;
    if (status < 300) {
      this.#validate(name, operation.json.schema, json, `${operation.id} took ${JSON.stringify(json).slice(0, 600)}`);
    } else if (code === 'http.unknown_field' || code === 'http.bad_field') {
      const fits = this.#validator(name, operation.json.schema)(json);
      assert.ok(!fits, `${operation.id} refused ${JSON.stringify(json).slice(0, 600)}, which the document allows: ${body.detail}`);
    }
  }

  #validator(name, schema) {
    if (!this.compiled.has(name)) this.compiled.set(name, this.ajv.compile(schema));
    return this.compiled.get(name);
  }

  #validate(name, schema, value, where) {
    const validate = this.#validator(name, schema);
    assert.ok(validate(value), `${where}: ${this.ajv.errorsText(validate.errors)}`);
  }
}
