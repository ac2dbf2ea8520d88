// What AWS leaves unclear about messages and what Postern does, one row a choice of spec/websocket-api.md §12: what clients
// see of it on the wire.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  ApiGatewayV2,
  type CreateIntegrationCommandInput,
  type CreateIntegrationResponseCommandInput,
  type CreateRouteCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import type { WebSocket } from 'ws';
import type { InvokeAnswer } from '../support/invoke-server.ts';
import { ACCOUNT, REGION } from '../support/postern.ts';
import { type RecordingBackend, startRecordingBackend } from '../support/recording-backend.ts';
import { createWebSocketApi, startWebSocketStand, type WebSocketStand } from '../support/websocket-stand.ts';

const FUNCTION = `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/arn:aws:lambda:${REGION}:${ACCOUNT}:function:hello/invocations`;
const ID = '[\\w-]{15}=';
const frame = (message: string, name = 'requestId'): RegExp =>
  new RegExp(`^\\{"message": "${message}", "connectionId":"${ID}", "${name}":"${ID}"\\}$`);

interface GivenRoute {
  /** A MOCK integration that answers with `text` when there is none. */
  readonly integration?: Partial<CreateIntegrationCommandInput>;
  readonly response?: Partial<CreateIntegrationResponseCommandInput>;
  readonly route?: Partial<CreateRouteCommandInput>;
  /** false: no route response. */
  readonly answers?: boolean;
}

interface Choice {
  readonly choice: string;
  /** Of the route selection; `$request.body.x` when there is none. */
  readonly selection?: string;
  readonly routes: Readonly<Record<string, GivenRoute>>;
  readonly answer?: InvokeAnswer;
  /** Reply of the backend. */
  readonly reply?: string;
  /** Message → what comes back; null: nothing. */
  readonly messages: readonly (readonly [message: string, comes: string | RegExp | null])[];
  readonly also?: (backend: RecordingBackend) => void;
}

const MOCK = {
  IntegrationType: 'MOCK',
  RequestTemplates: { $default: '{"statusCode": 200}' },
} as const;
/** Says which route it was. */
const NAMED: GivenRoute = { response: { ResponseTemplates: { $default: '$context.routeKey' } } };
const PROXY: GivenRoute = { integration: { IntegrationType: 'AWS_PROXY', IntegrationUri: FUNCTION } };
/** The backend of a row stands at this address until it has one. */
const BACKEND = 'http://backend.example/';
const http = (IntegrationType: 'HTTP' | 'HTTP_PROXY', IntegrationMethod = 'POST') =>
  ({ IntegrationType, IntegrationMethod, IntegrationUri: BACKEND }) as const;

/** A route whose answer is what a template makes of the message. */
const rendered = (template: string): GivenRoute => ({
  integration: {
    IntegrationType: 'MOCK',
    RequestTemplates: {
      $default: `#set($context.responseOverride.header.made = "${template}"){"statusCode": 200}`,
    },
  },
  response: { ResponseTemplates: { $default: '[$context.responseOverride.header.made]' } },
});

const message = '{"x": "a", "none": null}';
const LARGE = 'x'.repeat(131_073);

const CHOICES: readonly Choice[] = [
  {
    choice: 'U08: messages do not choose $connect and $disconnect',
    routes: { $default: NAMED },
    messages: [
      ['{"x": "$connect"}', '$default'],
      ['{"x": "$disconnect"}', '$default'],
      ['{"x": "$default"}', '$default'],
    ],
  },
  {
    choice: 'U09: keys of null, objects and arrays',
    routes: { $default: NAMED, '{k=v, k2=v2}': NAMED, '[a, b]': NAMED },
    messages: [
      ['{"x": null}', '$default'],
      ['{"x": {"k": "v", "k2": "v2"}}', '{k=v, k2=v2}'],
      ['{"x": ["a", "b"]}', '[a, b]'],
    ],
  },
  {
    choice: 'U10: routing and models read JSON strictly, templates leniently',
    routes: {
      $default: rendered("$input.path('$.x')"),
      a: NAMED,
      model: { ...NAMED, route: { ModelSelectionExpression: 'm', RequestModels: { m: 'Any' } } },
    },
    messages: [
      ["{'x': 'a',}", '[a]'],
      ['{"x": "a"}', 'a'],
      ['{"x": "model"}', 'model'],
    ],
  },
  {
    choice: 'U11: the frame of a model has messageId',
    routes: { a: { ...NAMED, route: { ModelSelectionExpression: 'm', RequestModels: { m: 'Never' } } } },
    messages: [[message, frame('Bad request body', 'messageId')]],
  },
  {
    choice: 'U12: null from a proxy function is malformed, on one-way routes too',
    routes: { a: { ...PROXY, answers: false }, b: PROXY },
    answer: { payload: 'null' },
    messages: [
      [message, frame('Internal server error')],
      ['{"x": "b"}', frame('Internal server error')],
    ],
  },
  {
    choice: 'U13: application/json, by the method that is configured, POST for ANY',
    routes: { a: { integration: http('HTTP', 'PUT') }, b: { integration: http('HTTP_PROXY', 'ANY') } },
    messages: [
      [message, 'ok'],
      ['{"x": "b"}', 'ok'],
    ],
    also: ({ requests }) =>
      assert.deepEqual(
        requests.map(({ startLine, headers }) => [
          startLine,
          headers.filter(([name]) => name.toLowerCase() === 'content-type').map(([, value]) => value),
        ]),
        [
          ['PUT / HTTP/1.1', ['application/json']],
          ['POST / HTTP/1.1', ['application/json']],
        ],
      ),
  },
  {
    choice: 'U14: a status of HTTP_PROXY other than 2xx is passed through, or silent on one-way routes',
    routes: {
      a: { integration: http('HTTP_PROXY') },
      b: { integration: http('HTTP_PROXY'), answers: false },
    },
    reply: 'HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\nfail',
    messages: [
      ['{"x": "b"}', null],
      [message, 'fail'],
    ],
  },
  {
    choice: 'U15: templates without an expression: application/json, then $default, then the only one',
    routes: {
      a: {
        integration: {
          ...MOCK,
          RequestTemplates: { 'application/json': '{"statusCode": 200}', $default: 'none' },
        },
        response: { ResponseTemplates: { $default: 'default', 'application/json': 'json' } },
      },
      b: { response: { ResponseTemplates: { other: 'other', $default: 'default' } } },
      c: { response: { ResponseTemplates: { other: 'only' } } },
    },
    messages: [
      [message, 'json'],
      ['{"x": "b"}', 'default'],
      ['{"x": "c"}', 'only'],
    ],
  },
  {
    choice: 'U16: a response template key without match: the body as it is',
    routes: {
      a: {
        integration: http('HTTP'),
        response: { TemplateSelectionExpression: 'nothing', ResponseTemplates: { other: 'other' } },
      },
    },
    messages: [[message, 'ok']],
  },
  {
    choice: 'U18: an answer of more than 128 KB',
    routes: { a: PROXY },
    answer: { payload: JSON.stringify({ body: LARGE }) },
    messages: [[message, frame('Internal server error')]],
  },
  {
    choice: 'U18: an answer of 128 KB',
    routes: { a: PROXY },
    answer: { payload: JSON.stringify({ body: LARGE.slice(1) }) },
    messages: [[message, LARGE.slice(1)]],
  },
  {
    choice: 'U19: what is missing or empty is true',
    routes: {
      a: rendered(
        "#if($input.path('$.missing'))T#end#if($input.path('$.none'))T#end#if('')T#end#if(false)F#end",
      ),
    },
    messages: [[message, '[TTT]']],
  },
  {
    choice: 'U20: $input.json of null',
    routes: { a: rendered("$input.json('$.none')") },
    messages: [[message, '[""]']],
  },
  {
    choice: 'U21: escapeJavaScript escapes the apostrophe',
    routes: { a: rendered("$util.escapeJavaScript($input.path('$.y'))") },
    messages: [['{"x": "a", "y": "it\'s"}', "[it\\'s]"]],
  },
  {
    choice: 'U22: #macro',
    routes: {
      a: { response: { ResponseTemplates: { $default: '#macro(twice $v)$v$v#end#twice("ab")' } } },
    },
    messages: [[message, 'abab']],
  },
  {
    choice: 'U23: of an override that is set twice the last counts',
    routes: {
      a: {
        integration: {
          ...http('HTTP'),
          RequestTemplates: {
            $default:
              '#set($context.requestOverride.header.x-a = "1")#set($context.requestOverride.header.x-a = "2")b',
          },
        },
      },
    },
    messages: [[message, 'ok']],
    also: ({ requests }) =>
      assert.deepEqual(
        requests[0]!.headers.filter(([name]) => name === 'x-a'),
        [['x-a', '2']],
      ),
  },
  {
    choice: 'U24: blanks around what a template makes stay',
    routes: { a: { response: { ResponseTemplates: { $default: '\n  {"a": 1} \n' } } } },
    messages: [[message, '\n  {"a": 1} \n']],
  },
  {
    choice: 'U34: without the expression or without the response a route is one-way',
    routes: {
      a: { ...NAMED, route: { RouteResponseSelectionExpression: '' } },
      b: { ...NAMED, answers: false },
      c: NAMED,
    },
    messages: [
      [message, null],
      ['{"x": "b"}', null],
      ['{"x": "c"}', 'c'],
    ],
  },
];

async function build(
  sdk: ApiGatewayV2,
  ApiId: string,
  RouteKey: string,
  { integration = MOCK, response = {}, route = {}, answers = true }: GivenRoute,
  backend: RecordingBackend,
): Promise<void> {
  const uri = integration.IntegrationUri?.replace(BACKEND, `http://127.0.0.1:${backend.port}/`);
  const { IntegrationId } = await sdk.createIntegration({
    ApiId,
    ...integration,
    ...(uri === undefined ? {} : { IntegrationUri: uri }),
  } as CreateIntegrationCommandInput);
  if (!integration.IntegrationType!.endsWith('PROXY')) {
    const IntegrationResponseKey = '$default';
    await sdk.createIntegrationResponse({ ApiId, IntegrationId, IntegrationResponseKey, ...response });
  }
  const RouteResponseSelectionExpression = '$default';
  const Target = `integrations/${IntegrationId}`;
  const { RouteId } = await sdk.createRoute({
    ...{ ApiId, RouteKey, Target, RouteResponseSelectionExpression },
    ...route,
  });
  if (answers) await sdk.createRouteResponse({ ApiId, RouteId, RouteResponseKey: '$default' });
}

async function connected(t: TestContext, stand: WebSocketStand, given: Choice, backend: RecordingBackend) {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const { management } = stand.postern;
  const sdk = new ApiGatewayV2({ endpoint: management, region: REGION, credentials, maxAttempts: 1 });
  t.after(() => sdk.destroy());
  const api = await createWebSocketApi(stand, {
    api: { RouteSelectionExpression: given.selection ?? '$request.body.x' },
    stages: [],
  });
  const ApiId = api.apiId;
  const { Items } = await sdk.getRoutes({ ApiId });
  for (const { RouteId } of Items!) await sdk.deleteRoute({ ApiId, RouteId });
  await sdk.createModel({ ApiId, Name: 'Any', Schema: '{"type": "object"}' });
  await sdk.createModel({ ApiId, Name: 'Never', Schema: '{"not": {}}' });
  const routes = { ...given.routes, fence: NAMED };
  for (const [key, route] of Object.entries(routes)) await build(sdk, ApiId, key, route, backend);
  await sdk.createStage({ ApiId, StageName: 'prod', AutoDeploy: true });
  const { socket } = await api.connect('/prod');
  return socket!;
}

/** What a message brings before the answer to another that is sent when its backend has been asked. */
async function comesOf(socket: WebSocket, text: string, comes: Choice['messages'][number][1]): Promise<void> {
  const frames: string[] = [];
  const listen = (data: Buffer): void => void frames.push(data.toString('utf8'));
  socket.on('message', listen);
  socket.send(text);
  const count = comes === null ? 0 : 1;
  while (frames.length < count) await new Promise((resolve) => setImmediate(resolve));
  if (comes === null) {
    // Twice there and back: whatever the message had brought would have come.
    for (const _ of [1, 2]) {
      socket.send('{"x": "fence"}');
      const before = frames.length;
      while (frames.length === before) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(frames.pop(), 'fence');
    }
  } else if (typeof comes === 'string') assert.equal(frames.pop(), comes);
  else assert.match(frames.pop()!, comes);
  assert.deepEqual(frames, []);
  socket.off('message', listen);
}

test('what AWS leaves unclear about messages (§12)', async (t) => {
  const backend = await startRecordingBackend();
  t.after(() => backend.close());
  const stand = await startWebSocketStand(t);
  for (const given of CHOICES) {
    await t.test(given.choice, async (t) => {
      stand.answer({ payload: '{}' }, given.answer ?? { payload: '{"statusCode":200}' });
      backend.script(given.reply ?? 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      const socket = await connected(t, stand, given, backend);
      for (const [text, comes] of given.messages) await comesOf(socket, text, comes);
      given.also?.(backend);
      socket.terminate();
    });
  }
});
