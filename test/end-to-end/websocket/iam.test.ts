// AWS_IAM on $connect over the wire (spec/websocket-api.md §8.2; §1.10 rows i to k).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Identity } from '../../../src/identity/identities.ts';
import { parsePolicy } from '../../../src/identity/policy.ts';
import { statement } from '../../support/authorizer-stand.ts';
import { ACCOUNT, REGION } from '../../support/postern.ts';
import { KEY, type Signing, sign, type Unsigned } from '../../support/signing.ts';
import {
  createWebSocketApi,
  type Handshake,
  startWebSocketStand,
  told,
  type WebSocketApi,
} from '../../support/websocket-stand.ts';

const READER: Identity = { ...KEY, accountId: ACCOUNT };
const limited = (Statement: unknown): readonly Identity[] => [
  { ...READER, policies: [parsePolicy({ Version: '2012-10-17', Statement })] },
];
const IAM = { type: 'AWS_IAM' } as const;
const USER = `arn:aws:iam::${ACCOUNT}:user/${KEY.accessKeyId}`;

async function connect(
  api: WebSocketApi,
  given: Partial<Unsigned> = {},
  signing: Signing = {},
): Promise<Handshake> {
  const { target, lines } = await sign({ host: api.host, path: '/prod', ...given }, signing);
  return api.connect(target, headersOf(lines));
}

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]));
}

for (const expires of [undefined, 300]) {
  const form = expires === undefined ? 'headers' : 'the query string';
  test(`a signature in ${form} lets in (§8.2.1)`, async (t) => {
    const stand = await startWebSocketStand(t, { credentials: [READER] });
    const api = await createWebSocketApi(stand, IAM);
    const signing = expires === undefined ? {} : { expires };
    const rows: readonly Partial<Unsigned>[] = [
      {},
      { path: '/prod/' },
      { query: { a: ['2', '1'], b: ' +/=é' } },
      { headers: { 'x-custom': ' a   b ' } },
    ];
    for (const given of rows) assert.equal(told(await connect(api, given, signing)), '101');
  });
}

test('the parameters of a presigned request stay visible (§8.2.5)', async (t) => {
  const stand = await startWebSocketStand(t, { credentials: [READER] });
  const api = await createWebSocketApi(stand, IAM);
  assert.equal(told(await connect(api, {}, { expires: 300 })), '101');
  const [event] = stand.eventsOf('hello') as [{ queryStringParameters: Record<string, string> }];
  assert.deepEqual(Object.keys(event.queryStringParameters).sort(), [
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-Expires',
    'X-Amz-Signature',
    'X-Amz-SignedHeaders',
  ]);
});

test('an unsigned connect request: 403 (§1.10 row i)', async (t) => {
  const stand = await startWebSocketStand(t, { credentials: [READER] });
  const api = await createWebSocketApi(stand, IAM);
  const shake = await api.connect('/prod');
  assert.equal(told(shake), '403 Missing Authentication Token');
  assert.equal(shake.headers['x-amzn-errortype'], 'MissingAuthenticationTokenException');
  assert.equal(stand.lambda.invocations.length, 0);
});

test('a wrong signature, an expired one, an unknown key: 403 with the reason (§1.10 row j, §6.4.3)', async (t) => {
  const stand = await startWebSocketStand(t, { credentials: [READER] });
  const api = await createWebSocketApi(stand, IAM);
  const rows: readonly (readonly [Signing, RegExp, string])[] = [
    [
      { secretAccessKey: 'x' },
      /^403 The request signature we calculated does not match/,
      'InvalidSignatureException',
    ],
    [
      { offset: -20 * 60_000 },
      /^403 Signature expired: \d{8}T\d{6}Z is now earlier than /,
      'InvalidSignatureException',
    ],
    [{ offset: 20 * 60_000 }, /^403 Signature not yet current: /, 'InvalidSignatureException'],
    [{ expires: 60, offset: -61_000 }, /^403 Signature expired: /, 'InvalidSignatureException'],
    [
      { service: 'apigateway' },
      /^403 Credential should be scoped to correct service: 'execute-api'/,
      'InvalidSignatureException',
    ],
    [
      { region: 'eu-west-1' },
      /^403 Credential should be scoped to a valid region, not 'eu-west-1'/,
      'InvalidSignatureException',
    ],
    [
      { accessKeyId: 'AKIANOBODY' },
      /^403 The security token included in the request is invalid\.$/,
      'UnrecognizedClientException',
    ],
  ];
  for (const [signing, text, type] of rows) {
    const shake = await connect(api, {}, signing);
    assert.match(told(shake), text);
    assert.equal(shake.headers['x-amzn-errortype'], type);
  }
});

test('a signature of another path, host, query or method is none of this request (§8.2.1)', async (t) => {
  const stand = await startWebSocketStand(t, { credentials: [READER] });
  const api = await createWebSocketApi(stand, { ...IAM, stages: ['prod', 'dev'] });
  const other = await createWebSocketApi(stand, IAM);
  const { lines } = await sign({ host: api.host, path: '/prod' });
  const headers = headersOf(lines);
  const rows: readonly (readonly [WebSocketApi, string, Record<string, string>])[] = [
    [api, '/dev', headers],
    [api, '/prod?a=1', headers],
    [other, '/prod', { ...headers, Host: other.host }],
    [api, '/prod', headersOf((await sign({ host: api.host, path: '/prod', method: 'POST' })).lines)],
  ];
  for (const [to, target, given] of rows) {
    const lower = Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'host'));
    assert.match(
      told(await to.connect(target, { ...lower, Host: to.host })),
      /^403 The request signature/,
      target,
    );
  }
  assert.equal(told(await api.connect('/prod', headers)), '101');
});

test('policies are about execute-api:Invoke on the ARN of $connect (§8.2.2, §8.2.3, §8.1.2)', async (t) => {
  const start = `arn:aws:execute-api:${REGION}:${ACCOUNT}:`;
  const rows: readonly (readonly [(apiId: string) => unknown, boolean])[] = [
    [(id) => statement('Allow', `${start}${id}/prod/$connect`), true],
    [(id) => statement('Allow', `${start}${id}/*`), true],
    [(id) => statement('Allow', `${start}${id}/*/*`), true],
    [(id) => statement('Allow', `${start}${id}/*/*/*`), false],
    [(id) => statement('Allow', `${start}${id}/dev/*`), false],
    [(id) => [statement('Allow', '*'), statement('Deny', `${start}${id}/prod/$connect`)], false],
    [(id) => [statement('Allow', '*'), statement('Deny', `${start}${id}/prod/secret`)], true],
    [() => ({ Effect: 'Allow', Action: 'execute-api:ManageConnections', Resource: '*' }), false],
    [() => ({ ...statement('Allow', '*'), Condition: { Bool: { 'aws:SecureTransport': 'false' } } }), true],
    [
      () => ({ ...statement('Allow', '*'), Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
      false,
    ],
    [() => [], false],
  ];
  for (const [given, isAllowed] of rows) {
    // The API's id is not known before, so the identity's policies are filled in afterwards.
    const policies: ReturnType<typeof parsePolicy>[] = [];
    const stand = await startWebSocketStand(t, { credentials: [{ ...READER, policies }] });
    const api = await createWebSocketApi(stand, IAM);
    policies.push(parsePolicy({ Statement: given(api.apiId) }));
    const shake = await connect(api);
    const text = `User: ${USER} is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:${REGION}:********0000:${api.apiId}/prod/$connect`;
    assert.equal(told(shake), isAllowed ? '101' : `403 ${text}`, JSON.stringify(given(api.apiId)));
    if (!isAllowed) assert.equal(shake.headers['x-amzn-errortype'], 'AccessDeniedException');
  }
});

test('identities of other accounts, and anybody where none is configured, stay outside (§8.2)', async (t) => {
  const foreign = await startWebSocketStand(t, {
    credentials: [{ ...limited(statement('Allow', '*'))[0]!, accountId: '999999999999' }],
  });
  assert.match(
    told(await connect(await createWebSocketApi(foreign, IAM))),
    /^403 User: .* is not authorized/,
  );
  const nobody = await startWebSocketStand(t);
  const shake = await connect(await createWebSocketApi(nobody, IAM));
  assert.equal(told(shake), '403 The security token included in the request is invalid.');
});

test('the caller is in the identity of all events (§8.2.4)', async (t) => {
  const stand = await startWebSocketStand(t, {
    credentials: [{ ...READER, userArn: `arn:aws:iam::${ACCOUNT}:user/reader`, userId: 'AIDAREADER' }],
  });
  const api = await createWebSocketApi(stand, IAM);
  const { socket } = await connect(api, { headers: { 'User-Agent': 'agent' } });
  socket!.send('{"action":"x"}');
  socket!.close(1000);
  while (stand.eventsOf('hello').length < 3) await new Promise((resolve) => setImmediate(resolve));
  for (const event of stand.eventsOf('hello')) {
    assert.deepEqual((event.requestContext as Record<string, unknown>).identity, {
      userArn: `arn:aws:iam::${ACCOUNT}:user/reader`,
      accountId: ACCOUNT,
      caller: 'AIDAREADER',
      accessKey: KEY.accessKeyId,
      user: 'AIDAREADER',
      userAgent: 'agent',
      sourceIp: '127.0.0.1',
    });
  }
});
