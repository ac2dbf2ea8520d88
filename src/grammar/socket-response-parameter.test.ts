import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseResponseParameter, type ResponseSource } from './socket-response-parameter.ts';

const TO = 'route.response.header.x';
const ENVELOPE = 'Invalid mapping expression specified: Validation Result: warnings : [], errors : ';

for (const destination of ['method.response.header.aZ09._$-', 'route.response.header.aZ09._$-']) {
  test(`${destination} is a destination (spec/websocket-api.md §4.4.4)`, () => {
    assert.equal(parseResponseParameter(destination, "'v'").name, 'aZ09._$-');
  });
}

const sources: readonly (readonly [text: string, source: ResponseSource])[] = [
  ["''", { from: 'static', text: '' }],
  ["'a\nb'", { from: 'static', text: 'a\nb' }],
  ['integration.response.header.X-A:b', { from: 'header', name: 'X-A:b' }],
  ['integration.response.body', { from: 'body', path: '' }],
  ['integration.response.body.a[0]', { from: 'body', path: '.a[0]' }],
  ["integration.response.body['a\n']", { from: 'body', path: "['a\n']" }],
  ['integration.response.body.', { from: 'body', path: '.' }],
];
for (const [text, source] of sources) {
  test(`${JSON.stringify(text)} is a source (spec/websocket-api.md §4.4.4)`, () => {
    assert.deepEqual(parseResponseParameter(TO, text).source, source);
  });
}

for (const destination of [
  ...['', 'route.response.header.', 'route.response.header.a b', 'route.response.header.a\n'],
  ...['route.response.body.x', 'integration.response.header.x', 'route.request.header.x'],
]) {
  test(`${JSON.stringify(destination)} is no destination (spec/management-api.md §2.4)`, () => {
    assert.throws(() => parseResponseParameter(destination, 'nothing'), {
      message: `${ENVELOPE}[Invalid mapping expression parameter specified: ${destination}]`,
    });
  });
}

for (const source of [
  ...['', "'", "'a'b'", 'v', 'integration.response.header.', 'integration.response.header.a b'],
  ...[
    'integration.response.bodyguard',
    'integration.response.statuscode',
    'route.response.header.x',
    'context.stage',
  ],
]) {
  test(`${JSON.stringify(source)} is no source (spec/management-api.md §2.4)`, () => {
    assert.throws(() => parseResponseParameter(TO, source), {
      message: `${ENVELOPE}[Invalid mapping expression specified: ${source}]`,
    });
  });
}
