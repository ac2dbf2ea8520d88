// AWS_IAM routes over the wire (spec/http-api.md §6.4): signatures, identities, policies, what integrations see.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import type { Identity } from '../../../src/identity/identities.ts';
import { parsePolicy } from '../../../src/identity/policy.ts';
import {
  createGuardedApi,
  FORBIDDEN,
  type GuardedApi,
  refusalOf,
  startAuthorizerStand,
  statement,
} from '../../support/authorizer-stand.ts';
import { ACCOUNT } from '../../support/postern.ts';
import type { RawReply } from '../../support/raw-client.ts';
import { valuesOf } from '../../support/raw-message.ts';
import { KEY, type Signed, type Signing, sign, type Unsigned } from '../../support/signing.ts';

const READER: Identity = { ...KEY, accountId: ACCOUNT };
const limited = (Statement: unknown): readonly Identity[] => [
  { ...READER, policies: [parsePolicy({ Version: '2012-10-17', Statement })] },
];
const IAM = { type: 'AWS_IAM' } as const;

const send = (api: GuardedApi, { target, lines, method, body }: Signed): Promise<RawReply> =>
  api.call(target, lines, method, body);

const call = async (api: GuardedApi, given: Partial<Unsigned> = {}, signing: Signing = {}) =>
  send(api, await sign({ host: api.host, path: '/', ...given }, signing));

for (const expires of [undefined, 300]) {
  const form = expires === undefined ? 'the header' : 'a presigned query';
  test(`a signature in ${form} lets in, of every kind of request (§6.4)`, async (t) => {
    const stand = await startAuthorizerStand(t, [READER]);
    const api = await createGuardedApi(stand, {
      routes: [{ key: 'ANY /{proxy+}', ...IAM }],
      stages: ['$default', 'prod'],
    });
    const rows: readonly (readonly [string, Partial<Unsigned>])[] = [
      ['a path', { path: '/a/b' }],
      ['a stage', { path: '/prod/a' }],
      ['an encoded path', { path: '/a%20b/%C3%A9%2Fc' }],
      ['slashes', { path: '/a//b/' }],
      ['a query', { path: '/a', query: { b: '2', a: '1 +/=é' } }],
      ['a repeated parameter', { path: '/a', query: { b: ['2', '1'], a: '' } }],
      ['headers', { path: '/a', headers: { 'x-custom': ' a   b ', 'X-Upper': 'c' } }],
      ['a body', { path: '/a', method: 'POST', body: '{"a":1}' }],
      [
        'a payload that is not signed',
        { path: '/a', method: 'POST', body: 'x', headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
      ],
    ];
    for (const [name, given] of rows) {
      stand.backend.script();
      assert.equal(refusalOf(await call(api, given, expires === undefined ? {} : { expires })), '200', name);
      assert.equal(stand.backend.requests[0]!.body, given.body ?? '', name);
    }
  });
}

test('a large body is read, verified and passed on (§6.4)', async (t) => {
  const stand = await startAuthorizerStand(t, [READER]);
  const api = await createGuardedApi(stand, {
    routes: [
      { key: 'POST /', ...IAM },
      { key: 'POST /mapped', ...IAM },
      { key: 'POST /function', ...IAM, lambda: '2.0' },
    ],
    mappings: { 'append:header.x-first': '$request.body.a' },
  });
  const bodyOf = (length: number) => JSON.stringify({ a: 'first', filling: 'x'.repeat(length) });
  // Paths into a body see its first 100 KB.
  for (const [path, body, first] of [
    ['/', bodyOf(1_000_000), []],
    ['/mapped', bodyOf(90_000), ['first']],
  ] as const) {
    stand.backend.script();
    assert.equal(refusalOf(await call(api, { method: 'POST', path, body })), '200');
    assert.equal(stand.backend.requests[0]!.body, body);
    assert.deepEqual(valuesOf(stand.backend.requests[0]!.headers, 'x-first'), first);
  }
  const body = bodyOf(1_000_000);
  stand.lambda.script();
  assert.equal(refusalOf(await call(api, { method: 'POST', path: '/function', body })), '200');
  const event: { readonly body: string } = JSON.parse(stand.lambda.invocations[0]!.event);
  assert.ok(Buffer.from(event.body, 'base64').equals(Buffer.from(body)));
  const signed = await sign({ host: api.host, path: '/', method: 'POST', body });
  assert.equal(refusalOf(await send(api, { ...signed, body: body.replace('first', 'other') })), FORBIDDEN);
});

test('the Authorization header of a signed request does not reach a backend (§3.3)', async (t) => {
  const identity = { ...READER, accessKeyId: 'ASIATEMPORARY', sessionToken: 'token/+=' };
  const stand = await startAuthorizerStand(t, [identity]);
  const api = await createGuardedApi(stand, {
    routes: [
      { key: 'POST /orders', ...IAM },
      { key: 'GET /two', ...IAM, lambda: '2.0' },
      { key: 'POST /open', type: 'NONE' },
    ],
    mappings: {
      'overwrite:header.x-sig': '$request.header.Authorization',
      'overwrite:header.x-key': '$context.identity.accessKey',
    },
  });
  const key = { accessKeyId: 'ASIATEMPORARY', sessionToken: 'token/+=' };
  const forged = { 'x-key': 'forged' };
  const seen = async (given: Partial<Unsigned>, signing: Signing = {}) => {
    stand.backend.script();
    const headers = { ...forged, ...given.headers };
    assert.equal(
      (await call(api, { method: 'POST', body: 'b', ...given, headers }, { ...key, ...signing })).status,
      200,
    );
    const { headers: got, startLine } = stand.backend.requests[0]!;
    return { startLine, value: (name: string) => valuesOf(got, name).join('|') };
  };
  const hashed = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
  const signed = await seen({ path: '/orders', headers: hashed });
  assert.equal(signed.value('authorization'), '');
  assert.match(signed.value('x-sig'), /^AWS4-HMAC-SHA256 Credential=ASIATEMPORARY\//);
  assert.match(signed.value('x-amz-date'), /^\d{8}T\d{6}Z$/);
  assert.equal(signed.value('x-amz-content-sha256'), 'UNSIGNED-PAYLOAD');
  assert.equal(signed.value('x-amz-security-token'), 'token/+=');
  assert.equal(signed.value('x-key'), 'ASIATEMPORARY');
  const presigned = await seen({ path: '/orders' }, { expires: 60 });
  assert.match(presigned.startLine, /[?&]X-Amz-Signature=[0-9a-f]{64}/);
  assert.equal(presigned.value('x-key'), 'ASIATEMPORARY');
  const open = await seen({ path: '/open' });
  assert.match(open.value('authorization'), /^AWS4-HMAC-SHA256 /);
  assert.equal(open.value('x-key'), '', 'nobody has signed, and the client says nothing of it');
  stand.lambda.script();
  assert.equal((await call(api, { path: '/two' }, key)).status, 200);
  assert.match(JSON.parse(stand.lambda.invocations[0]!.event).headers.authorization, /^AWS4-HMAC-SHA256 /);
});

test('unsigned, badly signed, expired, of another service or region: 403 (§6.4)', async (t) => {
  const stand = await startAuthorizerStand(t, [READER]);
  const api = await createGuardedApi(stand, { routes: [{ key: 'GET /', ...IAM }] });
  const unsigned = await api.call('/');
  assert.equal(refusalOf(unsigned), FORBIDDEN);
  assert.deepEqual(valuesOf(unsigned.headers, 'content-type'), ['application/json']);
  assert.deepEqual(valuesOf(unsigned.headers, 'content-length'), ['23']);
  const rows: readonly (readonly [string, Signing])[] = [
    ['an unknown key', { accessKeyId: 'AKIANOBODY' }],
    ['another secret', { secretAccessKey: 'x' }],
    ['another region', { region: 'eu-west-1' }],
    ['another service', { service: 'apigateway' }],
    ['20 minutes ago', { offset: -20 * 60_000 }],
    ['20 minutes ahead', { offset: 20 * 60_000 }],
    ['presigned and over', { expires: 60, offset: -61_000 }],
  ];
  for (const [name, signing] of rows) assert.equal(refusalOf(await call(api, {}, signing)), FORBIDDEN, name);
  assert.equal(stand.backend.requests.length, 0);
});

test('a session token that is configured must come along (§6.4)', async (t) => {
  const stand = await startAuthorizerStand(t, [{ ...READER, sessionToken: 'token/+=' }]);
  const api = await createGuardedApi(stand, { routes: [{ key: 'GET /', ...IAM }] });
  for (const expires of [undefined, 60]) {
    const form = expires === undefined ? {} : { expires };
    assert.equal(refusalOf(await call(api, {}, { ...form, sessionToken: 'token/+=' })), '200');
    for (const sessionToken of [undefined, '', 'token/+']) {
      const token = sessionToken === undefined ? {} : { sessionToken };
      assert.equal(refusalOf(await call(api, {}, { ...form, ...token })), FORBIDDEN);
    }
  }
});

test('without configured identities nobody gets in (§6.4)', async (t) => {
  const stand = await startAuthorizerStand(t);
  const api = await createGuardedApi(stand, { routes: [{ key: 'GET /', ...IAM }] });
  for (const secret of ['secret', '']) {
    const signing = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret };
    assert.equal(refusalOf(await call(api, {}, signing)), FORBIDDEN);
  }
});

test('an identity of another account has to assume a role (§6.4)', async (t) => {
  const stand = await startAuthorizerStand(t, [
    { ...READER, accountId: '999999999999', policies: [parsePolicy({ Statement: statement('Allow', '*') })] },
  ]);
  const api = await createGuardedApi(stand, { routes: [{ key: 'GET /', ...IAM }] });
  assert.equal(refusalOf(await call(api)), FORBIDDEN);
});

test('policies are about execute-api:Invoke on the request’s ARN (§6.4)', async (t) => {
  const stand = await startAuthorizerStand(
    t,
    limited([
      statement('Allow', 'arn:aws:execute-api:us-east-1:000000000000:*/prod/GET/*'),
      statement('Deny', 'arn:aws:execute-api:*:*:*/*/*/secret*'),
      { Effect: 'Allow', Action: 'execute-api:ManageConnections', Resource: '*' },
    ]),
  );
  const api = await createGuardedApi(stand, {
    routes: [{ key: 'ANY /{proxy+}', ...IAM }],
    stages: ['prod', 'dev'],
  });
  const rows = [
    ['GET', '/prod/a', '200'],
    ['POST', '/prod/a', FORBIDDEN],
    ['GET', '/dev/a', FORBIDDEN],
    ['GET', '/prod/secret', FORBIDDEN],
    ['GET', '/prod/%73ecret/x', FORBIDDEN],
    ['GET', '/prod//secret', FORBIDDEN],
  ] as const;
  for (const [method, path, told] of rows) {
    assert.equal(refusalOf(await call(api, { method, path })), told, `${method} ${path}`);
  }
});

test('a policy without statements, and one with an unknown condition, allow nothing (§6.4)', async (t) => {
  for (const given of [
    [],
    { ...statement('Allow', '*'), Condition: { DateLessThan: { 'aws:CurrentTime': '2999-01-01' } } },
  ]) {
    const stand = await startAuthorizerStand(t, limited(given));
    const api = await createGuardedApi(stand, { routes: [{ key: 'GET /', ...IAM }] });
    assert.equal(refusalOf(await call(api)), FORBIDDEN);
  }
});

test('events and variables tell of the identity (§3.6.2, §3.6.3, §9.3)', async (t) => {
  const stand = await startAuthorizerStand(t, [
    {
      ...READER,
      userArn: `arn:aws:iam::${ACCOUNT}:user/reader`,
      userId: 'AIDAREADER',
      principalOrgId: 'o-1',
      cognitoIdentity: {
        amr: ['authenticated', 'login.example', 'pool'],
        identityId: 'id-1',
        identityPoolId: 'pool-1',
      },
    },
    { ...READER, accessKeyId: 'AKIAPLAIN' },
  ]);
  const names = [
    'accountId',
    'caller',
    'user',
    'userArn',
    'principalOrgId',
    'cognitoIdentityId',
    'cognitoIdentityPoolId',
    'cognitoAuthenticationType',
    'cognitoAuthenticationProvider',
  ];
  const api = await createGuardedApi(stand, {
    routes: [
      { key: 'GET /', ...IAM },
      { key: 'GET /two', ...IAM, lambda: '2.0' },
      { key: 'GET /one', ...IAM, lambda: '1.0' },
    ],
    mappings: Object.fromEntries(
      names.map((name) => [`overwrite:header.x-${name}`, `$context.identity.${name}`]),
    ),
  });
  assert.equal((await call(api)).status, 200);
  assert.deepEqual(
    names.map((name) => valuesOf(stand.backend.requests[0]!.headers, `x-${name}`)[0]),
    [
      ACCOUNT,
      'AIDAREADER',
      'AIDAREADER',
      `arn:aws:iam::${ACCOUNT}:user/reader`,
      'o-1',
      'id-1',
      'pool-1',
      'authenticated',
      'login.example,pool',
    ],
  );
  const contextOf = async (path: string, signing: Signing = {}) => {
    stand.lambda.script();
    assert.equal((await call(api, { path }, signing)).status, 200);
    return JSON.parse(stand.lambda.invocations[0]!.event).requestContext;
  };
  const iam = {
    accessKey: 'AKIAREADER',
    accountId: ACCOUNT,
    callerId: 'AIDAREADER',
    cognitoIdentity: {
      amr: ['authenticated', 'login.example', 'pool'],
      identityId: 'id-1',
      identityPoolId: 'pool-1',
    },
    principalOrgId: 'o-1',
    userArn: `arn:aws:iam::${ACCOUNT}:user/reader`,
    userId: 'AIDAREADER',
  };
  assert.deepEqual((await contextOf('/two')).authorizer, { iam });
  const { identity, ...rest } = await contextOf('/one');
  assert.equal('authorizer' in rest, false);
  assert.deepEqual(
    [identity.accessKey, identity.caller, identity.user, identity.userArn, identity.cognitoIdentityId],
    ['AKIAREADER', 'AIDAREADER', 'AIDAREADER', iam.userArn, 'id-1'],
  );
  assert.deepEqual((await contextOf('/two', { accessKeyId: 'AKIAPLAIN' })).authorizer, {
    iam: {
      ...iam,
      accessKey: 'AKIAPLAIN',
      callerId: 'AKIAPLAIN',
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: `arn:aws:iam::${ACCOUNT}:user/AKIAPLAIN`,
      userId: 'AKIAPLAIN',
    },
  });
});

test('the signature is over the path form too (§6.4)', async (t) => {
  const stand = await startAuthorizerStand(t, [READER]);
  const api = await createGuardedApi(stand, { routes: [{ key: 'GET /a', ...IAM }], stages: ['prod'] });
  const host = `127.0.0.1:${stand.postern.port}`;
  assert.equal(refusalOf(await call(api, { host, path: `/_aws/execute-api/${api.apiId}/prod/a` })), '200');
});

test('an identity with policies manages what they allow alone (management-api.md §1.14)', async (t) => {
  const stand = await startAuthorizerStand(
    t,
    limited([
      { Effect: 'Allow', Action: 'apigateway:GET', Resource: 'arn:aws:apigateway:us-east-1::/apis*' },
      { Effect: 'Deny', Action: '*', Resource: 'arn:aws:apigateway:*::/apis/*/stages/$default' },
    ]),
  );
  const { apiId } = await createGuardedApi(stand);
  const client = new ApiGatewayV2({
    endpoint: `http://${stand.postern.host}:${stand.postern.port}`,
    region: 'us-east-1',
    credentials: KEY,
    maxAttempts: 1,
  });
  t.after(() => client.destroy());
  assert.equal((await client.getApi({ ApiId: apiId })).ApiId, apiId);
  const user = `arn:aws:iam::${ACCOUNT}:user/AKIAREADER`;
  const denied = (action: string, path: string) => ({
    name: 'AccessDeniedException',
    message: `User: ${user} is not authorized to perform: ${action} on resource: arn:aws:apigateway:us-east-1::${path}`,
  });
  await assert.rejects(client.deleteApi({ ApiId: apiId }), denied('apigateway:DELETE', `/apis/${apiId}`));
  await assert.rejects(
    client.getStage({ ApiId: apiId, StageName: '$default' }),
    denied('apigateway:GET', `/apis/${apiId}/stages/$default`),
  );
});
