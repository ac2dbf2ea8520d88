// Lambda authorizers of $connect over the wire (spec/websocket-api.md §8.1, §8.3 to §8.5; §1.10 rows d to h).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  CreateIntegrationResponseCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  UpdateApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import { policy, statement } from '../../support/authorizer-stand.ts';
import type { InvokeAnswer } from '../../support/invoke-server.ts';
import { ACCOUNT, REGION } from '../../support/postern.ts';
import { createWebSocketApi, nextMessage, startWebSocketStand, told } from '../../support/websocket-stand.ts';

const ALLOW = policy(statement('Allow', '*'));
const FAILED = '500 Internal server error';
const NOT_ALLOWED = '403 User is not authorized to access this resource';
const EXPLICIT = `${NOT_ALLOWED} with an explicit deny`;
const CUSTOM = { type: 'CUSTOM' } as const;

test('the event of a Lambda authorizer (§8.3.3)', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 2, 1, 12) });
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand, CUSTOM);
  stand.answer(ALLOW);
  const shake = await api.connect('/prod?QueryString1=first&QueryString1=queryValue1&e=', {
    HeaderAuth1: 'headerValue1',
    'User-Agent': 'agent',
    'X-Forwarded-For': '192.0.2.9',
  });
  assert.equal(shake.status, 101);
  const [event] = stand.eventsOf('who') as [Record<string, Record<string, unknown>>];
  assert.deepEqual(Object.keys(event), [
    'type',
    'methodArn',
    'headers',
    'multiValueHeaders',
    'queryStringParameters',
    'multiValueQueryStringParameters',
    'stageVariables',
    'requestContext',
  ]);
  const { headers, multiValueHeaders, requestContext } = event;
  for (const map of [headers, multiValueHeaders])
    assert.deepEqual(Object.keys(map!), Object.keys(map!).sort());
  assert.equal(event.type, 'REQUEST');
  assert.equal(event.methodArn, `arn:aws:execute-api:${REGION}:${ACCOUNT}:${api.apiId}/prod/$connect`);
  assert.deepEqual(event.queryStringParameters, { QueryString1: 'queryValue1', e: '' });
  assert.deepEqual(event.multiValueQueryStringParameters, {
    QueryString1: ['first', 'queryValue1'],
    e: [''],
  });
  assert.deepEqual(event.stageVariables, {});
  const { 'Sec-WebSocket-Key': key, 'X-Amzn-Trace-Id': trace, ...named } = headers as Record<string, string>;
  assert.match(key!, /^[\w+/]{22}==$/);
  assert.match(trace!, /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}/);
  assert.deepEqual(named, {
    Connection: 'Upgrade',
    'content-length': '0',
    HeaderAuth1: 'headerValue1',
    Host: api.host,
    'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
    'Sec-WebSocket-Version': '13',
    Upgrade: 'websocket',
    'User-Agent': 'agent',
    'X-Forwarded-For': '192.0.2.9, 127.0.0.1',
    'X-Forwarded-Port': '443',
    'X-Forwarded-Proto': 'https',
  });
  assert.deepEqual(
    multiValueHeaders,
    Object.fromEntries(Object.entries(headers!).map(([name, value]) => [name, [value]])),
  );
  const {
    extendedRequestId,
    requestId,
    requestTime,
    requestTimeEpoch,
    connectedAt,
    connectionId,
    ...context
  } = requestContext as Record<string, string & number>;
  assert.match(requestId!, /^[\w-]{15}=$/);
  assert.equal(extendedRequestId, requestId);
  assert.equal(requestTime, '01/Mar/2026:12:00:00 +0000');
  assert.deepEqual([requestTimeEpoch, connectedAt], [Date.now(), Date.now()]);
  assert.deepEqual(context, {
    routeKey: '$connect',
    eventType: 'CONNECT',
    messageDirection: 'IN',
    stage: 'prod',
    identity: { userAgent: 'agent', sourceIp: '127.0.0.1' },
    domainName: api.host,
    apiId: api.apiId,
  });
  // It exists before the authorizer runs and is the same later (§1.6.1).
  const [connect] = stand.eventsOf('hello') as [{ requestContext: { connectionId: string } }];
  assert.equal(connect.requestContext.connectionId, connectionId);
  assert.equal(stand.lambda.invocations[0]!.type, 'RequestResponse');
});

test('without a query string the maps are empty; stage variables are there (§8.3.3)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand, { ...CUSTOM, variables: { k: 'v' } });
  stand.answer(ALLOW);
  assert.equal(told(await api.connect('/prod')), '101');
  const [event] = stand.eventsOf('who');
  assert.deepEqual(event!.queryStringParameters, {});
  assert.deepEqual(event!.multiValueQueryStringParameters, {});
  assert.deepEqual(event!.stageVariables, { k: 'v' });
});

const SOURCES: readonly (readonly [
  source: string,
  path: string,
  headers: Record<string, string>,
  what: string,
])[] = [
  ['route.request.header.HeaderAuth1', '/prod', { headerauth1: 'x' }, '101'],
  ['route.request.header.HeaderAuth1', '/prod?HeaderAuth1=x', {}, '401 Unauthorized'],
  ['route.request.header.HeaderAuth1', '/prod', { HeaderAuth1: '' }, '401 Unauthorized'],
  ['route.request.querystring.token', '/prod?token=x', {}, '101'],
  ['route.request.querystring.token', '/prod?token=', {}, '401 Unauthorized'],
  ['route.request.querystring.token', '/prod?Token=x', {}, '401 Unauthorized'],
  ['route.request.querystring.token', '/prod', { token: 'x' }, '401 Unauthorized'],
  ['stageVariables.k', '/prod', {}, '101'],
  ['stageVariables.other', '/prod', {}, '401 Unauthorized'],
  ['context.identity.sourceIp', '/prod', {}, '101'],
  ['context.connectionId', '/prod', {}, '101'],
  ['context.authorizer.me', '/prod', {}, '401 Unauthorized'],
];

test('identity sources must be there and not empty, else 401 without a call (§8.3.2, §1.10 row d)', async (t) => {
  const stand = await startWebSocketStand(t);
  const apis = new Map<string, Awaited<ReturnType<typeof createWebSocketApi>>>();
  for (const [source, path, headers, what] of SOURCES) {
    const api =
      apis.get(source) ??
      (await createWebSocketApi(stand, {
        ...CUSTOM,
        authorizer: { IdentitySource: [source] },
        variables: { k: 'v' },
      }));
    apis.set(source, api);
    stand.answer(ALLOW);
    const shake = await api.connect(path, headers);
    assert.equal(told(shake), what, `${source} ${path} ${JSON.stringify(headers)}`);
    assert.equal(stand.eventsOf('who').length, what === '101' ? 1 : 0);
    if (what !== '101') assert.equal(shake.headers['x-amzn-errortype'], 'UnauthorizedException');
  }
});

test('every listed identity source counts (§8.3.2)', async (t) => {
  const stand = await startWebSocketStand(t);
  const IdentitySource = ['route.request.header.a', 'route.request.querystring.b'];
  const api = await createWebSocketApi(stand, { ...CUSTOM, authorizer: { IdentitySource } });
  stand.answer(ALLOW);
  assert.equal(told(await api.connect('/prod?b=1')), '401 Unauthorized');
  assert.equal(told(await api.connect('/prod', { a: '1' })), '401 Unauthorized');
  assert.equal(told(await api.connect('/prod?b=1', { a: '1' })), '101');
});

const error = (errorMessage: string): InvokeAnswer => ({
  functionError: 'Unhandled',
  payload: JSON.stringify({ errorMessage, errorType: 'Error' }),
});
const me = { principalId: 'me' };
const arn = (rest: string): string => `arn:aws:execute-api:${REGION}:${ACCOUNT}:${rest}`;
const when = (Condition: object): object => ({ ...statement('Allow', '*'), Condition });
const OUTCOMES: readonly (readonly [name: string, answer: (apiId: string) => InvokeAnswer, what: string])[] =
  [
    ['an Allow of everything', () => ALLOW, '101'],
    ['a list of statements', () => policy([statement('Allow', '*')]), '101'],
    ['the route’s ARN', (id) => policy(statement('Allow', arn(`${id}/prod/$connect`))), '101'],
    ['one star behind the API', (id) => policy(statement('Allow', arn(`${id}/*`))), '101'],
    ['two stars', (id) => policy(statement('Allow', arn(`${id}/*/*`))), '101'],
    ['three stars, the habit of REST', (id) => policy(statement('Allow', arn(`${id}/*/*/*`))), NOT_ALLOWED],
    ['a question mark', (id) => policy(statement('Allow', arn(`${id}/pro?/$connect`))), '101'],
    ['another stage', (id) => policy(statement('Allow', arn(`${id}/dev/$connect`))), NOT_ALLOWED],
    ['another route alone', (id) => policy(statement('Allow', arn(`${id}/prod/secret`))), NOT_ALLOWED],
    ['another API', () => policy(statement('Allow', arn('zzzzzzzzzz/*'))), NOT_ALLOWED],
    [
      'any action of execute-api',
      () => policy({ Effect: 'Allow', Action: 'execute-api:*', Resource: '*' }),
      '101',
    ],
    ['any action', () => policy({ Effect: 'Allow', Action: '*', Resource: '*' }), '101'],
    ['another action', () => policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' }), NOT_ALLOWED],
    ['a NotAction', () => policy({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }), '101'],
    [
      'a NotResource',
      (id) => policy({ ...{ Effect: 'Allow', Action: '*' }, NotResource: arn(`${id}/*`) }),
      NOT_ALLOWED,
    ],
    ['a Deny', () => policy(statement('Deny', '*')), EXPLICIT],
    ['a Deny beside an Allow', () => policy([statement('Allow', '*'), statement('Deny', '*')]), EXPLICIT],
    // It has no effect on an open connection either (§8.1.2).
    [
      'a Deny of another route',
      (id) => policy([statement('Allow', '*'), statement('Deny', arn(`${id}/*/secret`))]),
      '101',
    ],
    ['the right address', () => policy(when({ IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } })), '101'],
    ['the wrong address', () => policy(when({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })), NOT_ALLOWED],
    ['a matching text', () => policy(when({ StringLike: { 'aws:UserAgent': 'agent*' } })), '101'],
    ['another text', () => policy(when({ StringEquals: { 'aws:UserAgent': 'nobody' } })), NOT_ALLOWED],
    [
      'a condition nobody can judge',
      () => policy(when({ DateLessThan: { 'aws:CurrentTime': '2999' } })),
      NOT_ALLOWED,
    ],
    ['no statements', () => policy([]), NOT_ALLOWED],
    [
      'a flat context',
      () => policy(statement('Allow', '*'), { ...me, context: { a: 'x', b: 1, c: true } }),
      '101',
    ],
    [
      'an object in the context',
      () => policy(statement('Allow', '*'), { ...me, context: { a: {} } }),
      FAILED,
    ],
    ['an array in the context', () => policy(statement('Allow', '*'), { ...me, context: { a: [] } }), FAILED],
    ['a context that is none', () => policy(statement('Allow', '*'), { ...me, context: 'x' }), FAILED],
    ['no principalId', () => policy(statement('Allow', '*'), {}), FAILED],
    ['a number as principalId', () => policy(statement('Allow', '*'), { principalId: 1 }), FAILED],
    ['no policy', () => ({ payload: '{"principalId":"me"}' }), FAILED],
    ['a simple answer', () => ({ payload: '{"isAuthorized":true}' }), FAILED],
    ['null', () => ({ payload: 'null' }), FAILED],
    ['nothing', () => ({ payload: '' }), FAILED],
    ['no JSON', () => ({ payload: '{' }), FAILED],
    ['a wrong Effect', () => policy({ ...statement('Allow', '*'), Effect: 'allow' }), FAILED],
    ['8 KB', () => padded(8_192), '101'],
    ['more than 8 KB', () => padded(8_193), FAILED],
    ['a resource of 512 characters', () => policy(statement('Allow', '*'.repeat(512))), '101'],
    [
      'a longer resource',
      () => policy([statement('Allow', '*'), statement('Allow', 'a'.repeat(513))]),
      FAILED,
    ],
    ['the error Unauthorized', () => error('Unauthorized'), '401 Unauthorized'],
    ['the error unauthorized', () => error('unauthorized'), FAILED],
    ['the error “Unauthorized.”', () => error('Unauthorized.'), FAILED],
    ['another error', () => error('no'), FAILED],
    ['an Allow that is an error', () => ({ ...(ALLOW as object), functionError: 'Unhandled' }), FAILED],
    ['a function that is not there', () => ({ status: 404, errorType: 'ResourceNotFoundException' }), FAILED],
    [
      'a function that may not be called',
      () => ({ status: 403, errorType: 'AccessDeniedException' }),
      FAILED,
    ],
    ['a service that hangs up', () => 'end', FAILED],
  ];

function padded(bytes: number): InvokeAnswer {
  const { payload } = ALLOW as { payload: string };
  return { payload: payload + ' '.repeat(bytes - payload.length) };
}

const TYPES: Readonly<Record<string, string>> = {
  401: 'UnauthorizedException',
  403: 'AccessDeniedException',
  500: 'InternalServerErrorException',
};

test('what an authorizer answers decides (§8.4, §8.2.3, §1.10 rows e to h)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand, CUSTOM);
  for (const [name, answer, what] of OUTCOMES) {
    stand.answer(answer(api.apiId));
    const shake = await api.connect('/prod', { 'User-Agent': 'agent/1' });
    assert.equal(told(shake), what, name);
    assert.equal(shake.headers['x-amzn-errortype'], TYPES[shake.status], name);
    assert.equal(stand.eventsOf('hello').length, what === '101' ? 1 : 0, name);
  }
});

test('an authorizer is asked once a connection, and its answer is not kept for others (§8.1.1, §8.3.5)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand, {
    ...CUSTOM,
    authorizer: { IdentitySource: ['route.request.header.a'] },
  });
  stand.answer(ALLOW);
  const first = await api.connect('/prod', { a: '1' });
  assert.equal(told(await api.connect('/prod', { a: '1' })), '101');
  assert.equal(stand.eventsOf('who').length, 2);
  stand.answer(policy(statement('Deny', '*')));
  assert.equal(told(await api.connect('/prod', { a: '1' })), EXPLICIT);
  // The open connection goes on.
  stand.answer(policy(statement('Deny', '*')));
  first.socket!.send('{"action":"x"}');
  first.socket!.close();
  while (stand.eventsOf('hello').length < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(stand.eventsOf('who').length, 0);
});

test('what an authorizer found is in all events of the connection (§8.5, §7.5.4)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand, CUSTOM);
  const context = { text: 'x', number: 1.5, truth: true, principalId: 'other', nothing: null };
  stand.answer(policy(statement('Allow', '*'), { principalId: 'me', context }));
  const { socket } = await api.connect('/prod');
  socket!.send('{"action":"x"}');
  socket!.close(1000);
  while (stand.eventsOf('hello').length < 3) await new Promise((resolve) => setImmediate(resolve));
  const contexts = stand.eventsOf('hello').map((event) => event.requestContext as Record<string, object>);
  const byType = new Map(contexts.map((each) => [String(each.eventType), each.authorizer]));
  const told = { principalId: 'me', text: 'x', number: '1.5', truth: 'true' };
  const { integrationLatency, ...connect } = byType.get('CONNECT') as Record<string, unknown>;
  assert.ok(Number.isInteger(integrationLatency));
  assert.deepEqual(connect, told);
  assert.deepEqual(byType.get('MESSAGE'), told);
  assert.deepEqual(byType.get('DISCONNECT'), told);
});

test('templates see the context as text (§8.5.2)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand, CUSTOM);
  const { client } = stand.postern;
  const ApiId = api.apiId;
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ...{ ApiId, IntegrationType: 'MOCK', TemplateSelectionExpression: '\\$default' },
      RequestTemplates: { $default: '{"statusCode":200}' },
    }),
  );
  const names = ['principalId', 'text', 'number', 'truth'];
  await client.send(
    new CreateIntegrationResponseCommand({
      ...{ ApiId, IntegrationId, IntegrationResponseKey: '$default' },
      TemplateSelectionExpression: '\\$default',
      ResponseTemplates: { $default: names.map((name) => `$context.authorizer.${name}`).join(' ') },
    }),
  );
  const { RouteId } = await client.send(
    new CreateRouteCommand({
      ...{ ApiId, RouteKey: 'show', RouteResponseSelectionExpression: '$default' },
      Target: `integrations/${IntegrationId}`,
    }),
  );
  await client.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
  const context = { text: 'x', number: 1, truth: true };
  stand.answer(policy(statement('Allow', '*'), { principalId: 'me', context }));
  const { socket } = await api.connect('/prod');
  const heard = nextMessage(socket!);
  socket!.send('{"action":"show"}');
  assert.equal(await heard, 'me x 1 true');
});

test('what WebSocket APIs do not have is refused (§8.3.1, §8.6)', async (t) => {
  const stand = await startWebSocketStand(t);
  const { client } = stand.postern;
  const { apiId: ApiId } = await createWebSocketApi(stand);
  const jwt = new CreateAuthorizerCommand({
    ...{ ApiId, Name: 'jwt', AuthorizerType: 'JWT', IdentitySource: ['route.request.header.a'] },
    JwtConfiguration: { Issuer: 'https://issuer.example', Audience: ['a'] },
  });
  await assert.rejects(client.send(jwt), { name: 'BadRequestException' });
  const cors = new UpdateApiCommand({ ApiId, CorsConfiguration: { AllowOrigins: ['*'] } });
  await assert.rejects(client.send(cors), { name: 'BadRequestException' });
});
