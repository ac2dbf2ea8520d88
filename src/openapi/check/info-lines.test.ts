import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, get } from './fixture.test.support.ts';
import { infoLines } from './info-lines.ts';

const METHODS = ['post', 'get', 'put', 'patch', 'delete', 'head', 'options', 'trace'];
const ANY = 'x-amazon-apigateway-any-method';
const responses = { default: { description: 'd' } };
const inOtherOrder = Object.fromEntries(
  [ANY, ...METHODS.toReversed()].map((method) => [method, { responses }]),
);

// biome-ignore format: one line is one case
const CASES: readonly (readonly [members: object, keys: readonly string[], source: string])[] = [
  [{ paths: { '/a': get({ tags: ['pets'] }) } }, ['paths./a.get responses', 'paths./a.get tags'], '§14 row 19'],
  [{ components: { schemas: { A: {} }, 'x-a': {}, securitySchemes: {}, foo: {} } }, ['components schemas', 'components foo'], '§14 row 25, O27'],
  [{ 'x-amazon-apigateway-policy': {}, 'x-amazon-apigateway-binary-media-types': [] }, [], '§14 row 26, O18'],
  [{ paths: { '/pets/{petId}': get({ parameters: [] }) } }, ['paths./pets/{petId}.get responses', 'paths./pets/{petId}.get parameters'], '§14 row 28'],
  [{ paths: { '/a': { post: { requestBody: {}, security: [], operationId: 'GET HTTP', 'x-a': 1 } } } }, ['paths./a.post requestBody'], '§14 rows 27 and 46'],
  [{ paths: { '/a': { get: { operationId: 'a'.repeat(65) } } } }, ['paths./a.get operationId'], '§14 row 45, O33'],
  [{ paths: { '/a': { get: { operationId: 'a'.repeat(64) } } } }, [], 'O33'],
  [{ paths: { $default: { [ANY]: { isDefaultRoute: true, responses, foo: 1 } } } }, [`paths.$default.${ANY} responses`], 'O27, D2'],
  [{ externalDocs: {}, paths: { '/a': { summary: 's', get: { deprecated: true } } } }, ['openapi externalDocs', 'paths./a summary', 'paths./a.get deprecated'], '§14 row 147'],
  [{ info: { title: 'T', contact: {} }, servers: [{}], tags: [{ name: 't', description: 'd' }], foo: 1 }, [], 'O27: none for these'],
  [{ paths: { 'x-a': get({}), '/a': { POST: {}, foo: 1, get: { foo: 1 } }, '/b': 1, '/c': { get: 1 } } }, [], 'O27: unknown keys'],
  [{ paths: { '/a': inOtherOrder } }, [...METHODS, ANY].map((method) => `paths./a.${method} responses`), 'O27: order'],
  [{ paths: { '/a': get({ summary: 's', parameters: [], callbacks: {}, requestBody: {} }) } }, ['requestBody', 'responses', 'parameters', 'summary', 'callbacks'].map((key) => `paths./a.get ${key}`), 'O27: order'],
  [{ paths: { '/b': { ...get({}), parameters: [], description: 'd' }, '/a': get({}) }, components: { links: {} } },
    ['components links', 'paths./b parameters', 'paths./b description', 'paths./b.get responses', 'paths./a.get responses'], 'O27: order'],
];

test('what makes nothing has an info line, in order', () => {
  for (const [members, keys, source] of CASES)
    assert.deepEqual(
      infoLines(fixture(members).root).map(({ text }) => text),
      keys.map((key) => `${key.replace(' ', ': key [')}] will be ignored by API Gateway`),
      `${source}: ${JSON.stringify(members)}`,
    );
});
