import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrammarError } from './grammar-error.ts';
import { parseRouteParameter, type RouteParameter, readRouteParameter } from './route-parameter.ts';

const parameters: readonly (readonly [text: string, parameter: RouteParameter])[] = [
  [
    'route.request.querystring.authToken',
    { location: 'querystring', isMultiValue: false, name: 'authToken' },
  ],
  ['route.request.header.X-Api_Key.1$', { location: 'header', isMultiValue: false, name: 'X-Api_Key.1$' }],
  ['route.request.multivaluequerystring.a', { location: 'querystring', isMultiValue: true, name: 'a' }],
  ['route.request.multivalueheader.a', { location: 'header', isMultiValue: true, name: 'a' }],
];
for (const [text, parameter] of parameters) {
  test(`${text} (spec/websocket-api.md §2.9.1)`, () => {
    assert.deepEqual(parseRouteParameter(text), parameter);
  });
}

for (const text of [
  '',
  'route.request.header.',
  'route.request.header.a b',
  'route.request.header.a\n',
  'route.request.path.a',
  'route.request.body.a',
  'route.request.Header.a',
  'method.request.header.a',
  'integration.request.header.a',
  ' route.request.header.a',
]) {
  test(`${JSON.stringify(text)} is none (spec/websocket-api.md §2.9.1)`, () => {
    assert.equal(readRouteParameter(text), undefined);
    assert.throws(
      () => parseRouteParameter(text),
      new GrammarError(`Invalid request parameter specified: ${text}`),
    );
  });
}
