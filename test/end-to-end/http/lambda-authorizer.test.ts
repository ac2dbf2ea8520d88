// Lambda authorizers over the wire (spec/http-api.md §6.3): events, answers, outcomes, the cache, what integrations see.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateRouteCommand,
  GetRoutesCommand,
  ResetAuthorizersCacheCommand,
  UpdateApiCommand,
  UpdateAuthorizerCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import {
  createGuardedApi,
  FAILED,
  FORBIDDEN,
  FUNCTION,
  type GivenAuthorizer,
  invocationUri,
  policy,
  refusalOf,
  simple,
  startAuthorizerStand,
  statement,
  UNAUTHORIZED,
} from '../../support/authorizer-stand.ts';
import type { InvokeAnswer } from '../../support/invoke-server.ts';
import { valuesOf } from '../../support/raw-message.ts';

const POLICY: GivenAuthorizer = { EnableSimpleResponses: false };
const VERSION_1: GivenAuthorizer = { EnableSimpleResponses: false, AuthorizerPayloadFormatVersion: '1.0' };
const ALLOW_ALL = policy(statement('Allow', '*'));

const answered = (Statement: unknown, more?: object) => policy(Statement, more);

test('the event of format 2.0 (§6.3.2)', async (t) => {
  const stand = await startAuthorizerStand(t);
  stand.lambda.script(simple(true));
  const api = await createGuardedApi(stand, {
    authorizers: {
      who: { IdentitySource: ['$request.header.X-User', '$request.querystring.id', '$stageVariables.k'] },
    },
    routes: [{ key: 'GET /orders/{id}' }],
    stages: ['prod'],
    variables: { k: 'v' },
  });
  const lines = ['X-User: user1', 'Cookie: c=1', 'H: v', 'User-Agent: u'];
  assert.equal((await api.call('/prod/orders/5?id=123', lines)).status, 200);
  const [invocation] = stand.lambda.invocations;
  assert.deepEqual([invocation!.functionName, invocation!.type], [FUNCTION, 'RequestResponse']);
  const event = JSON.parse(invocation!.event);
  const { requestContext, headers, ...rest } = event;
  assert.deepEqual(Object.keys(event).slice(0, 4), ['version', 'type', 'routeArn', 'identitySource']);
  assert.deepEqual(rest, {
    version: '2.0',
    type: 'REQUEST',
    routeArn: `arn:aws:execute-api:us-east-1:000000000000:${api.apiId}/prod/GET/orders/5`,
    identitySource: ['user1', '123', 'v'],
    routeKey: 'GET /orders/{id}',
    rawPath: '/prod/orders/5',
    rawQueryString: 'id=123',
    cookies: ['c=1'],
    queryStringParameters: { id: '123' },
    pathParameters: { id: '5' },
    stageVariables: { k: 'v' },
  });
  assert.deepEqual([headers['x-user'], headers.h, headers['content-length']], ['user1', 'v', '0']);
  const { requestId, time, timeEpoch, ...context } = requestContext;
  assert.match(requestId, /^[\w-]{15}=$/);
  assert.ok(Math.abs(timeEpoch - Date.now()) < 60_000 && /^\d\d\/\w{3}\/\d{4}:/.test(time));
  assert.deepEqual(context, {
    accountId: '000000000000',
    apiId: api.apiId,
    domainName: api.host,
    domainPrefix: api.apiId,
    http: {
      method: 'GET',
      path: '/prod/orders/5',
      protocol: 'HTTP/1.1',
      sourceIp: '127.0.0.1',
      userAgent: 'u',
    },
    routeKey: 'GET /orders/{id}',
    stage: 'prod',
  });
});

test('the event of format 1.0 (§6.3.3)', async (t) => {
  const stand = await startAuthorizerStand(t);
  stand.lambda.script(ALLOW_ALL);
  const api = await createGuardedApi(stand, {
    authorizers: {
      who: { ...VERSION_1, IdentitySource: ['$request.header.X-User', '$request.querystring.id'] },
    },
    routes: [{ key: 'ANY /request' }],
    stages: ['prod'],
  });
  assert.equal(
    (await api.call('/prod/request?a=1&id=123&a=2', ['X-User: user1', 'x-b: 1', 'X-B: 2'])).status,
    200,
  );
  const { requestContext, headers, multiValueHeaders, ...rest } = JSON.parse(
    stand.lambda.invocations[0]!.event,
  );
  assert.deepEqual(rest, {
    version: '1.0',
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:us-east-1:000000000000:${api.apiId}/prod/GET/request`,
    identitySource: 'user1,123',
    authorizationToken: 'user1,123',
    resource: '/request',
    path: '/prod/request',
    httpMethod: 'GET',
    queryStringParameters: { a: '2', id: '123' },
    multiValueQueryStringParameters: { a: ['1', '2'], id: ['123'] },
    pathParameters: {},
    stageVariables: null,
  });
  assert.deepEqual([headers['X-User'], headers['x-b'], headers['Content-Length']], ['user1', '2', '0']);
  assert.deepEqual(
    Object.keys(multiValueHeaders).map((name) => [name, multiValueHeaders[name].at(-1)]),
    Object.entries(headers),
  );
  assert.deepEqual(multiValueHeaders['x-b'], ['1', '2']);
  const { extendedRequestId, requestTime, requestTimeEpoch, protocol, domainName } = requestContext;
  assert.deepEqual(
    [extendedRequestId, protocol, domainName],
    [requestContext.requestId, 'HTTP/1.1', api.host],
  );
  assert.ok(Math.abs(requestTimeEpoch - Date.now()) < 60_000 && /^\d\d\/\w{3}\/\d{4}:/.test(requestTime));
  assert.deepEqual(
    [requestContext.resourcePath, requestContext.resourceId, requestContext.path, requestContext.stage],
    ['/request', 'ANY /request', '/prod/request', 'prod'],
  );
  assert.equal('authorizer' in requestContext, false);
});

test('an authorizer is told of no body, whatever the request has (§6.3.2, §6.3.3)', async (t) => {
  const stand = await startAuthorizerStand(t);
  for (const authorizer of [{}, VERSION_1]) {
    stand.lambda.script(authorizer === VERSION_1 ? ALLOW_ALL : simple(true));
    const api = await createGuardedApi(stand, {
      authorizers: { who: { ...authorizer, IdentitySource: ['$request.header.X-User'] } },
      routes: [{ key: 'ANY /request' }],
      stages: ['$default'],
    });
    const lines = ['X-User: user1', 'Content-Type: text/plain'];
    assert.equal((await api.call('/request', lines, 'POST', 'x'.repeat(20))).status, 200);
    const event = JSON.parse(stand.lambda.invocations[0]!.event);
    const name = authorizer === VERSION_1 ? 'Content-Length' : 'content-length';
    assert.equal(event.headers[name], '0');
    assert.deepEqual([event.body, event.isBase64Encoded], [undefined, undefined]);
    if (authorizer !== VERSION_1) continue;
    assert.deepEqual(event.multiValueHeaders[name], ['0']);
    assert.deepEqual([event.queryStringParameters, event.multiValueQueryStringParameters], [null, null]);
  }
});

test('without identity sources the function is always asked, with null (Choice C55)', async (t) => {
  const stand = await startAuthorizerStand(t);
  for (const authorizer of [{}, VERSION_1]) {
    stand.lambda.script(authorizer === VERSION_1 ? ALLOW_ALL : simple(true));
    const api = await createGuardedApi(stand, {
      authorizers: { who: { ...authorizer, IdentitySource: [] } },
    });
    await api.call('/');
    await api.call('/');
    const events = stand.lambda.invocations.map(({ event }) => JSON.parse(event));
    assert.deepEqual([events.length, events[0].identitySource], [2, null]);
    assert.equal(
      events[0].routeArn ?? events[0].methodArn,
      `arn:aws:execute-api:us-east-1:000000000000:${api.apiId}/$default/GET/`,
    );
  }
});

test('routeArn holds the real path on the $default route, decoded but for *, ? and % (Choice C56)', async (t) => {
  const stand = await startAuthorizerStand(t);
  stand.lambda.script(simple(true));
  const api = await createGuardedApi(stand, { routes: [{ key: '$default' }] });
  const rows = [
    ['GET', '/a%20b/%C3%A9', 'GET/a b/é'],
    ['DELETE', '/a/*', 'DELETE/a/%2A'],
    ['GET', '/%2a%3f%25', 'GET/%2A%3F%25'],
  ] as const;
  for (const [method, path, end] of rows) {
    stand.lambda.script(simple(true));
    await api.call(path, ['Authorization: x'], method);
    const { routeArn } = JSON.parse(stand.lambda.invocations[0]!.event);
    assert.equal(routeArn, `arn:aws:execute-api:us-east-1:000000000000:${api.apiId}/$default/${end}`);
  }
});

test('a missing or empty identity source: 401, and the function is not asked (§6.3.1)', async (t) => {
  const stand = await startAuthorizerStand(t);
  stand.lambda.script(simple(true));
  const sources = [
    '$request.header.Auth',
    '$request.querystring.Key',
    '$context.identity.userAgent',
    '$stageVariables.v',
  ];
  const api = await createGuardedApi(stand, {
    authorizers: { who: { IdentitySource: sources } },
    variables: { v: '1' },
  });
  const all = ['Auth: x', 'User-Agent: u'];
  const rows: readonly (readonly [path: string, lines: readonly string[]])[] = [
    ['/', all],
    ['/?key=1', all],
    ['/?Key=', all],
    ['/?Key', all],
    ['/?Key=1', ['User-Agent: u']],
    ['/?Key=1', ['Auth:', 'User-Agent: u']],
    ['/?Key=1', ['Auth: x']],
  ];
  for (const [path, lines] of rows) {
    const reply = await api.call(path, lines);
    assert.equal(refusalOf(reply), UNAUTHORIZED, `${path} ${lines}`);
    assert.deepEqual(valuesOf(reply.headers, 'www-authenticate'), []);
  }
  assert.equal(stand.lambda.invocations.length, 0);
  assert.equal((await api.call('/?Key=1', ['aUTH: x', 'User-Agent: u'])).status, 200);
});

const API_ARN = 'arn:aws:execute-api:us-east-1:000000000000:API/$default';
const nested = (depth: number): string => (depth === 0 ? '1' : `[${nested(depth - 1)}]`);

const OUTCOMES: readonly (readonly [
  name: string,
  form: GivenAuthorizer,
  answer: InvokeAnswer,
  told: string,
])[] = [
  ['isAuthorized true', {}, simple(true), '200'],
  ['isAuthorized false', {}, simple(false), FORBIDDEN],
  ['isAuthorized as text', {}, { payload: '{"isAuthorized":"true"}' }, FAILED],
  ['no isAuthorized', {}, { payload: '{}' }, FAILED],
  ['a policy instead of isAuthorized', {}, ALLOW_ALL, FAILED],
  ['null', {}, { payload: 'null' }, FAILED],
  ['true', {}, { payload: 'true' }, FAILED],
  ['no JSON', {}, { payload: 'yes' }, FAILED],
  ['nothing', {}, { payload: '' }, FAILED],
  ['a context that is text', {}, { payload: '{"isAuthorized":true,"context":"x"}' }, FAILED],
  ['a context that is a list', {}, { payload: '{"isAuthorized":true,"context":[]}' }, FAILED],
  [
    'a context that is too deep',
    {},
    { payload: `{"isAuthorized":true,"context":{"a":${nested(40)}}}` },
    FAILED,
  ],
  ['an answer that is too long', {}, simple(true, { a: 'x'.repeat(262_144) }), FAILED],
  ['isAuthorized instead of a policy', POLICY, simple(true), FAILED],
  ['Allow', POLICY, ALLOW_ALL, '200'],
  ['Allow of the ARN, format 1.0', VERSION_1, answered(statement('Allow', `${API_ARN}/GET/`)), '200'],
  ['Allow of every path', POLICY, answered(statement('Allow', `${API_ARN}/*`)), '200'],
  ['Allow of another method', POLICY, answered(statement('Allow', `${API_ARN}/POST/*`)), FORBIDDEN],
  [
    'Allow of another API',
    POLICY,
    answered(statement('Allow', `${API_ARN.replace('API', 'other')}/*`)),
    FORBIDDEN,
  ],
  ['Deny', POLICY, answered([statement('Allow', '*'), statement('Deny', `${API_ARN}/GET/*`)]), FORBIDDEN],
  ['no statement', POLICY, answered([]), FORBIDDEN],
  ['no principalId', POLICY, answered(statement('Allow', '*'), {}), FAILED],
  ['a principalId that is a number', POLICY, answered(statement('Allow', '*'), { principalId: 1 }), FAILED],
  ['no policyDocument', POLICY, { payload: '{"principalId":"me"}' }, FAILED],
  ['an Effect that is none', POLICY, answered({ ...statement('Allow', '*'), Effect: 'Yes' }), FAILED],
  [
    'a condition that holds',
    POLICY,
    answered({ ...statement('Allow', '*'), Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } } }),
    '200',
  ],
  [
    'a condition that does not',
    POLICY,
    answered({ ...statement('Allow', '*'), Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
    FORBIDDEN,
  ],
  [
    'an unknown condition (C58)',
    POLICY,
    answered({ ...statement('Allow', '*'), Condition: { NumericEquals: { a: '1' } } }),
    FORBIDDEN,
  ],
  [
    'claims in the context of 1.0',
    VERSION_1,
    answered(statement('Allow', '*'), { principalId: 'me', context: { claims: 1 } }),
    FAILED,
  ],
  [
    'claims in the context of 2.0',
    POLICY,
    answered(statement('Allow', '*'), { principalId: 'me', context: { claims: 1 } }),
    '200',
  ],
  ['a function that throws', {}, { functionError: 'Unhandled', payload: '{"errorMessage":"no"}' }, FAILED],
  [
    'a function that throws Unauthorized (C59)',
    {},
    { functionError: 'Unhandled', payload: '{"errorMessage":"Unauthorized"}' },
    FAILED,
  ],
  [
    'an error that looks like an answer',
    {},
    { functionError: 'Handled', payload: '{"isAuthorized":true}' },
    FAILED,
  ],
  [
    'no such function',
    {},
    { status: 404, errorType: 'ResourceNotFoundException', payload: '{"isAuthorized":true}' },
    FAILED,
  ],
  [
    'no permission',
    {},
    { status: 403, errorType: 'AccessDeniedException', payload: '{"Message":"no"}' },
    FAILED,
  ],
  ['too many calls', {}, { status: 429, errorType: 'TooManyRequestsException', payload: '{}' }, FAILED],
  ['an Invoke API that fails', {}, { status: 500, payload: '{}' }, FAILED],
  ['an Invoke API that hangs up', {}, 'end', FAILED],
];
test('outcomes (§6.3.4, §6.3.5)', async (t) => {
  const stand = await startAuthorizerStand(t);
  const apis = new Map<GivenAuthorizer, Awaited<ReturnType<typeof createGuardedApi>>>();
  for (const form of [{}, POLICY, VERSION_1]) {
    apis.set(form, await createGuardedApi(stand, { authorizers: { who: form } }));
  }
  const [first, ...others] = [...apis.values()];
  for (const [name, form, answer, told] of OUTCOMES) {
    await t.test(`${name}: ${told}`, async () => {
      const found = [...apis].find(([each]) => JSON.stringify(each) === JSON.stringify(form))!;
      const api = found[1];
      const text = typeof answer === 'object' && typeof answer.payload === 'string' ? answer.payload : '';
      const placed =
        typeof answer === 'object'
          ? { ...answer, payload: text.replaceAll(':API/', `:${api.apiId}/`) }
          : answer;
      stand.lambda.script(placed);
      stand.backend.script();
      assert.equal(refusalOf(await api.call('/', ['Authorization: x'])), told);
      assert.equal(stand.backend.requests.length, told === '200' ? 1 : 0);
    });
  }
  assert.ok(first !== undefined && others.length === 2);
});

test('a URI or role that the stage variables leave open: 500 (§6.3.5)', async (t) => {
  const stand = await startAuthorizerStand(t);
  stand.lambda.script(simple(true));
  const AuthorizerUri = invocationUri(FUNCTION.replace('who', `\${stageVariables.fn}`));
  const authorizers = { who: { AuthorizerUri } };
  const open = await createGuardedApi(stand, { authorizers });
  assert.equal(refusalOf(await open.call('/', ['Authorization: x'])), FAILED);
  assert.equal(stand.lambda.invocations.length, 0);
  const api = await createGuardedApi(stand, { authorizers, variables: { fn: 'other' } });
  assert.equal((await api.call('/', ['Authorization: x'])).status, 200);
  assert.equal(stand.lambda.invocations[0]!.functionName, FUNCTION.replace('who', 'other'));
});

test('context goes into variables as text, and into events with its types (§6.3.6, Choice C22)', async (t) => {
  const stand = await startAuthorizerStand(t);
  const context = { s: 'x', n: 1.5, b: true, l: [1, 'a'], m: { k: null }, none: null };
  const mappings = Object.fromEntries(
    ['s', 'n', 'b', 'l', 'm', 'none', 'absent', 'principalId'].map((name) => [
      `overwrite:header.x-${name.toLowerCase()}`,
      `[\${context.authorizer.${name}}]`.replace('[', '').replace(']', ''),
    ]),
  );
  // The principal is the authorizer's; the identity has none.
  mappings['overwrite:header.x-identity'] = '$context.identity.principalId';
  const api = await createGuardedApi(stand, {
    authorizers: { who: POLICY, simple: {} },
    routes: [
      { key: 'GET /' },
      { key: 'GET /two', lambda: '2.0' },
      { key: 'GET /one', lambda: '1.0' },
      { key: 'GET /simple', lambda: '2.0', authorizer: 'simple' },
      { key: 'GET /simple1', lambda: '1.0', authorizer: 'simple' },
    ],
    mappings,
  });
  const answer = policy(statement('Allow', '*'), { principalId: 'me', context });
  const calls = async (path: string, authorizer: InvokeAnswer) => {
    stand.lambda.script((_event, name) =>
      name === FUNCTION ? authorizer : { payload: '{"statusCode":200}' },
    );
    assert.equal((await api.call(path, ['Authorization: x'])).status, 200);
    return stand.lambda.invocations.map(({ event }) => JSON.parse(event))[1]?.requestContext.authorizer;
  };
  await calls('/', answer);
  const header = (name: string) => valuesOf(stand.backend.requests[0]!.headers, `x-${name}`)[0];
  assert.deepEqual(['s', 'n', 'b', 'l', 'm', 'principalid'].map(header), [
    'x',
    '1.5',
    'true',
    '[1,"a"]',
    '{"k":null}',
    'me',
  ]);
  assert.deepEqual(['none', 'absent', 'identity'].map(header), [undefined, undefined, undefined]);
  assert.deepEqual(await calls('/two', answer), { lambda: context });
  assert.deepEqual(await calls('/one', answer), {
    s: 'x',
    n: '1.5',
    b: 'true',
    l: '[1,"a"]',
    m: '{"k":null}',
    principalId: 'me',
  });
  assert.deepEqual(await calls('/simple', simple(true, { a: 1 })), { lambda: { a: 1 } });
  assert.deepEqual(await calls('/simple', simple(true)), { lambda: null });
  assert.deepEqual(await calls('/simple1', simple(true, { a: 1 })), { a: '1' });
});

const CACHED: GivenAuthorizer = { AuthorizerResultTtlInSeconds: 3_600 };

test('answers are kept, denials too, failures not; 0 and no lifetime keep nothing (§6.3.1, Choice C54)', async (t) => {
  const stand = await startAuthorizerStand(t);
  const asked = async (authorizer: GivenAuthorizer, answer: InvokeAnswer, told: string) => {
    const api = await createGuardedApi(stand, { authorizers: { who: authorizer } });
    stand.lambda.script(answer);
    for (let i = 0; i < 2; i++) assert.equal(refusalOf(await api.call('/', ['Authorization: x'])), told);
    return stand.lambda.invocations.length;
  };
  assert.equal(await asked(CACHED, simple(true), '200'), 1);
  assert.equal(await asked(CACHED, simple(false), FORBIDDEN), 1);
  assert.equal(await asked({ ...CACHED, ...POLICY }, policy([]), FORBIDDEN), 1);
  assert.equal(await asked(CACHED, { payload: '{}' }, FAILED), 2);
  assert.equal(await asked(CACHED, { functionError: 'Unhandled', payload: '{}' }, FAILED), 2);
  assert.equal(await asked({ AuthorizerResultTtlInSeconds: 0 }, simple(true), '200'), 2);
  assert.equal(await asked({}, simple(true), '200'), 2);
});

test('a kept simple answer is for all routes with its context, a kept policy is judged for each (§6.3.1)', async (t) => {
  const stand = await startAuthorizerStand(t);
  const routes = [{ key: 'GET /a' }, { key: 'GET /b' }];
  const mappings = { 'overwrite:header.x-tenant': '$context.authorizer.tenant' };
  const plain = await createGuardedApi(stand, { authorizers: { who: CACHED }, routes, mappings });
  stand.lambda.script(simple(true, { tenant: 't1' }));
  for (const path of ['/a', '/b']) assert.equal((await plain.call(path, ['Authorization: x'])).status, 200);
  assert.equal(stand.lambda.invocations.length, 1);
  assert.deepEqual(
    stand.backend.requests.map(({ headers }) => valuesOf(headers, 'x-tenant')),
    [['t1'], ['t1']],
  );
  const judged = await createGuardedApi(stand, { authorizers: { who: { ...CACHED, ...POLICY } }, routes });
  stand.lambda.script(policy(statement('Allow', 'arn:aws:execute-api:*/GET/a')));
  assert.equal((await judged.call('/a', ['Authorization: x'])).status, 200);
  assert.equal(refusalOf(await judged.call('/b', ['Authorization: x'])), FORBIDDEN);
  assert.equal(stand.lambda.invocations.length, 1);
});

test('$context.routeKey among the identity sources separates routes (§6.3.1)', async (t) => {
  const stand = await startAuthorizerStand(t);
  const api = await createGuardedApi(stand, {
    authorizers: {
      who: { ...CACHED, IdentitySource: ['$request.header.Authorization', '$context.routeKey'] },
    },
    routes: [{ key: 'GET /a' }, { key: 'GET /b' }],
  });
  stand.lambda.script(simple(true));
  for (const path of ['/a', '/b', '/a']) await api.call(path, ['Authorization: x']);
  assert.deepEqual(
    stand.lambda.invocations.map(({ event }) => JSON.parse(event).identitySource[1]),
    ['GET /a', 'GET /b'],
  );
});

test('requests of one identity that come together ask once', async (t) => {
  const stand = await startAuthorizerStand(t);
  const api = await createGuardedApi(stand, { authorizers: { who: CACHED } });
  stand.lambda.script(simple(true));
  const replies = await Promise.all([1, 2, 3, 4].map(() => api.call('/', ['Authorization: x'])));
  assert.deepEqual(
    replies.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  assert.equal(stand.lambda.invocations.length, 1);
});

test('what is kept outlives a redeploy, and goes with a reset, the authorizer or a stage variable (§6.3.1)', async (t) => {
  const stand = await startAuthorizerStand(t);
  const { client } = stand.postern;
  const api = await createGuardedApi(stand, { authorizers: { who: CACHED }, variables: { v: '1' } });
  const ApiId = api.apiId;
  const StageName = '$default';
  const AuthorizerId = api.authorizerIds.get('who')!;
  let asked = 0;
  const isAskedAfter = async (change: () => Promise<unknown>) => {
    await change();
    stand.lambda.script(simple(true));
    assert.equal((await api.call('/', ['Authorization: x'])).status, 200);
    asked = stand.lambda.invocations.length;
    return asked === 1;
  };
  assert.equal(await isAskedAfter(async () => {}), true);
  assert.equal(await isAskedAfter(async () => {}), false);
  const { Items } = await client.send(new GetRoutesCommand({ ApiId }));
  const Target = Items![0]!.Target!;
  assert.equal(
    await isAskedAfter(() => client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /more', Target }))),
    false,
  );
  assert.equal(
    await isAskedAfter(() =>
      client.send(new UpdateApiCommand({ ApiId, CorsConfiguration: { AllowOrigins: ['*'] } })),
    ),
    false,
  );
  assert.equal(
    await isAskedAfter(() => client.send(new ResetAuthorizersCacheCommand({ ApiId, StageName }))),
    true,
  );
  assert.equal(await isAskedAfter(async () => {}), false);
  assert.equal(
    await isAskedAfter(() =>
      client.send(new UpdateStageCommand({ ApiId, StageName, StageVariables: { v: '2' } })),
    ),
    true,
  );
  assert.equal(
    await isAskedAfter(() =>
      client.send(new UpdateAuthorizerCommand({ ApiId, AuthorizerId, Name: 'renamed' })),
    ),
    true,
  );
});

test('a reset of one stage leaves the others (§2.6.2)', async (t) => {
  const stand = await startAuthorizerStand(t);
  const api = await createGuardedApi(stand, { authorizers: { who: CACHED }, stages: ['a', 'b'] });
  stand.lambda.script(simple(true));
  for (const stage of ['a', 'b']) await api.call(`/${stage}/`, ['Authorization: x']);
  assert.equal(stand.lambda.invocations.length, 2);
  await stand.postern.client.send(new ResetAuthorizersCacheCommand({ ApiId: api.apiId, StageName: 'a' }));
  for (const stage of ['a', 'b']) await api.call(`/${stage}/`, ['Authorization: x']);
  assert.equal(stand.lambda.invocations.length, 3);
});

test('a reset while the function is asked: its answer is not kept', async (t) => {
  const stand = await startAuthorizerStand(t);
  const { client } = stand.postern;
  const api = await createGuardedApi(stand, { authorizers: { who: CACHED } });
  let release = (_: unknown): void => {};
  let isAsked = (_: unknown): void => {};
  const asked = new Promise((resolve) => {
    isAsked = resolve;
  });
  const released = new Promise((resolve) => {
    release = resolve;
  });
  stand.lambda.script(async () => {
    isAsked(undefined);
    await released;
    return simple(true);
  });
  const early = api.call('/', ['Authorization: x']);
  await asked;
  await client.send(new ResetAuthorizersCacheCommand({ ApiId: api.apiId, StageName: '$default' }));
  release(undefined);
  assert.equal((await early).status, 200);
  stand.lambda.script(simple(false));
  assert.equal(refusalOf(await api.call('/', ['Authorization: x'])), FORBIDDEN);
});

test('access logs tell what the authorizer found and why it failed (§6.3.5, §9.3)', async (t) => {
  const stand = await startAuthorizerStand(t);
  const variables = [
    'status',
    'authorizer.principalId',
    'authorizer.a',
    'authorizer.error',
    'error.responseType',
  ];
  const format = variables.map((name) => `$context.${name}`).join('|');
  const accessLog = { group: 'authorizers', format: `${format} $context.requestId` };
  const api = await createGuardedApi(stand, { authorizers: { who: POLICY }, accessLog });
  const answers: readonly (readonly [answer: InvokeAnswer, line: string])[] = [
    [policy(statement('Allow', '*'), { principalId: 'me', context: { a: 1 } }), '200|me|1|-|-'],
    [policy([]), '403|-|-|User is not authorized to access this resource|ACCESS_DENIED'],
    [
      policy(statement('Deny', '*')),
      '403|-|-|User is not authorized to access this resource with an explicit deny|ACCESS_DENIED',
    ],
    [
      { payload: '{}' },
      "500|-|-|The authorizer's answer cannot be used: principalId is missing|AUTHORIZER_FAILURE",
    ],
    [
      { functionError: 'Unhandled', payload: '{"errorMessage":"no way"}' },
      "500|-|-|The authorizer's function failed: no way|AUTHORIZER_FAILURE",
    ],
  ];
  for (const [answer] of answers) {
    stand.lambda.script(answer);
    await api.call('/', ['Authorization: x']);
  }
  await api.call('/');
  const lines = await stand.accessLog('authorizers');
  assert.deepEqual(
    lines.map((line) => line.slice(0, line.lastIndexOf(' '))),
    [...answers.map(([, line]) => line), '401|-|-|An identity source is missing|UNAUTHORIZED'],
  );
});
