import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRequestParameter, type RequestSource } from './socket-request-parameter.ts';

const TO = 'integration.request.header.x';
const ENVELOPE = 'Invalid mapping expression specified: Validation Result: warnings : [], errors : ';

for (const location of ['header', 'querystring', 'path'] as const) {
  test(`integration.request.${location} is a destination (spec/websocket-api.md §3.8.1)`, () => {
    const parameter = parseRequestParameter(`integration.request.${location}.aZ09._$-`, "'v'");
    assert.deepEqual(parameter, { location, name: 'aZ09._$-', source: { from: 'static', text: 'v' } });
  });
}

const parameter = (
  location: 'header' | 'querystring',
  name: string,
  isMultiValue = false,
): RequestSource => ({
  from: 'parameter',
  parameter: { location, isMultiValue, name },
});
const sources: readonly (readonly [cites: string, text: string, source: RequestSource])[] = [
  ['§3.8.1', "''", { from: 'static', text: '' }],
  ['§3.8.4', "'a%20b\n$x'", { from: 'static', text: 'a%20b\n$x' }],
  ['§3.8.1', 'route.request.header.Auth', parameter('header', 'Auth')],
  ['§3.8.1', 'route.request.querystring.t', parameter('querystring', 't')],
  ['§3.8.1', 'route.request.multivalueheader.a', parameter('header', 'a', true)],
  ['§3.8.1', 'route.request.multivaluequerystring.a', parameter('querystring', 'a', true)],
  ['§3.8.1', 'method.request.header.Auth', parameter('header', 'Auth')],
  ['§3.8.1', 'route.request.path.p', { from: 'path', name: 'p' }],
  ['§3.8.1', 'route.request.body', { from: 'body', path: '' }],
  ['§3.8.1', 'route.request.body.a.b', { from: 'body', path: '.a.b' }],
  ['§3.8.1', "route.request.body['a\n'][0]", { from: 'body', path: "['a\n'][0]" }],
  ['§3.8.1', 'method.request.body.a', { from: 'body', path: '.a' }],
  ['§3.8.1', 'context.identity.sourceIp', { from: 'context', name: 'identity.sourceIp' }],
  ['§3.8.1', 'stageVariables.tenant_1', { from: 'stageVariable', name: 'tenant_1' }],
];
for (const [cites, text, source] of sources) {
  test(`${JSON.stringify(text)} is a source (spec/websocket-api.md ${cites})`, () => {
    assert.deepEqual(parseRequestParameter(TO, text).source, source);
  });
}

const refused: readonly (readonly [destination: string, source: string, wrong: string])[] = [
  ['', "'v'", ''],
  ['integration.request.body.x', "'v'", 'integration.request.body.x'],
  ['integration.request.header.', "'v'", 'integration.request.header.'],
  ['integration.request.header.a b', 'nothing', 'integration.request.header.a b'],
  ['integration.request.header.a\n', "'v'", 'integration.request.header.a\n'],
  ['route.request.header.x', "'v'", 'route.request.header.x'],
  ...[
    ...['', "'", "'a'b'", 'v', 'route.request.header.', 'route.request.header.a b', 'route.request.cookie.a'],
    ...['route.request.bodyguard', 'route.request.body.', 'request.body.a', 'integration.request.header.x'],
    ...[
      'context.',
      'context.a-b',
      'method.context.a',
      'stageVariables.a-b',
      '$context.stage',
      'context.stage\n',
    ],
  ].map((source) => [TO, source, source] as const),
];
for (const [destination, source, wrong] of refused) {
  test(`${JSON.stringify([destination, source])} is refused (spec/management-api.md §2.3.3)`, () => {
    assert.throws(() => parseRequestParameter(destination, source), {
      message: `${ENVELOPE}[Invalid mapping expression parameter specified: ${wrong}]`,
    });
  });
}
