// Rows of spec/websocket-api.md §2: routes, selection expressions, models, what messages must be.
import assert from 'node:assert/strict';
import { frame, http, MOCK, NAMED, PROXY } from '../support/message-stand.ts';
import type { SocketRow } from './socket-row.ts';

/** §2.3.7: expression → result, of this message. */
const MESSAGE =
  '{"service":"chat","action":"join","data":{"room":"room1234"},"n":1,"ok":true,"list":["a","b"],"none":null}';
const VECTORS: readonly (readonly [id: string, expression: string, result: string, message?: string])[] = [
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
];

/** Further ones, of the statements around them. */
const MORE: readonly (readonly [cites: string, expression: string, message: string, result: string])[] = [
  ['2.3.1', '${request.body.a}${request.body.b}', '{"a":"a$request.body.b","b":"c"}', 'a$request.body.bc'],
  ['2.3.1', 'a\\$b', '{}', 'a$b'],
  ['2.3.2', '$request.body.a.', '{"a":"x"}', 'x.'],
  ['2.3.2', '$request.body.a-b/$request.body.c', '{"a-b":"x","c":"y"}', 'x/y'],
  ['2.3.2', '$request.body.list[0]!', '{"list":["x"]}', 'x!'],
  ['2.3.2', "${request.body['a b']}", '{"a b":"x"}', 'x'],
  ['2.3.2', 'cost$5\\d', '{}', 'cost$5\\d'],
  ['2.3.4', '$request.body', 'hello', 'hello'],
  ['2.3.4', "$request.body.a[?(@.b=='c')].d", '{"a":[{"b":"c","d":"e"}]}', '[e]'],
  ['2.3.5', '$request.body.n', '{"n":1.5}', '1.5'],
  ['2.3.5', '$request.body.n', '{"n":100000000000000000000}', '100000000000000000000'],
  ['2.3.5', '$request.body.n', '{"n":12345678.5}', '1.23456785E7'],
  ['2.3.5', '$request.body.o', '{"o":{"k":"v","k2":["a",1]}}', '{k=v, k2=[a, 1]}'],
  ['2.3.6', '$request.body.a', "{'a':'x'}", ''],
  ['2.3.6', 'x${request.body.a}', 'no JSON', 'x'],
  ['2.3.1', 'k${request.body.a}', '{"a":"${request.body.b}","b":"c"}', 'k${request.body.b}'],
  ['2.3.1', 'k\\${request.body.a}', '{"a":"x"}', 'k${request.body.a}'],
  ['2.3.1', '/${request.body.a}/', '{"a":"x"}', '/x/'],
  ['2.3.2', 'a$ b$', '{}', 'a$ b$'],
  ['2.3.2', 'a\\b\\\\$c', '{}', 'a\\b\\$c'],
  ['2.3.2', '$request.body.a_b$request.body.C', '{"a_b":"x","C":"y","c":"z"}', 'xy'],
  ['2.3.2', '$request.body.a..', '{"a":"x"}', 'x..'],
  ['2.3.2', '$request.body.list[0][1].a', '{"list":[[0,{"a":"x"}]]}', 'x'],
  ['2.3.2', '$request.body.a]', '{"a":"x"}', 'x]'],
  ['2.3.2', '${request.body.ключ}', '{"ключ":"→"}', '→'],
  ['2.3.4', '$request.body[0]', '["join"]', 'join'],
  ['2.3.4', '$request.body.list[-1]', '{"list":["a","b"]}', 'b'],
  ['2.3.4', '$request.body..id', '{"id":"a","b":[{"id":"c"}]}', '[a, c]'],
  ['2.3.4', '$request.body.a.b.c', '{"a":{"b":{"c":"x"}}}', 'x'],
  ['2.3.4', '$request.body.a.b.c', '{"a":"b"}', ''],
  ['2.3.4', '$request.body.a[5]', '{"a":["b"]}', ''],
  ['2.3.4', 'a$request.body', '', 'a'],
  ['2.3.5', '$request.body.a', '{"a":false}', 'false'],
  ['2.3.5', '$request.body.a', '{"a":""}', ''],
  ['2.3.5', '$request.body.a', '{"a":-17}', '-17'],
  ['2.3.5', '$request.body.a', '{"a":1.0}', '1.0'],
  ['2.3.5', '$request.body.a', '{"a":1e3}', '1000.0'],
  ['2.3.5', '$request.body.a', '{"a":0.0001}', '1.0E-4'],
  ['2.3.5', '$request.body.a', '{"a":[]}', '[]'],
  ['2.3.5', '$request.body.a', '{"a":{}}', '{}'],
  ['2.3.5', '$request.body.a', '{"a":[null,"b c",[1.5,true]]}', '[null, b c, [1.5, true]]'],
  ['2.3.5', '$request.body.a', '{"a":{"b":null}}', '{b=null}'],
  ['2.3.5', '$request.body.a', ' {"a":"x","a":"y"} ', 'y'],
  ['2.3.5', '$request.body.constructor', '{}', ''],
  ['2.3.5', '$request.body.__proto__', '{"a":1}', ''],
  ['2.3.5', '$request.body.__proto__', '{"__proto__":"x"}', 'x'],
  ['2.3.6', '$request.body.a', '{"a":"x",}', ''],
  ['2.3.6', '$request.body.a', '{"a":"x"} x', ''],
  ['2.3.6', '$request.body.a', '{a:"x"}', ''],
  ['2.3.6', '$request.body.a', '{"a":"x","b":NaN}', ''],
  ['2.3.6', '$request.body.a', '{"a":"x"', ''],
];

/** A route for each result, and one that the others go to. */
const RESULTS: SocketRow['routes'] = Object.fromEntries(
  [...VECTORS.map(([, , result]) => result), ...MORE.map(([, , , result]) => result), '$default']
    .filter((result) => result !== '')
    .map((result) => [result, NAMED]),
);
const vectorOf = (
  expression: string,
  result: string,
  message: string,
): Omit<SocketRow, 'name' | 'statements'> => ({
  selection: expression,
  routes: RESULTS,
  messages: [[message, result === '' ? '$default' : result]],
});

const NEVER = { Never: '{"not": {}}', Any: '{}' };
const BAD = frame('Bad request body', 'messageId');
const models = (
  ModelSelectionExpression: string | undefined,
  RequestModels: Readonly<Record<string, string>>,
): typeof NAMED => ({
  ...NAMED,
  route: { RequestModels, ...(ModelSelectionExpression === undefined ? {} : { ModelSelectionExpression }) },
});
const nothingAsked: SocketRow['also'] = ({ backend, invocations }) =>
  assert.deepEqual([backend.requests.length, invocations.length], [0, 0]);

export const messageRows: readonly SocketRow[] = [
  ...VECTORS.map(([id, expression, result, message = MESSAGE]) => ({
    name: `${id}: ${expression} of ${message}: ${result}`,
    statements: [`§2.3.7 ${id}`],
    ...vectorOf(expression, result, message),
  })),
  ...MORE.map(([cites, expression, message, result]) => ({
    name: `${expression} of ${message}: ${result} (${cites})`,
    statements: [`§${cites}`, '§2.4 Api.routeSelectionExpression'],
    ...vectorOf(expression, result, message),
  })),
  {
    name: 'keys have any characters, and are compared whole and in their case',
    statements: ['§2.1.1', '§2.2.2'],
    routes: { 'a b/c:d': NAMED, 'ünï→': NAMED, A: NAMED, $default: NAMED },
    messages: [
      ['{"x": "a b/c:d"}', 'a b/c:d'],
      ['{"x": "ünï→"}', 'ünï→'],
      ['{"x": "A"}', 'A'],
      ['{"x": "a"}', '$default'],
      ['{"x": "A "}', '$default'],
    ],
  },
  {
    name: 'a route without target fails',
    statements: ['§2.1.4'],
    routes: { a: { integration: false }, b: { integration: false, answers: false } },
    messages: [
      ['{"x": "a"}', frame('Internal server error')],
      ['{"x": "b"}', frame('Internal server error')],
    ],
  },
  {
    name: 'an operation name changes nothing',
    statements: ['§2.1.5'],
    routes: { a: { ...NAMED, route: { OperationName: 'b' } } },
    messages: [['{"x": "a"}', 'a']],
  },
  {
    name: 'what no route has the key of goes to $default, by that name',
    statements: ['§2.2.1', '§2.2.3', '§2.2.6', '§2.2.7'],
    routes: { a: NAMED, $default: NAMED, $connect: { ...NAMED, answers: false } },
    messages: [
      ['{"x": "a"}', 'a'],
      ['{"x": "b"}', '$default'],
      ['{"y": "a"}', '$default'],
      ['{"x": ""}', '$default'],
      ['no JSON', '$default'],
      ['{"x": "$connect"}', '$default'],
      ['{"x": "$default"}', '$default'],
    ],
  },
  {
    name: 'without $default it is Forbidden, and nothing is asked',
    statements: ['§2.2.4', '§2.2.6'],
    routes: { a: PROXY },
    messages: [
      ['{"x": "b"}', frame('Forbidden')],
      ['no JSON', frame('Forbidden')],
      ['{"x": "$default"}', frame('Forbidden')],
    ],
    also: nothingAsked,
  },
  {
    name: 'the expression plays no part in $connect and $disconnect',
    statements: ['§2.2.5'],
    selection: 'a',
    routes: {
      a: NAMED,
      $connect: { integration: http('HTTP_PROXY', 'GET'), answers: false },
      $disconnect: { integration: http('HTTP_PROXY', 'PUT'), answers: false },
    },
    messages: [['{"x": "b"}', 'a']],
    ends: true,
    also: ({ backend }) =>
      assert.deepEqual(
        backend.requests.map(({ startLine }) => startLine),
        ['GET / HTTP/1.1', 'PUT / HTTP/1.1'],
      ),
  },
  {
    name: '${response.statuscode} is another name of the status',
    statements: ['§2.3.3'],
    routes: {
      a: {
        responses: [
          {
            TemplateSelectionExpression: '${response.statuscode}',
            ResponseTemplates: { 200: 'two hundred', $default: 'other' },
          },
        ],
      },
      b: {
        responses: [
          {
            TemplateSelectionExpression: '${integration.response.statuscode}',
            ResponseTemplates: { 200: 'two hundred', $default: 'other' },
          },
        ],
      },
    },
    messages: [
      ['{"x": "a"}', 'two hundred'],
      ['{"x": "b"}', 'two hundred'],
    ],
  },
  {
    name: 'models are chosen by the expression, else $default, else the message fails',
    statements: ['§2.5.2', '§2.4 Route.modelSelectionExpression'],
    models: NEVER,
    routes: {
      a: models('$request.body.m', { any: 'Any', never: 'Never' }),
      b: models('$request.body.m', { any: 'Never', $default: 'Any' }),
      c: models('m', { m: 'Any' }),
    },
    messages: [
      ['{"x": "a", "m": "any"}', 'a'],
      ['{"x": "a", "m": "never"}', BAD],
      ['{"x": "a", "m": "other"}', BAD],
      ['{"x": "a"}', BAD],
      ['{"x": "b", "m": "any"}', BAD],
      ['{"x": "b", "m": "other"}', 'b'],
      ['{"x": "c"}', 'c'],
    ],
  },
  {
    name: 'models without an expression do nothing',
    statements: ['§2.5.1'],
    models: NEVER,
    routes: { a: models(undefined, { $default: 'Never' }) },
    messages: [['{"x": "a"}', 'a']],
  },
  {
    name: 'proxy integrations have models too; who fails is told on one-way routes, stays, and reaches no backend',
    statements: ['§2.5.1', '§2.5.5'],
    models: NEVER,
    routes: {
      a: { ...models('m', { m: 'Never' }), ...PROXY },
      b: { ...models('m', { m: 'Never' }), integration: http('HTTP_PROXY'), answers: false },
    },
    messages: [
      ['{"x": "a"}', BAD],
      ['{"x": "b"}', BAD],
      ['{"x": "a"}', BAD],
    ],
    also: nothingAsked,
  },
  {
    name: 'models are draft 4, know no formats, and ignore keywords of others',
    statements: ['§2.5.3'],
    models: {
      Draft4:
        '{"type":"object","required":["n"],"properties":{"n":{"minimum":1,"exclusiveMinimum":true},"mail":{"format":"email"}},"unevaluatedProperties":false,"other":1}',
      Later:
        '{"properties":{"n":{"const":1},"s":{"type":"string","nullable":true}},"if":{"required":["n"]},"then":{"required":["m"]},"propertyNames":{"maxLength":0},"$async":true}',
      Referring:
        '{"properties":{"n":{"$ref":"#/definitions/i","maximum":1}},"definitions":{"i":{"type":"integer"}}}',
    },
    routes: {
      a: models('m', { m: 'Draft4' }),
      b: models('m', { m: 'Later' }),
      c: models('m', { m: 'Referring' }),
    },
    messages: [
      ['{"x": "a", "n": 2, "mail": "none"}', 'a'],
      ['{"x": "a", "n": 1}', BAD],
      ['{"x": "a"}', BAD],
      ['{"x": "b", "n": 2}', 'b'],
      ['{"x": "b", "s": null}', BAD],
      ['{"x": "c", "n": 2}', 'c'],
      ['{"x": "c", "n": "2"}', BAD],
    ],
  },
  {
    name: 'what is no JSON fits no model',
    statements: ['§2.5.4'],
    models: { Any: '{}' },
    routes: { $default: models('m', { m: 'Any' }) },
    messages: [
      ['1', '$default'],
      ['{', BAD],
      ['', BAD],
    ],
  },
  {
    name: '$connect and $disconnect have no models',
    statements: ['§2.5.6'],
    models: NEVER,
    routes: {
      $connect: { ...models('m', { m: 'Never' }), integration: http('HTTP_PROXY', 'GET'), answers: false },
      $disconnect: { ...models('m', { m: 'Never' }), integration: http('HTTP_PROXY', 'PUT'), answers: false },
    },
    messages: [['{"x": "fence"}', 'fence']],
    ends: true,
    also: ({ backend }) => assert.equal(backend.requests.length, 2),
  },
  {
    name: 'an empty message is a message',
    statements: ['§2.6.2'],
    routes: { $default: { integration: http('HTTP_PROXY') } },
    reply: 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n.',
    messages: [['', '.']],
    also: ({ backend }) => assert.deepEqual([backend.requests.length, backend.requests[0]!.body], [1, '']),
  },
  {
    name: 'parameters need no declaration on the route',
    statements: ['§2.9.4'],
    query: '?q=1',
    routes: {
      $connect: {
        integration: {
          ...http('HTTP', 'GET'),
          RequestParameters: { 'integration.request.header.q': 'route.request.querystring.q' },
        },
        answers: false,
      },
    },
    messages: [['{"x": "fence"}', 'fence']],
    also: ({ backend }) =>
      assert.deepEqual(
        backend.requests[0]!.headers.filter(([name]) => name === 'q'),
        [['q', '1']],
      ),
  },
  {
    name: 'route response expressions are kept and select nothing',
    statements: ['§2.4 Route.routeResponseSelectionExpression'],
    routes: Object.fromEntries(
      ['$default', '\\$default', '$request.body.x', 'other'].map((expression, i) => [
        `${i}`,
        { ...NAMED, route: { RouteResponseSelectionExpression: expression } },
      ]),
    ),
    messages: ['0', '1', '2', '3'].map((key) => [`{"x": "${key}"}`, key] as const),
  },
  ...(
    [
      ['\\$default', '$default'],
      ['\\$connect', '$default'],
      ['x', 'x'],
    ] as const
  ).map(([selection, comes]) => ({
    name: `a constant as route selection: ${selection}`,
    statements: ['§2.2.6', '§2.3.7 S05', '§2.3.7 S06'],
    selection,
    routes: { x: NAMED, $default: NAMED },
    messages: [['{"action":"x"}', comes]] as const,
  })),
  {
    name: 'template selection: the message, static text, $default',
    statements: ['§2.4 Integration.templateSelectionExpression'],
    routes: Object.fromEntries(
      (
        [
          ['a', '${request.body.t}'],
          ['b', 'one'],
        ] as const
      ).map(([key, TemplateSelectionExpression]) => [
        key,
        {
          integration: {
            ...MOCK,
            TemplateSelectionExpression,
            RequestTemplates: { one: '{"statusCode": 201}', $default: '{"statusCode": 202}' },
          },
          responses: [
            { IntegrationResponseKey: '/201/', ResponseTemplates: { $default: 'one' } },
            { ResponseTemplates: { $default: 'default' } },
          ],
        },
      ]),
    ),
    messages: [
      ['{"x": "a", "t": "one"}', 'one'],
      ['{"x": "a", "t": "two"}', 'default'],
      ['{"x": "a"}', 'default'],
      ['{"x": "b"}', 'one'],
    ],
  },
  {
    name: 'response template selection: the message, status, headers, several headers, static text',
    statements: ['§2.4 IntegrationResponse.templateSelectionExpression', '§4.4.2'],
    routes: Object.fromEntries(
      (
        [
          ['a', '${request.body.t}'],
          ['b', '${integration.response.header.X-KIND}'],
          ['c', '${integration.response.multivalueheader.x-kind}'],
          ['d', '${integration.response.statuscode}'],
          ['e', 'one'],
        ] as const
      ).map(([key, TemplateSelectionExpression]) => [
        key,
        {
          integration: http('HTTP'),
          responses: [
            {
              TemplateSelectionExpression,
              ResponseTemplates: { one: '1', two: '2', '[one, two]': '1+2', 203: 'status' },
            },
          ],
        },
      ]),
    ),
    reply: 'HTTP/1.1 203 OK\r\nX-Kind: one\r\nX-Kind: two\r\nContent-Length: 4\r\n\r\nbody',
    messages: [
      ['{"x": "a", "t": "one"}', '1'],
      ['{"x": "a"}', 'body'],
      ['{"x": "b"}', '2'],
      ['{"x": "c"}', '1+2'],
      ['{"x": "d"}', 'status'],
      ['{"x": "e"}', '1'],
    ],
  },
];
