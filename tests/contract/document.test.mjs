// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What a reader of docs/api/openapi.yaml may rely on, without a server.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closed, codesOf, follow, makeAjv, operationsOf, readDocument, resolve } from './support/document.mjs';

const document = readDocument();
const operations = operationsOf(document);
const ajv = makeAjv();

/** Calls `visit(node, path)` for each object below `node`. */
function walk(node, visit, path = '#') {
  if (node === null || typeof node !== 'object') return;
  if (!Array.isArray(node)) visit(node, path);
  for (const [key, value] of Object.entries(node)) walk(value, visit, `${path}/${key}`);
}

function assertExamples(where, media) {
  const schema = closed(media.schema);
  const examples = [...Object.values(media.examples ?? {}).map((example) => example.value), ...(schema.examples ?? [])];
  assert.ok(examples.length > 0, `${where}: neither the body nor its schema has an example`);
  const validate = ajv.compile(schema);
  for (const example of examples) {
    assert.ok(validate(example), `${where}: ${JSON.stringify(example)}: ${ajv.errorsText(validate.errors)}`);
  }
}

describe('the document', () => {
  it('is OpenAPI 3.1 with nothing unused and no reference to nothing', () => {
    assert.match(document.openapi, /^3\.1\.\d+$/);
    const used = new Set();
    walk(document, (node) => {
      if (typeof node.$ref !== 'string') return;
      follow(document, node.$ref);
      used.add(node.$ref);
    });
    for (const [kind, members] of Object.entries(document.components)) {
      if (kind === 'securitySchemes') continue;
      for (const name of Object.keys(members)) {
        assert.ok(used.has(`#/components/${kind}/${name}`), `components/${kind}/${name} is used nowhere`);
      }
    }
  });

  it('has schemas that compile, with examples that fit them', () => {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      const whole = closed(resolve(document, schema));
      const validate = ajv.compile(whole);
      for (const example of whole.examples ?? []) {
        assert.ok(validate(example), `${name}: ${ajv.errorsText(validate.errors)}`);
      }
    }
  });

  it('names each operation once', () => {
    const ids = operations.map((operation) => operation.id);
    assert.deepEqual(ids, [...new Set(ids)]);
  });
});

for (const operation of operations) {
  describe(operation.id ?? `${operation.method} ${operation.path}`, () => {
    const { raw } = operation;

    it('has a name, a summary, a known tag and a success', () => {
      assert.match(raw.operationId, /^[a-z][A-Za-z]+$/);
      assert.match(raw.summary, /^[A-Z].*[^.]$/);
      const tags = document.tags.map((tag) => tag.name);
      assert.ok(raw.tags?.length === 1 && tags.includes(raw.tags[0]), `its tags are ${raw.tags}`);
      assert.ok(Object.keys(raw.responses).some((status) => status.startsWith('2')));
      assert.ok(raw.responses.default, 'it has no default response');
    });

    it('declares the parameters of its path', () => {
      const wanted = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path');
      assert.deepEqual(declared.map((parameter) => parameter.name), wanted);
      for (const parameter of operation.parameters) ajv.compile(parameter.schema);
    });

    it('says who may call it, and answers who may not', () => {
      const known = Object.keys(document.components.securitySchemes);
      for (const scheme of operation.schemes) assert.ok(known.includes(scheme), `no security scheme ${scheme}`);
      if (operation.schemes.length > 0) {
        assert.ok(raw.responses['401'] && raw.responses['403'], 'a protected operation answers 401 and 403');
        assert.ok(operation.permission || ['getMe', 'updateUser', 'deleteSession'].includes(operation.id), 'it names no x-permission');
      }
    });

    it('has request bodies that refuse what they do not know, with examples', () => {
      if (!raw.requestBody) return;
      assert.ok(raw.responses['400'] && raw.responses['413'] && raw.responses['415']);
      if (!operation.json) return;
      walk(operation.json.schema, (node, path) => {
        if (!('properties' in node) || !('type' in node)) return;
        if (operation.id === 'updateOrganization' && path.endsWith('/settings')) return; // an organization may keep its own
        assert.equal(node.additionalProperties, false, `${path} takes fields that it does not know`);
      });
      assertExamples('request', operation.json);
    });

    it('has answers that are described, with examples', () => {
      for (const [status, response] of Object.entries(raw.responses)) {
        assert.ok(response.description, `${status} has no description`);
        for (const header of Object.values(response.headers ?? {})) ajv.compile(header.schema);
        for (const [type, media] of Object.entries(response.content ?? {})) {
          if (type === 'application/json') assertExamples(status, media);
          else ajv.compile(closed(media.schema));
        }
        if (!/^[45]/.test(status)) continue;
        assert.ok(response.content['application/problem+json'], `${status} is no problem document`);
        assert.ok(codesOf(response.description).size > 0, `${status} lists no codes`);
      }
    });
  });
}
