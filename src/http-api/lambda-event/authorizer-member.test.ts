// What events tell about the caller: spec/http-api.md §3.6.2, §3.6.3, §6.2.6, §6.3.6.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeaderBlock } from '../../net/header-block.ts';
import type { Authorization } from '../../stage/authorization.ts';
import type { Call } from '../call.ts';
import { authorizerV1, authorizerV2, identityV1 } from './authorizer-member.ts';

const jwt = (scopes: readonly string[] | null): Authorization => ({
  kind: 'jwt',
  claims: new Map([
    ['sub', 'u-1'],
    ['"quoted"', '[admin poweruser]'],
  ]),
  scopes,
});

const lambda = (
  principalId: string | undefined,
  context: Record<string, unknown> | undefined,
): Authorization => ({
  kind: 'lambda',
  principalId,
  context: context === undefined ? undefined : new Map(Object.entries(context)),
});

const EXCHANGE = { remoteAddress: '203.0.113.7', headers: HeaderBlock.fromPairs(['User-Agent', 'curl']) };

const CALLER = {
  kind: 'iam',
  accessKey: 'AKIDEXAMPLE',
  accountId: '123456789012',
  callerId: 'AIDAEXAMPLE',
  cognitoIdentity: null,
  principalOrgId: null,
  userArn: 'arn:aws:iam::123456789012:user/ann',
  userId: 'AIDAEXAMPLE',
} as const;

const COGNITO_CALLER = {
  ...CALLER,
  cognitoIdentity: { amr: ['authenticated', 'idp', 'idp:sub'], identityId: 'i', identityPoolId: 'p' },
  principalOrgId: 'o-1',
} as const;

const claims = { sub: 'u-1', '"quoted"': '[admin poweruser]' };
const { kind: _, ...iam } = CALLER;
const { kind: __, ...cognito } = COGNITO_CALLER;

const table: readonly (readonly [name: string, Authorization, v1: unknown, v2: unknown])[] = [
  ['JWT without scopes', jwt(null), { claims, scopes: null }, { jwt: { claims, scopes: null } }],
  [
    'JWT with scopes',
    jwt(['a', 'b']),
    { claims, scopes: ['a', 'b'] },
    { jwt: { claims, scopes: ['a', 'b'] } },
  ],
  ['Lambda without context', lambda('p', undefined), { principalId: 'p' }, { lambda: null }],
  ['Lambda, simple, without context', lambda(undefined, undefined), {}, { lambda: null }],
  [
    'Lambda: types are kept in 2.0, text in 1.0',
    lambda('p', { s: 'x', n: 1.5, b: false, list: [1, 'a'], map: { a: null }, nothing: null }),
    { s: 'x', n: '1.5', b: 'false', list: '[1,"a"]', map: '{"a":null}', principalId: 'p' },
    { lambda: { s: 'x', n: 1.5, b: false, list: [1, 'a'], map: { a: null }, nothing: null } },
  ],
  [
    'Lambda: the principal is the authorizer’s, not the context’s',
    lambda('p', { principalId: 'forged' }),
    { principalId: 'p' },
    { lambda: { principalId: 'forged' } },
  ],
  [
    'Lambda: names of Object.prototype',
    lambda('p', JSON.parse('{"__proto__":"x","constructor":"y"}')),
    JSON.parse('{"__proto__":"x","constructor":"y","principalId":"p"}'),
    { lambda: JSON.parse('{"__proto__":"x","constructor":"y"}') },
  ],
  ['IAM', CALLER, undefined, { iam }],
  ['IAM by Cognito', COGNITO_CALLER, undefined, { iam: cognito }],
];

test('requestContext.authorizer of each kind and format', () => {
  for (const [name, authorization, v1, v2] of table) {
    const text = authorizerV1(authorization);
    assert.deepEqual(text === undefined ? undefined : JSON.parse(text), v1, `${name}, 1.0`);
    assert.deepEqual(JSON.parse(authorizerV2(authorization)), v2, `${name}, 2.0`);
  }
});

test('requestContext.identity has the IAM caller', () => {
  const of = (authorization: Authorization): unknown =>
    JSON.parse(identityV1({ authorization, exchange: EXCHANGE } as unknown as Call));
  const caller = {
    accessKey: 'AKIDEXAMPLE',
    accountId: '123456789012',
    caller: 'AIDAEXAMPLE',
    sourceIp: '203.0.113.7',
    user: 'AIDAEXAMPLE',
    userAgent: 'curl',
    userArn: 'arn:aws:iam::123456789012:user/ann',
  };
  assert.deepEqual(of(CALLER), {
    ...caller,
    cognitoAmr: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
  });
  assert.deepEqual(of(COGNITO_CALLER), {
    ...caller,
    cognitoAmr: ['authenticated', 'idp', 'idp:sub'],
    cognitoAuthenticationProvider: 'idp,idp:sub',
    cognitoAuthenticationType: 'authenticated',
    cognitoIdentityId: 'i',
    cognitoIdentityPoolId: 'p',
    principalOrgId: 'o-1',
  });
});
