import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrammarError } from './grammar-error.ts';
import { parseIdentitySource, parseWebSocketIdentitySource, printIdentitySource } from './identity-source.ts';

const HTTP: readonly (readonly [text: string, kind: string, name: string])[] = [
  ['$request.header.Authorization', 'header', 'Authorization'],
  ['$request.header.x-api_key.1', 'header', 'x-api_key.1'],
  ['$request.querystring.Token', 'querystring', 'Token'],
  ['$request.querystring.a[b]', 'querystring', 'a[b]'],
  ['$context.identity.sourceIp', 'context', 'identity.sourceIp'],
  ['$context.routeKey', 'context', 'routeKey'],
  ['$stageVariables.tenant', 'stageVariable', 'tenant'],
];
for (const [text, kind, name] of HTTP) {
  test(`${text} (spec/http-api.md §6.1)`, () => {
    const source = parseIdentitySource(text);
    assert.deepEqual(source, { kind, name });
    assert.equal(printIdentitySource(source), text);
  });
}

const NOT_HTTP = [
  '',
  'Authorization',
  '$request.header.',
  '$request.header.a b',
  '$request.header.a:b',
  '$request.body.a',
  '$request.querystring.',
  '$request.querystring.a&b',
  '$stageVariables.a-b',
  '$context.',
  '$context.a b',
  'route.request.header.A',
  ' $request.header.A',
  '$request.header.A\n',
];
for (const text of NOT_HTTP) {
  test(`${JSON.stringify(text)} is none (spec/http-api.md §6.1)`, () => {
    assert.throws(
      () => parseIdentitySource(text),
      new GrammarError(`Invalid identity source expression: ${text}`),
    );
  });
}

const WEBSOCKET: readonly (readonly [text: string, kind: string, name: string])[] = [
  ['route.request.header.Auth', 'header', 'Auth'],
  ['route.request.querystring.t', 'querystring', 't'],
  ['stageVariables.v', 'stageVariable', 'v'],
  ['context.connectionId', 'context', 'connectionId'],
];
for (const [text, kind, name] of WEBSOCKET) {
  test(`${text} (spec/management-api.md §2.6.2)`, () => {
    assert.deepEqual(parseWebSocketIdentitySource(text), { kind, name });
  });
}

for (const text of [
  '$request.header.A',
  'route.request.body.a',
  'route.request.header.a b',
  'context.',
  '',
]) {
  test(`${JSON.stringify(text)} is none of a WebSocket API (spec/management-api.md §2.6.2)`, () => {
    assert.throws(() => parseWebSocketIdentitySource(text), /Invalid request identity source expression: /);
  });
}
