// What integration responses make of answers, without the wire (spec/websocket-api.md §4.3, §4.4.4). Rows over the wire are in
// test/conformance/ws-replies.cases.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IntegrationResponseConfig, SocketIntegrationConfig } from '../../config/websocket-api.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import type { Connection } from '../connections/connection.ts';
import { SocketEvent } from '../event.ts';
import type { SocketAnswer, WebSocketStage } from '../stage.ts';
import { NO_HEADERS } from './failed.ts';
import { compileResponses } from './response-plan.ts';

const STAGE = {
  apiId: 'a1b2c3d4e5',
  name: 'test',
  variables: new Map([['k', 'v']]),
} as unknown as WebSocketStage;
const CONNECTION = { id: 'JKx1abcdPHcEJKQ=', connectedAt: 0, domain: { name: 'api.example' } } as Connection;
const CONNECT = {
  kind: 'CONNECT',
  request: { headers: NO_HEADERS, query: '', target: '/test', host: 'api.example', scheme: 'http' },
} as const;
const MESSAGE = { kind: 'MESSAGE', body: '{"action":"join"}' } as const;

type Given = Partial<IntegrationResponseConfig>;

/** What responses make of an answer, of status 200 unless it says so. */
function replyTo(
  responses: readonly Given[],
  answer: Partial<SocketAnswer>,
  { matchesErrors = false, of = MESSAGE as typeof MESSAGE | typeof CONNECT } = {},
) {
  const config = {
    responses: responses.map((response) => ({
      key: '$default',
      templates: new Map(),
      templateSelectionExpression: undefined,
      parameters: new Map(),
      contentHandling: undefined,
      ...response,
    })),
  } as unknown as SocketIntegrationConfig;
  const event = new SocketEvent(CONNECTION, STAGE, of);
  const whole: SocketAnswer = { kind: 'answered', status: 200, headers: NO_HEADERS, body: '', ...answer };
  return compileResponses(config, matchesErrors)(event, whole);
}

function planOf(responses: readonly Given[], matchesErrors = false) {
  return (body: string, errorMessage?: string) =>
    replyTo(responses, { body, errorMessage }, { matchesErrors, of: CONNECT });
}

const says = (text: string, key = '$default'): Given => ({ key, templates: new Map([['$default', text]]) });
const templates = (texts: Readonly<Record<string, string>>, templateSelectionExpression?: string): Given => ({
  templates: new Map(Object.entries(texts)),
  templateSelectionExpression,
});

const NO_MATCH = 'No match for output mapping and no default output mapping configured';
const BY_STATUS = [says('2xx', '/2\\d\\d/'), says('20x', '/20./'), says('4', '/4/'), says('else')];
const BYTES = Buffer.from([0xff, 0xd8, 0xff]);
const HTML = { headers: HeaderBlock.fromPairs(['Content-Type', 'text/html']) };

/** What the client gets: the data, or what failed. */
const OF_ANSWERS: readonly (readonly [
  source: string,
  name: string,
  responses: readonly Given[],
  answer: Partial<SocketAnswer>,
  comes: string | Buffer | { readonly failed: string },
])[] = [
  ['§4.3.3', 'the first pattern of the status in the order of creation', BY_STATUS, { status: 201 }, '2xx'],
  ['§4.3.3', 'a pattern is of the whole text', BY_STATUS, { status: 404 }, 'else'],
  ['§4.3.3', '$default wherever it stands', [says('else'), says('4xx', '/4../')], { status: 404 }, '4xx'],
  ['§4.3.3', 'no $default', [says('4xx', '/4../')], {}, { failed: NO_MATCH }],
  ['§4.3.1', 'no response at all', [], { body: 'b' }, { failed: NO_MATCH }],
  ['§4.4.1', 'no template: the body as it is', [{}], { body: ' {"a": 1} ' }, ' {"a": 1} '],
  [
    '§4.4.1',
    'no expression: application/json',
    [templates({ $default: 'd', 'application/json': 'j' })],
    {},
    'j',
  ],
  ['§4.4.1', 'no expression: else $default', [templates({ other: 'o', $default: 'd' })], {}, 'd'],
  ['§4.4.1', 'no expression: else the only one', [templates({ other: 'o' })], {}, 'o'],
  ['§4.4.1', 'no expression, and two others: the body', [templates({ a: 'a', b: 'b' })], { body: 'x' }, 'x'],
  [
    '§4.4.1',
    'an expression',
    [templates({ 201: 'made', $default: 'd' }, '${response.statuscode}')],
    { status: 201 },
    'made',
  ],
  [
    '§4.4.1',
    'an expression that finds none: $default',
    [templates({ 201: 'made', $default: 'd' }, '${response.statuscode}')],
    {},
    'd',
  ],
  [
    '§4.4.1',
    'an expression that finds none, and no $default: the body',
    [templates({ 201: 'made' }, '${response.statuscode}')],
    { body: 'x' },
    'x',
  ],
  [
    '§4.4.2',
    'request.body is the message',
    [templates({ join: 'j' }, '$request.body.action')],
    { body: '{"action":"leave"}' },
    'j',
  ],
  [
    '§4.4.2',
    'a header of the answer',
    [templates({ 'text/html': 'h' }, '${integration.response.header.content-type}')],
    HTML,
    'h',
  ],
  [
    '§4.4.3',
    '$input is the answer, the rest the message’s',
    [says("$input.path('$.a') $input.body $stageVariables.k $context.stage")],
    { body: '{"a":1}' },
    '1 {"a":1} v test',
  ],
  ['§4.4.5', 'white space around stays', [says(' \n a ')], {}, ' \n a '],
  ['§3.9.5', 'a template that is none', [says('#if(')], {}, { failed: 'A template failed: ' }],
  ['§4.6', 'bytes as they are', [{}], { body: BYTES }, BYTES],
  ['§4.6', 'CONVERT_TO_TEXT of text', [{ contentHandling: 'CONVERT_TO_TEXT' }], { body: 'é' }, 'é'],
  ['§4.6', 'CONVERT_TO_TEXT of bytes', [{ contentHandling: 'CONVERT_TO_TEXT' }], { body: BYTES }, '/9j/'],
  [
    '§4.6',
    'a template sees their base64',
    [{ ...says('<$input.body>'), contentHandling: 'CONVERT_TO_TEXT' }],
    { body: BYTES },
    '</9j/>',
  ],
  [
    '§4.6',
    'CONVERT_TO_BINARY of base64',
    [{ contentHandling: 'CONVERT_TO_BINARY' }],
    { body: '/9j/' },
    BYTES,
  ],
  [
    '§4.6',
    'CONVERT_TO_BINARY of what a template made',
    [{ ...says('/9j/'), contentHandling: 'CONVERT_TO_BINARY' }],
    { body: 'x' },
    BYTES,
  ],
  [
    '§4.6',
    'CONVERT_TO_BINARY of no base64',
    [{ contentHandling: 'CONVERT_TO_BINARY' }],
    { body: '{' },
    { failed: 'CONVERT_TO_BINARY was given what is no base64' },
  ],
];
for (const [source, name, responses, answer, comes] of OF_ANSWERS) {
  test(`${source}: ${name}`, () => {
    const reply = replyTo(responses, answer);
    if (reply.kind === 'failed') {
      assert.ok(typeof comes === 'object' && 'failed' in comes, reply.error);
      assert.equal(reply.error.slice(0, comes.failed.length), comes.failed);
      assert.equal(reply.failure.message, 'Internal server error');
      return;
    }
    assert.deepEqual([reply.status, reply.data], [answer.status ?? 200, comes]);
  });
}

const BY_ERROR = [says('bad', '/bad.*/'), says('any', '/.+/'), says('else')];
const OF_ERRORS: readonly (readonly [source: string, errorMessage: string | undefined, comes: string])[] = [
  ['§4.3.2', 'bad luck', 'bad'],
  ['§4.3.4', 'other', 'any'],
  ['§4.3.4', 'bad\nluck', 'else'],
  ['§4.3.4', '', 'else'],
  ['§4.3.4', undefined, 'else'],
];
for (const [source, errorMessage, comes] of OF_ERRORS) {
  test(`${source}: a function that ${errorMessage === undefined ? 'returned' : `threw ${JSON.stringify(errorMessage)}`}`, () => {
    const reply = replyTo(BY_ERROR, { errorMessage }, { matchesErrors: true });
    assert.equal(reply.kind === 'reply' && reply.data, comes);
  });
}

const OVERRIDES: readonly (readonly [
  source: string,
  template: string,
  status: number,
  subprotocol: string | undefined,
])[] = [
  ['§5.7.5', 'x', 201, 'given'],
  ['§5.7.5', '#set($context.responseOverride.status = 403)x', 403, 'given'],
  ['§5.7.5', '#set($context.responseOverride.status = 99)x', 201, 'given'],
  ['§5.7.5', '#set($context.responseOverride.status = 600)x', 201, 'given'],
  ['§5.7.5', '#set($context.responseOverride.status = "403")x', 201, 'given'],
  ['§1.9.5', '#set($context.responseOverride.header.Sec-WebSocket-Protocol = "b")x', 201, 'b'],
  ['§1.9.5', '#set($context.responseOverride.header.other = "b")x', 201, 'given'],
];
for (const [source, template, status, subprotocol] of OVERRIDES) {
  test(`${source}: of a connect request, ${template}`, () => {
    const parameters = new Map([['method.response.header.sec-websocket-protocol', "'given'"]]);
    const reply = replyTo([{ ...says(template), parameters }], { status: 201 }, { of: CONNECT });
    assert.deepEqual(reply, { kind: 'reply', status, data: 'x', subprotocol });
  });
}

test('§1.7.8: a connect request needs no integration response', () => {
  const reply = replyTo([], { status: 204, body: 'b' }, { of: CONNECT });
  assert.deepEqual(reply, { kind: 'reply', status: 204, data: '', subprotocol: undefined });
});

test('§1.9.5: the subprotocol from a header, whatever its spelling', () => {
  const headers = HeaderBlock.fromPairs(['x-chosen', 'a']);
  const parameters = new Map([
    ['route.response.header.Sec-WebSocket-Protocol', 'integration.response.header.X-Chosen'],
  ]);
  const reply = replyTo([{ parameters }], { headers }, { of: CONNECT });
  assert.equal(reply.kind === 'reply' && reply.subprotocol, 'a');
});

test('§1.9.5: a header whose name only ends with that of the subprotocol is another one', () => {
  const parameters = new Map([['route.response.header.x.Sec-WebSocket-Protocol', "'a'"]]);
  const reply = replyTo([{ parameters }], {}, { of: CONNECT });
  assert.equal(reply.kind === 'reply' && reply.subprotocol, undefined);
});

const FROM_BODY: readonly (readonly [path: string, body: string, subprotocol: string | undefined])[] = [
  ['', 'text', 'text'],
  ['.a', '{"a":"x"}', 'x'],
  ['.a[1]', '{"a":[1,"y"]}', 'y'],
  ['.a', '{"a":null}', undefined],
  ['.a', '{"a":{"b":1}}', '{"b":1}'],
  ['.a', 'text', undefined],
  ['.a', '{"a":', undefined],
  // A path that is none leads nowhere.
  ['[?(', '{"a":"x"}', undefined],
];

test('the subprotocol from a body', () => {
  for (const [path, body, subprotocol] of FROM_BODY) {
    const reply = planOf([
      {
        parameters: new Map([
          ['route.response.header.Sec-WebSocket-Protocol', `integration.response.body${path}`],
        ]),
      },
    ])(body);
    assert.deepEqual(reply, { kind: 'reply', status: 200, data: body, subprotocol }, `${path} of ${body}`);
  }
});

test('how long an error message may be depends on the patterns it is matched against', () => {
  const matched = planOf([{ key: `/${'a'.repeat(1_000)}x|b+/` }, {}], true);
  const long = 'b'.repeat(10_000);
  assert.equal(matched('{}', long.slice(0, 8_000)).kind, 'reply');
  const failed = matched('{}', long);
  assert.equal(failed.kind, 'failed');
  assert.match(failed.kind === 'failed' ? failed.error : '', /more than \d+ characters to be matched/);
  assert.equal(planOf([{}], true)('{}', 'b'.repeat(1_000_000)).kind, 'reply');
});
