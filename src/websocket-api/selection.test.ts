// What selection expressions select of a message and of an integration's answer (spec/websocket-api.md §2.3, §2.4). The vectors
// of §2.3.7 over the wire are in test/conformance/ws-messages.cases.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SelectionUse } from '../grammar/selection-expression.ts';
import { HeaderBlock } from '../net/header-block.ts';
import type { SocketEvent } from './event.ts';
import { MessageJson } from './message-json.ts';
import { compileSelection } from './selection.ts';
import type { SocketAnswer } from './stage.ts';

/** As much of an event as selections read. */
function eventOf(body: string): SocketEvent {
  return { kind: 'MESSAGE', body, json: new MessageJson(body) } as SocketEvent;
}

const MESSAGE =
  '{"service":"chat","action":"join","data":{"room":"room1234"},"n":1,"ok":true,"list":["a","b"],"none":null}';

const OF_MESSAGES: readonly (readonly [source: string, text: string, selected: string, message?: string])[] =
  [
    ['S01', '$request.body.action', 'join'],
    ['S02', '${request.body.action}', 'join'],
    ['S03', '${request.body.service}/${request.body.action}', 'chat/join'],
    ['S04', '${request.body.action}-${request.body.invalidPath}', 'join-'],
    ['S05', 'action', 'action'],
    ['S06', '\\$default', '$default'],
    ['S07', '$request.body.data.room', 'room1234'],
    ['S08', '${request.body.list[1]}', 'b'],
    ['S09', '$request.body.list', '[a, b]'],
    ['S10', '$request.body.n', '1'],
    ['S11', '$request.body.ok', 'true'],
    ['S12', '$request.body.none', ''],
    ['S13', '$request.body.missing', ''],
    ['S14', 'v${request.body.n}-beta', 'v1-beta'],
    ['S15', '$request.body.action', '', 'hello'],
    ['S16', '$request.body.action', '', '"join"'],
    ['S17', '$request.body.action', '', '["join"]'],
    ['S18', '$request.body.action', '', ''],
    ['S19', '$request.body.data', '{room=room1234}'],
    ['§2.3.1', '\\$request.body.action', '$request.body.action'],
    ['§2.3.1', '$request.body.a', '$request.body.b', '{"a":"$request.body.b","b":"c"}'],
    ['§2.3.2', 'a$1 \\x', 'a$1 \\x'],
    ['§2.3.4', '$request.body', 'any text', 'any text'],
    ['§2.3.4', "$request.body['action']", 'join'],
    ['§2.3.4', '${request.body..room}', '[room1234]'],
    ['§2.3.4', '${request.body.list[9]}', ''],
    ['§2.3.5', '$request.body.a', '[1, [x, {k=v, l=[]}], null]', '{"a":[1,["x",{"k":"v","l":[]}],null]}'],
    ['§2.3.5', '$request.body.a', '1.0E10', '{"a":1e10}'],
    ['§2.3.5', '$request.body.a', '12345678901234567890', '{"a":12345678901234567890}'],
    ['§2.3.5', '$request.body.a[0]', '1.5', '{"a":[1.50]}'],
    ['§2.3.5', '$request.body.a', '{}', '{"a":{}}'],
    ['§2.3.6', '$request.body.a', '', "{a:'b'}"],
    ['§2.3.6', '$request.body.a[0]', '', '{"a":["b"'],
    ['§2.3.5', '$request.body.a', 'last', '{"a":"first","a":"last"}'],
    ['§2.3.4', '${request.body[?(}', ''],
    ['§2.3.4', '$request.body.toString', ''],
    ['§2.3.4', '$request.body.__proto__', 'own', '{"__proto__":"own"}'],
  ];
for (const [source, text, selected, message = MESSAGE] of OF_MESSAGES) {
  test(`${source}: ${text} of ${message || 'an empty message'}`, () => {
    assert.equal(compileSelection(text, 'route')(eventOf(message)), selected);
  });
}

const ANSWER: SocketAnswer = {
  kind: 'answered',
  status: 201,
  headers: HeaderBlock.fromPairs(['Content-Type', 'text/html', 'X-A', '1', 'x-a', '2']),
  body: '{"a":"b"}',
};

const OF_ANSWERS: readonly (readonly [
  source: string,
  text: string,
  selected: string,
  answer?: SocketAnswer,
])[] = [
  ['§2.4', '$integration.response.statuscode', '201'],
  ['§2.3.3', '${response.statuscode}', '201'],
  ['§2.4', '$request.body.action', 'join'],
  ['§4.4.2', '$integration.response.header.Content-Type', 'text/html'],
  ['§4.4.2', '$integration.response.header.content-type', 'text/html'],
  ['§4.4.2', '$integration.response.header.x-a', '2'],
  ['§4.4.2', '$integration.response.header.x-b', ''],
  ['§4.4.2', '$integration.response.multivalueheader.X-A', '[1, 2]'],
  ['§4.4.2', '$integration.response.multivalueheader.x-b', '[]'],
  ['§2.4', '$integration.response.body.a', ''],
  ['§2.4', '$integration.response.body', ''],
  ['§2.3.1', 'v${response.statuscode}-${integration.response.header.X-A}', 'v201-2'],
];
for (const [source, text, selected, answer = ANSWER] of OF_ANSWERS) {
  test(`${source}: ${text} of an answer`, () => {
    assert.equal(compileSelection(text, 'responseTemplate')(eventOf(MESSAGE), answer), selected);
  });
}

const REFUSED: readonly (readonly [source: string, use: SelectionUse, text: string])[] = [
  ['§2.4', 'route', ''],
  ['§2.4', 'route', '$integration.response.statuscode'],
  ['§2.4', 'model', '$context.routeKey'],
  ['§2.4', 'template', '${response.statuscode}'],
  ['§2.4', 'responseTemplate', '$context.routeKey'],
  ['§2.3.2', 'route', '${request.body.action'],
];
for (const [source, use, text] of REFUSED) {
  test(`${source}: ${text || 'an empty text'} is no ${use} selection`, () => {
    assert.throws(() => compileSelection(text, use), { name: 'Error' });
  });
}

test('§2.3.4: a path that would take too many steps selects nothing', () => {
  const deep = `${'['.repeat(60)}${'1,'.repeat(400)}1${']'.repeat(60)}`;
  assert.equal(compileSelection(`\${request.body${'..*'.repeat(12)}}`, 'route')(eventOf(deep)), '');
});
