// What the access log says of each kind of event, authorizer and integration (spec/websocket-api.md §9.4, §9.5, §5.7.4
// column L).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateStageCommandInput } from '@aws-sdk/client-apigatewayv2';
import { parsePolicy } from '../../../src/identity/policy.ts';
import { statement } from '../../support/authorizer-stand.ts';
import { AWS_REQUEST_ID } from '../../support/invoke-server.ts';
import { ACCESS_ARN, deployed, startLogged } from '../../support/logged-sockets.ts';
import { ACCOUNT } from '../../support/postern.ts';
import { KEY, sign } from '../../support/signing.ts';
import { closedBy, connectionsClient, nextMessage } from '../../support/websocket-stand.ts';

const withFormat = (names: readonly string[]): Partial<CreateStageCommandInput> => ({
  AccessLogSettings: {
    DestinationArn: ACCESS_ARN,
    Format: ['requestId', ...names].map((name) => `$context.${name}`).join('|'),
  },
});

/** Name → value of a line's variables; `requestId` first. */
const valuesOf = (names: readonly string[], line: string): Record<string, string> => {
  const [, ...values] = line.split('|');
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
};

/** Everything that has a column L, but what is of an authorizer. */
const NAMES = [
  ...['apiId', 'connectedAt', 'connectionId', 'domainName', 'eventType', 'extendedRequestId', 'messageId'],
  ...['messageDirection', 'requestTime', 'requestTimeEpoch', 'routeKey', 'stage', 'status'],
  ...['error.message', 'error.responseType', 'error.messageString', 'error.validationErrorString'],
  ...['identity.sourceIp', 'identity.userAgent', 'identity.apiKey', 'identity.caller'],
  ...['integration.error', 'integration.integrationStatus', 'integration.latency', 'integration.requestId'],
  ...['integration.status', 'integrationLatency', 'integrationErrorMessage', 'integrationStatus'],
  ...['awsEndpointRequestId', 'disconnectStatusCode', 'disconnectReason'],
  ...['waf.error', 'waf.latency', 'waf.status'],
  // Of REST APIs alone.
  ...['httpMethod', 'path', 'resourcePath', 'resourceId', 'protocol', 'accountId', 'responseLength'],
  ...['responseLatency', 'domainPrefix'],
];

test('every variable of the access log, in each kind of event (§9.4.2, §9.4.3, §9.5)', async (t) => {
  const stand = await startLogged(t);
  const api = await deployed(stand, withFormat(NAMES));
  const { socket } = await api.connect('/prod', { 'User-Agent': 'tester' });
  stand.answer({ payload: '{}' }, { payload: '{"statusCode":201}' });
  socket!.send('{}');
  while (stand.eventsOf('hello').length < 1) await new Promise((resolve) => setImmediate(resolve));
  stand.answer({ payload: '{}' }, { functionError: 'Unhandled', payload: '{"errorMessage":"no"}' });
  socket!.send('{}');
  await nextMessage(socket!);
  stand.answer({ payload: '{}' }, { payload: '{"statusCode":200}' });
  const sdk = connectionsClient(stand.postern, api.host, '/prod');
  t.after(() => sdk.destroy());
  const closed = closedBy(socket!);
  socket!.close(3000, 'bye');
  await closed;
  while (stand.eventsOf('hello').length < 1) await new Promise((resolve) => setImmediate(resolve));
  const lines = await stand.accessLog();
  assert.equal(lines.length, 4);
  const [id] = lines[0]!.split('|');
  const all = lines.map((line) => valuesOf(NAMES, line));
  const { connectionId, connectedAt } = all[0]!;
  assert.match(connectionId!, /^[\w-]{15}=$/);
  assert.equal(all[0]!.extendedRequestId, id);
  for (const each of all) {
    for (const name of ['requestTimeEpoch', 'integration.latency', 'integrationLatency']) {
      assert.match(each[name]!, /^\d+$/, name);
    }
    assert.match(each.requestTime!, /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    assert.match(each.extendedRequestId!, /^[\w-]{15}=$/);
    assert.equal(each.messageId === '-', each.eventType !== 'MESSAGE');
  }
  const common = {
    apiId: api.apiId,
    connectedAt,
    connectionId,
    domainName: api.host,
    messageDirection: 'IN',
    stage: 'prod',
    'identity.sourceIp': '127.0.0.1',
    'identity.userAgent': 'tester',
    'integration.integrationStatus': '200',
    'integration.requestId': AWS_REQUEST_ID,
    integrationStatus: '200',
    awsEndpointRequestId: AWS_REQUEST_ID,
  };
  const error = 'The Lambda function returned an error: no';
  const expected = [
    { eventType: 'CONNECT', routeKey: '$connect', status: '200', 'integration.status': '200' },
    { eventType: 'MESSAGE', routeKey: '$default', status: '200', 'integration.status': '201' },
    {
      eventType: 'MESSAGE',
      routeKey: '$default',
      status: '502',
      'integration.status': '200',
      'integration.error': error,
      integrationErrorMessage: error,
      'error.message': 'Internal server error',
      'error.messageString': '"Internal server error"',
      'error.responseType': 'DEFAULT_5XX',
    },
    {
      eventType: 'DISCONNECT',
      routeKey: '$disconnect',
      status: '200',
      'integration.status': '200',
      disconnectStatusCode: '3000',
      disconnectReason: 'bye',
    },
  ];
  const varying = /^(?:requestTime|requestTimeEpoch|extendedRequestId|messageId|.*[lL]atency)$/;
  for (const [i, own] of expected.entries()) {
    const want: Record<string, unknown> = { ...common, ...own };
    for (const name of NAMES.filter((name) => !varying.test(name) || /^(?:waf|response)/.test(name))) {
      const absent = name === 'error.messageString' ? '"-"' : '-';
      assert.equal(all[i]![name], want[name] ?? absent, `${own.eventType} ${i}: ${name}`);
    }
  }
});

const AUTHORIZER_NAMES = [
  ...['authorizer.principalId', 'authorizer.plan', 'authorizer.error', 'authorizer.integrationLatency'],
  ...['authorizer.integrationStatus', 'authorizer.latency', 'authorizer.requestId', 'authorizer.status'],
  ...['authorize.error', 'authorize.latency', 'authorize.status'],
  ...['authenticate.error', 'authenticate.latency', 'authenticate.status', 'identity.userArn', 'status'],
  'identity.accessKey',
];

/** Values, with `ms` for milliseconds; those that are `-` are left out. */
function present(line: string): Record<string, string> {
  const entries = Object.entries(valuesOf(AUTHORIZER_NAMES, line)).filter(([, value]) => value !== '-');
  return Object.fromEntries(
    entries.map(([name, value]) => [name, /atency$/.test(name) && /^\d+$/.test(value) ? 'ms' : value]),
  );
}

const allowing = (Effect: 'Allow' | 'Deny'): string =>
  JSON.stringify({
    principalId: 'me',
    policyDocument: { Version: '2012-10-17', Statement: [statement(Effect, '*')] },
    context: { plan: 7 },
  });

test('what a Lambda authorizer came to, in the access log (§9.4.3)', async (t) => {
  const stand = await startLogged(t);
  const api = await deployed(stand, withFormat(AUTHORIZER_NAMES), {
    type: 'CUSTOM',
    authorizer: { IdentitySource: ['route.request.querystring.q'] },
  });
  const called = {
    'authorizer.integrationLatency': 'ms',
    'authorizer.integrationStatus': '200',
    'authorizer.requestId': AWS_REQUEST_ID,
    'authorizer.latency': 'ms',
    'authorize.latency': 'ms',
  };
  const denied = 'User is not authorized to access this resource with an explicit deny';
  const rows = [
    {
      answer: { payload: allowing('Allow') },
      path: '/prod?q=1',
      logged: {
        ...called,
        'authorizer.principalId': 'me',
        'authorizer.plan': '7',
        'authorizer.status': '200',
        'authorize.status': '200',
        status: '200',
      },
    },
    {
      answer: { payload: allowing('Deny') },
      path: '/prod?q=1',
      logged: {
        ...called,
        'authorizer.error': denied,
        'authorizer.status': '403',
        'authorize.error': denied,
        'authorize.status': '403',
        status: '403',
      },
    },
    {
      answer: { payload: allowing('Allow') },
      path: '/prod',
      logged: {
        'authorizer.error': 'An identity source is missing',
        'authorizer.latency': 'ms',
        'authorizer.status': '401',
        'authorize.error': 'An identity source is missing',
        'authorize.latency': 'ms',
        'authorize.status': '401',
        status: '401',
      },
    },
    {
      answer: { functionError: 'Unhandled', payload: '{"errorMessage":"no"}' } as const,
      path: '/prod?q=1',
      logged: {
        ...called,
        'authorizer.error': 'The authorizer failed: no',
        'authorizer.status': '500',
        'authorize.error': 'The authorizer failed: no',
        'authorize.status': '500',
        status: '500',
      },
    },
  ];
  for (const { answer, path } of rows) {
    stand.answer(answer);
    await api.connect(path);
  }
  const lines = (await stand.accessLog()).slice(0, rows.length);
  assert.deepEqual(
    lines.map(present),
    rows.map(({ logged }) => logged),
  );
});

test('the signature and the policies of AWS_IAM, in the access log (§9.4.3)', async (t) => {
  const Statement = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*/allowed/*' };
  const policies = [parsePolicy({ Version: '2012-10-17', Statement })];
  const stand = await startLogged(t, [
    { ...KEY, accountId: ACCOUNT },
    { accessKeyId: 'AKIALIMITED', secretAccessKey: 'limited-secret', accountId: ACCOUNT, policies },
  ]);
  const api = await deployed(stand, withFormat(AUTHORIZER_NAMES), { type: 'AWS_IAM' });
  const limited = { accessKeyId: 'AKIALIMITED', secretAccessKey: 'limited-secret' };
  for (const signing of [{}, limited, { secretAccessKey: 'wrong' }]) {
    const { target, lines } = await sign({ host: api.host, path: '/prod' }, signing);
    const headers = lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]);
    await api.connect(target, Object.fromEntries(headers));
  }
  const lines = (await stand.accessLog()).slice(0, 3);
  const steps = lines.map((line) => {
    const { 'authenticate.error': authenticate, 'authorize.error': authorize, ...rest } = present(line);
    return { ...rest, errors: [authenticate?.slice(0, 38), authorize?.slice(0, 5)] };
  });
  const userArn = {
    'identity.userArn': `arn:aws:iam::${ACCOUNT}:user/${KEY.accessKeyId}`,
    'identity.accessKey': KEY.accessKeyId,
  };
  const authenticated = { 'authenticate.status': '200', 'authenticate.latency': 'ms' };
  assert.deepEqual(steps, [
    {
      ...authenticated,
      ...userArn,
      'authorize.status': '200',
      'authorize.latency': 'ms',
      status: '200',
      errors: [undefined, undefined],
    },
    {
      ...authenticated,
      'authorize.status': '403',
      'authorize.latency': 'ms',
      status: '403',
      errors: [undefined, 'User:'],
    },
    {
      'authenticate.status': '403',
      'authenticate.latency': 'ms',
      status: '403',
      errors: ['The request signature we calculated doe', undefined].map((text) => text?.slice(0, 38)),
    },
  ]);
});

test('@connections calls are not in the access log (§9.4.2)', async (t) => {
  const stand = await startLogged(t);
  const api = await deployed(stand, withFormat(['eventType']));
  const { socket } = await api.connect('/prod');
  const { connectionId: ConnectionId } = stand.eventsOf('hello')[0]!.requestContext as {
    connectionId: string;
  };
  const sdk = connectionsClient(stand.postern, api.host, '/prod');
  t.after(() => sdk.destroy());
  await sdk.getConnection({ ConnectionId });
  await sdk.postToConnection({ ConnectionId, Data: 'x' });
  const closed = closedBy(socket!);
  await sdk.deleteConnection({ ConnectionId });
  await closed;
  while (stand.eventsOf('hello').length < 2) await new Promise((resolve) => setImmediate(resolve));
  const lines = await stand.accessLog();
  assert.deepEqual(
    lines.map((line) => line.split('|')[1]),
    ['CONNECT', 'DISCONNECT'],
  );
});

test('a format is text with variables, no template (§9.4.1)', async (t) => {
  const stand = await startLogged(t);
  const Format =
    '$context.extendedRequestId #set($x = 1)$x $input.body ${stageVariables.a} $context.routeKey\n';
  const api = await deployed(stand, { AccessLogSettings: { DestinationArn: ACCESS_ARN, Format } });
  await api.connect('/prod');
  const [line] = await stand.accessLog();
  assert.match(line!, /^[\w-]{15}= #set\(\$x = 1\)\$x \$input\.body \$\{stageVariables\.a\} \$connect$/);
});
