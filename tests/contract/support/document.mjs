// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// The contract, read for checking: every $ref resolved, every operation at hand, every schema compiled.
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const CODE = /`([a-z]+\.[a-z_]+)`/g;

export function readDocument(path = new URL('../../../docs/api/openapi.yaml', import.meta.url)) {
  return parse(readFileSync(path, 'utf8'), { maxAliasCount: -1 });
}

/** What a local reference names; throws where nothing is there. */
export function follow(document, reference) {
  let at = document;
  for (const step of reference.replace(/^#\//, '').split('/')) {
    at = at?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  if (!reference.startsWith('#/') || at === undefined) throw new Error(`${reference} names nothing`);
  return at;
}

/** `node` with each $ref replaced by what it names; what stands beside a $ref is kept. */
export function resolve(document, node) {
  if (Array.isArray(node)) return node.map((item) => resolve(document, item));
  if (node === null || typeof node !== 'object') return node;
  const { $ref, ...rest } = node;
  const own = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, resolve(document, value)]));
  return typeof $ref === 'string' ? { ...resolve(document, follow(document, $ref)), ...own } : own;
}

/**
 * The same schema, satisfied with documented properties alone. Answers may gain fields, so that the document leaves
 * their schemas open; a field that came without being documented is still a mistake.
 */
export function closed(schema, withinAllOf = false) {
  if (Array.isArray(schema)) return schema.map((item) => closed(item));
  if (schema === null || typeof schema !== 'object') return schema;
  const made = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') {
      made[key] = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, closed(inner)]));
    } else if (key === 'allOf') {
      made[key] = value.map((inner) => closed(inner, true));
    } else if (['examples', 'example', 'default', 'enum', 'const', 'required'].includes(key)) {
      made[key] = value;
    } else {
      made[key] = closed(value);
    }
  }
  const describesObject = 'properties' in schema || 'allOf' in schema;
  if (describesObject && !withinAllOf && !('additionalProperties' in schema)) made.unevaluatedProperties = false;
  return made;
}

export function makeAjv() {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false });
  addFormats(ajv);
  ajv.addVocabulary(['example']);
  return ajv;
}

/** The stable codes that a description lists. */
export function codesOf(description = '') {
  return new Set([...description.matchAll(CODE)].map((match) => match[1]));
}

/** Every operation: { id, method, path, permission, schemes, parameters, body, responses }. */
export function operationsOf(document) {
  const found = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const raw = item[method];
      if (!raw) continue;
      const operation = resolve(document, raw);
      const content = operation.requestBody?.content ?? {};
      found.push({
        id: operation.operationId,
        method: method.toUpperCase(),
        path,
        raw: operation,
        operatorOnly: 'servers' in item,
        permission: operation['x-permission'],
        schemes: (operation.security ?? document.security).flatMap((choice) => Object.keys(choice)),
        parameters: resolve(document, [...(item.parameters ?? []), ...(raw.parameters ?? [])]),
        json: content['application/json']?.schema && content['application/json'], // JSON of our own making
        content,
        responses: operation.responses,
      });
    }
  }
  return found;
}

/** The first example of a JSON request body. */
export function exampleBody(operation) {
  return structuredClone(Object.values(operation.json.examples)[0].value);
}
