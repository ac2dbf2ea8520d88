// `explain` of WebSocket APIs over the wire: what a message and a connect request are told to come to (decision 0017).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SocketTrace } from '../../../src/websocket-api/explain/trace.ts';
import { type ExplainedApi, PROXY, startExplained } from '../../support/explained-sockets.ts';
import { connectionsClient } from '../../support/websocket-stand.ts';

const TEMPLATE = [
  '{',
  '  "text": $input.json("$.text"),',
  '  "who": "$context.authorizer.name",',
  '  "none": "$input.path("$.nothing")"',
  '#set($context.requestOverride.header.X-Colour = $stageVariables.colour)',
  '}',
].join('\n');

let explained: ExplainedApi;

/** One row: a message, and a part of what is told of it. */
interface Row {
  readonly name: string;
  readonly message: string;
  readonly more?: object;
  readonly told: (trace: SocketTrace) => unknown;
  readonly is: unknown;
}

const ROWS: readonly Row[] = [
  {
    name: 'the selection expression, its value and the route of that key',
    message: '{"action": "store", "text": "hi"}',
    told: ({ selection, route }) => [selection, route?.key, route?.isTwoWay, route?.why],
    is: [{ expression: '$request.body.action', value: 'store' }, 'store', true, undefined],
  },
  {
    name: 'why the route is $default',
    message: '{"action": "nobody"}',
    told: ({ route }) => [route?.key, route?.why],
    is: ['$default', 'no route has the key nobody'],
  },
  {
    name: 'that the expression selects nothing',
    message: 'no JSON',
    told: ({ route, selection }) => [route?.key, route?.why, selection?.value],
    is: ['$default', 'the expression selects nothing', ''],
  },
  {
    name: 'the template by its key, with what its references come to, in their places',
    message: '{"action": "store", "text": "hi"}',
    more: { connection: { authorizer: { name: 'Ann' } } },
    told: ({ request }) => [
      request?.templateKey,
      request?.template === TEMPLATE,
      request?.values?.map(
        ({ reference, line, column, value }) => `${line}:${column} ${reference} = ${value}`,
      ),
    ],
    is: [
      'application/json',
      true,
      [
        '2:11 $input.json("$.text") = "hi"',
        '3:11 $context.authorizer.name = Ann',
        '4:12 $input.path("$.nothing") = undefined',
        '5:49 $stageVariables.colour = blue',
      ],
    ],
  },
  {
    name: 'the parameters, and what the template overrode',
    message: '{"action": "store", "text": "hi"}',
    told: ({ request }) => request?.parameters,
    is: [
      {
        key: 'integration.request.header.X-Text',
        value: 'route.request.body.text',
        result: 'hi',
      },
      { key: 'integration.request.querystring.none', value: 'route.request.body.nothing' },
      {
        key: 'integration.request.header.X-Colour',
        value: '$context.requestOverride.header.X-Colour',
        result: 'blue',
      },
    ],
  },
  {
    name: 'what was sent, and what the backend answered',
    message: '{"action": "store", "text": "hi"}',
    told: ({ request, answer }) => [
      request?.uri?.replace(/:\d+/, ''),
      request?.headers?.filter(([name]) => name.startsWith('X-Text') || name.startsWith('X-Colour')),
      request?.body?.split('\n')[1],
      answer?.status,
      answer?.body,
    ],
    is: [
      'http://127.0.0.1/store',
      [
        ['X-Text', 'hi'],
        ['X-Colour', 'blue'],
      ],
      '  "text": "hi",',
      201,
      '{"id": 7}',
    ],
  },
  {
    name: 'the integration response that was chosen, its template, and the frame',
    message: '{"action": "store", "text": "hi"}',
    told: ({ response, reply }) => [
      response?.key,
      response?.templateKey,
      response?.values?.map(({ reference, value }) => [reference, value]),
      reply?.body,
    ],
    is: ['/2\\d\\d/', '$default', [["$input.path('$.id')", '7']], 'stored 7'],
  },
  {
    name: 'the model, and what it says',
    message: '{"action": "typed", "text": 1}',
    told: ({ validation, refused, request, reply }) => [
      validation,
      refused,
      request,
      reply?.status,
      reply?.body.slice(0, 32),
    ],
    is: [
      { model: 'typed', error: 'body/text must be string' },
      'body/text must be string',
      undefined,
      400,
      '{"message": "Bad request body", ',
    ],
  },
  {
    name: 'where a template fails as it runs',
    message: '{"action": "broken"}',
    told: ({ request, refused, reply }) => [
      request?.problem,
      request?.uri,
      refused,
      reply?.body.slice(0, 37),
    ],
    is: [
      {
        message: 'Line 2, column 3: #include finds no file: a template has none',
        line: 2,
        column: 3,
      },
      undefined,
      'A template failed: #include finds no file: a template has none',
      '{"message": "Internal server error", ',
    ],
  },
  {
    name: 'where a template cannot be parsed, in a string too',
    message: '{"action": "malformed"}',
    told: ({ request }) => request?.problem,
    is: {
      message: 'Line 2, column 18: "}" is missing',
      line: 2,
      column: 18,
    },
  },
  {
    name: 'the event of a function, and what it returned; a one-way route sends nothing',
    message: '{"action": "quiet"}',
    told: ({ request, answer, reply, route }) => [
      JSON.parse(request?.body ?? '').requestContext.routeKey,
      answer?.status,
      reply,
      route?.isTwoWay,
    ],
    is: ['quiet', 200, undefined, false],
  },
  {
    name: 'the entry of the access log',
    message: '{"action": "quiet"}',
    told: ({ accessLog, requestId }) => accessLog === `${requestId} quiet`,
    is: true,
  },
];

const http = (path: string) => ({
  IntegrationType: 'HTTP' as const,
  IntegrationMethod: 'POST',
  IntegrationUri: `http://127.0.0.1:${explained.backend.port}${path}`,
});

async function build({ add, sdk, api, backend }: ExplainedApi): Promise<void> {
  const ApiId = api.apiId;
  backend.script('HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n{"id": 7}');
  await add('store', {
    integration: {
      ...http('/store'),
      RequestTemplates: { 'application/json': TEMPLATE },
      RequestParameters: {
        'integration.request.header.X-Text': 'route.request.body.text',
        'integration.request.querystring.none': 'route.request.body.nothing',
      },
    },
    responses: [
      {
        IntegrationResponseKey: '/2\\d\\d/',
        ResponseTemplates: { $default: "stored $input.path('$.id')" },
      },
      {},
    ],
  });
  await sdk.createModel({ ApiId, Name: 'typed', Schema: '{"properties": {"text": {"type": "string"}}}' });
  await add('typed', {
    integration: PROXY,
    route: { ModelSelectionExpression: 'm', RequestModels: { m: 'typed' } },
  });
  await add('broken', {
    integration: { ...http('/broken'), RequestTemplates: { 'application/json': '{\n  #include("x")\n}' } },
  });
  await add('malformed', {
    integration: {
      ...http('/malformed'),
      RequestTemplates: { 'application/json': '{\n #set($a = "x ${b c}")\n}' },
    },
  });
  await add('quiet', { integration: PROXY, answers: false });
  await sdk.updateStage({
    ...{ ApiId, StageName: 'prod' },
    AccessLogSettings: {
      DestinationArn: `arn:aws:logs:us-east-1:000000000000:log-group:explained`,
      Format: '$context.requestId $context.routeKey',
    },
  });
}

test('explain of WebSocket APIs tells', async (t) => {
  explained = await startExplained(t);
  await build(explained);
  const { stand, api, url, ask, message } = explained;
  for (const { name, message: text, more, told, is } of ROWS) {
    await t.test(name, async () => assert.deepEqual(told(await message(text, more)), is));
  }

  await t.test(
    'what was posted to the connection by @connections meanwhile; afterwards it is gone',
    async () => {
      const client = connectionsClient(stand.postern, api.host, '/prod');
      let ConnectionId = '';
      stand.lambda.script(async (event) => {
        ConnectionId = JSON.parse(event).requestContext.connectionId;
        await client.postToConnection({ ConnectionId, Data: 'hello' });
        await client.postToConnection({ ConnectionId, Data: Buffer.from([0xff]) });
        return { payload: '{"statusCode":200}' };
      });
      const { posted, connectionId } = await message('{"action": "quiet"}');
      assert.deepEqual(posted, [
        { body: 'hello', bodyBytes: 5 },
        { body: '/w==', bodyBytes: 1, isBase64Encoded: true },
      ]);
      assert.equal(connectionId, ConnectionId);
      await assert.rejects(client.postToConnection({ ConnectionId, Data: 'late' }), {
        name: 'GoneException',
      });
      client.destroy();
    },
  );

  await t.test('a message without the connect request, and with it when asked', async () => {
    stand.answer({ payload: '{"statusCode":200}' });
    const before = stand.eventsOf('hello').length;
    const kinds = () =>
      stand
        .eventsOf('hello')
        .slice(before)
        .map(({ requestContext }) => (requestContext as { eventType: string }).eventType);
    await message('{"action": "quiet"}');
    assert.deepEqual(kinds(), ['MESSAGE']);
    const { connect, kind } = await message('{"action": "quiet"}', { connect: true });
    assert.deepEqual(kinds(), ['MESSAGE', 'CONNECT', 'MESSAGE']);
    assert.deepEqual([kind, connect?.kind, connect?.reply?.status], ['message', 'connect', 101]);
  });

  await t.test('a connect request: its headers, route, authorization and reply', async () => {
    const { status, text } = await ask({
      url: `${url}?token=a`,
      headers: [['User-Agent', 'me']],
      connection: { sourceIp: '192.0.2.7' },
    });
    assert.equal(status, 200, text);
    const trace: SocketTrace = JSON.parse(text);
    const { kind, handshake, connection, route, authorization, reply, request } = trace;
    assert.equal(kind, 'connect');
    assert.equal(handshake?.target.endsWith('/prod?token=a'), true);
    assert.deepEqual([connection.sourceIp, connection.userAgent], ['192.0.2.7', 'me']);
    assert.deepEqual([route?.key, authorization], ['$connect', { type: 'NONE', result: 'not required' }]);
    assert.deepEqual(JSON.parse(request?.body ?? '').queryStringParameters, { token: 'a' });
    assert.deepEqual(reply, { status: 101, body: '', bodyBytes: 0 });
  });

  await t.test('a connect request that the integration refuses', async () => {
    stand.answer({ payload: '{}' }, { payload: '{"statusCode":401}' });
    const { text } = await ask({ url });
    const { reply, refused, answer }: SocketTrace = JSON.parse(text);
    assert.deepEqual([reply?.status, refused, answer?.status], [401, undefined, 401]);
  });

  const REFUSED: readonly (readonly [name: string, body: object, status: number, says: string])[] = [
    ['no stage', { url: `${url}x`, message: '' }, 404, 'has no stage "prodx"'],
    ['behind the stage', { url: `${url}/rooms` }, 404, 'Behind the stage a WebSocket API has nothing'],
    ['no API', { url: 'ws://127.0.0.1/', message: '' }, 404, "is no API's and no custom domain's"],
    ['a method', { url, method: 'GET' }, 400, 'takes no method and no body'],
    ['a message that is no text', { url, message: 1 }, 400, 'message is not text'],
    ['a message that is too long', { url, message: 'x'.repeat(131_073) }, 400, 'more than 131072 bytes'],
    ['no address', { url, connection: { sourceIp: 'here' } }, 400, 'sourceIp is not an IP address'],
    ['another member', { url, connection: { ip: 1 } }, 400, 'connection has sourceIp and authorizer, not ip'],
    ['an authorizer that would run', { url, connection: { authorizer: {} } }, 400, 'is for a message whose'],
    [
      'nested context',
      { url, message: '', connection: { authorizer: { a: {} } } },
      400,
      'authorizer.a is not a text, a number or true or false',
    ],
  ];
  for (const [name, body, status, says] of REFUSED) {
    await t.test(`refuses ${name}`, async () => {
      const reply = await ask(body);
      assert.equal(reply.status, status, reply.text);
      assert.ok(reply.text.includes(JSON.stringify(says).slice(1, -1)), reply.text);
    });
  }

  await t.test('no connection of these is among the open ones, and no end was told', async () => {
    const list = await fetch(`${stand.postern.management}/_postern/connections`);
    assert.deepEqual(await list.json(), { count: 0, connections: [] });
    const ends = stand.eventsOf('hello').filter(({ requestContext }) => {
      return (requestContext as { eventType: string }).eventType === 'DISCONNECT';
    });
    assert.deepEqual(ends, []);
  });
});
