// `$context` variables of HTTP APIs: their values, and events tell the same (spec/http-api.md §9.3, §3.6.2, §3.6.3).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InjectedExchange } from '../net/http1/inject.ts';
import type { Authorization } from '../stage/authorization.ts';
import { type ContextVariable, contextReader, logReader } from '../stage/context-variables.ts';
import { Call } from './call.ts';
import { CALL_CONTEXT } from './context.ts';
import { authorizerEvent } from './lambda-event/authorizer-event.ts';
import type { HttpRoute, HttpStage } from './stage.ts';

const ROUTE = { key: 'GET /pets/{id}', variableNames: ['id'] };

const STAGE: HttpStage = {
  accountId: '000000000000',
  region: 'us-east-1',
  apiId: 'a1',
  name: 'prod',
  deploymentId: 'd1',
  variables: new Map(),
  cors: undefined,
  executeApiDisabled: false,
  throttle: undefined,
  watch: { onOver() {}, accessLogEntry: () => undefined },
  router: { match: () => undefined },
};

const SIGNER: Authorization = {
  kind: 'iam',
  accessKey: 'AKIDEXAMPLE',
  accountId: '123456789012',
  callerId: 'AIDAEXAMPLE',
  cognitoIdentity: { amr: ['authenticated', 'idp', 'idp:sub'], identityId: 'i', identityPoolId: 'p' },
  principalOrgId: 'o-1',
  userArn: 'arn:aws:iam::123456789012:user/ann',
  userId: 'AIDAEXAMPLE',
};
const LAMBDA: Authorization = {
  kind: 'lambda',
  principalId: 'me',
  context: new Map<string, unknown>([
    ['tenant', 'acme'],
    ['latency', 7],
    ['claims', 'x'],
  ]),
};
const JWT: Authorization = { kind: 'jwt', claims: new Map([['sub', 'u-1']]), scopes: null };

function callBy(authorization: Authorization | undefined): Call {
  const exchange = new InjectedExchange(
    {
      target: '/prod/pets/1',
      headers: ['User-Agent', 'curl/8'],
      startedAt: 1_584_039_838_000,
      clientCertificate: {
        clientCertPem: 'PEM',
        subjectDN: 'CN=a',
        issuerDN: 'CN=b',
        serialNumber: '0a:1b',
        validity: { notBefore: 'May 28 12:30:02 2019 GMT', notAfter: 'Aug  5 09:36:04 2021 GMT' },
      },
    },
    () => {},
  );
  const domain = { name: 'api.test', prefix: 'api', forwardedHost: 'api.test' };
  const call = new Call(exchange, STAGE, domain, '/pets/1', '/prod/pets/1', '');
  call.route = { key: ROUTE.key } as HttpRoute;
  call.authorization = authorization;
  return call;
}

const VARIABLES: [name: string, variable: ContextVariable<Call>][] = Object.entries(CALL_CONTEXT.variables);

/** `a.b` of `{"a":{"b":1}}`. */
function memberAt(document: unknown, path: string): unknown {
  return path.split('.').reduce((of, name) => (of as Record<string, unknown>)[name], document);
}

test('requestContext has what the table says', () => {
  let members = 0;
  for (const authorization of [SIGNER, LAMBDA]) {
    const call = callBy(authorization);
    const [v1, v2] = (['1.0', '2.0'] as const).map(
      (format) => JSON.parse(authorizerEvent(format, STAGE, ROUTE)(call, 'arn', undefined)).requestContext,
    );
    for (const [name, { read, isNumber, isMember, memberV2 }] of VARIABLES) {
      const text = read?.(call);
      if (text === undefined) continue;
      const value = isNumber ? Number(text) : text;
      if (isMember) assert.equal(memberAt(v1, name), value, `${name} in 1.0`);
      if (memberV2 !== undefined) assert.equal(memberAt(v2, memberV2), value, `${name} in 2.0`);
      members += Number(isMember === true) + Number(memberV2 !== undefined);
    }
  }
  assert.ok(members > 60, `${members}`);
});

const ROWS: readonly (readonly [
  name: string,
  Authorization | undefined,
  inMappings: string | undefined,
  inLogs: string | undefined,
])[] = [
  ['identity.userArn', SIGNER, 'arn:aws:iam::123456789012:user/ann', 'arn:aws:iam::123456789012:user/ann'],
  ['identity.userArn', JWT, undefined, undefined],
  ['identity.cognitoAuthenticationProvider', SIGNER, 'idp,idp:sub', 'idp,idp:sub'],
  ['authorizer.claims.sub', JWT, 'u-1', 'u-1'],
  ['authorizer.jwt.claims.sub', JWT, 'u-1', 'u-1'],
  ['authorizer.claims.sub', LAMBDA, undefined, undefined],
  ['authorizer.claims', LAMBDA, undefined, undefined],
  ['authorizer.principalId', LAMBDA, 'me', 'me'],
  ['authorizer.tenant', LAMBDA, 'acme', 'acme'],
  ['authorizer.latency', LAMBDA, '7', '7'],
  ['authorizer.latency', JWT, undefined, undefined],
  ['status', undefined, undefined, '201'],
  ['responseLength', undefined, undefined, '0'],
  ['error.message', undefined, undefined, undefined],
  ['constructor', LAMBDA, undefined, undefined],
  ['nonsense', undefined, undefined, undefined],
];

test('values in mappings and in logs', () => {
  for (const [name, authorization, inMappings, inLogs] of ROWS) {
    const call = callBy(authorization);
    call.status = 201;
    assert.equal(contextReader(CALL_CONTEXT, name)(call), inMappings, `${name} in mappings`);
    assert.equal(logReader(CALL_CONTEXT, name)(call), inLogs, `${name} in logs`);
  }
});
