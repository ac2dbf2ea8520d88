// `$context` variables of WebSocket APIs: their values, and events and templates tell the same (spec/websocket-api.md §3.3, §5.7.4).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeaderBlock } from '../net/header-block.ts';
import { type ContextVariable, contextReader, logReader } from '../stage/context-variables.ts';
import { textOf } from '../template/print-value.ts';
import type { VMap } from '../template/values.ts';
import type { Connection } from './connections/connection.ts';
import { EVENT_CONTEXT } from './context.ts';
import { SocketEvent } from './event.ts';
import { FORBIDDEN } from './failures.ts';
import { proxyEvent } from './integrations/lambda-event.ts';
import type { SocketRoute, WebSocketStage } from './stage.ts';

const STAGE = { apiId: 'a1b2c3d4e5', name: 'prod', variables: new Map() } as unknown as WebSocketStage;

const SIGNER: Connection['authorization'] = {
  kind: 'iam',
  accessKey: 'AKIDEXAMPLE',
  accountId: '123456789012',
  callerId: 'AIDAEXAMPLE',
  cognitoIdentity: { amr: ['authenticated', 'idp', 'idp:sub'], identityId: 'i', identityPoolId: 'p' },
  principalOrgId: 'o-1',
  userArn: 'arn:aws:iam::123456789012:user/ann',
  userId: 'AIDAEXAMPLE',
};
const LAMBDA: Connection['authorization'] = {
  kind: 'lambda',
  principalId: 'me',
  context: new Map<string, unknown>([
    ['tenant', 'acme'],
    ['principalId', 'forged'],
    ['status', 'own'],
  ]),
};

const WHAT: readonly ConstructorParameters<typeof SocketEvent>[2][] = [
  {
    kind: 'CONNECT',
    request: {
      headers: HeaderBlock.fromPairs(['User-Agent', 'curl/8']),
      query: '',
      target: '/prod',
      host: 'api.test',
      scheme: 'http',
    },
  },
  { kind: 'MESSAGE', body: '{"a":1}' },
  { kind: 'DISCONNECT', code: 1001, reason: 'Going away' },
];

function eventOf(what: (typeof WHAT)[number], authorization: Connection['authorization']): SocketEvent {
  const connection: Connection = {
    id: 'AAAAAAAAAAAAAAA=',
    apiId: 'a1b2c3d4e5',
    stageName: 'prod',
    accountId: '123456789012',
    region: 'us-east-1',
    connectedAt: 1_584_039_838_000,
    domain: { name: 'api.test', prefix: 'api', forwardedHost: 'api.test' },
    sourceIp: '192.0.2.1',
    userAgent: 'curl/8',
    authorization,
    apiKey: { value: 'key', id: 'k1' },
  };
  const event = new SocketEvent(connection, STAGE, what);
  event.route = { key: '$default' } as SocketRoute;
  return event;
}

const EVENTS = WHAT.flatMap((what) => [SIGNER, LAMBDA].map((authorization) => eventOf(what, authorization)));
const VARIABLES: [name: string, variable: ContextVariable<SocketEvent>][] = Object.entries(
  EVENT_CONTEXT.variables,
);

/** Names of the texts and numbers in a document: `identity.sourceIp`. */
function namesIn(document: object, start = ''): string[] {
  return Object.entries(document).flatMap(([name, value]) =>
    typeof value === 'object' ? namesIn(value, `${start}${name}.`) : [start + name],
  );
}

test('requestContext has the members of the table, and no others', () => {
  for (const event of EVENTS) {
    const { authorizer, ...requestContext } = JSON.parse(proxyEvent(event)).requestContext;
    const all = { ...requestContext, authorizer: { principalId: authorizer?.principalId } };
    const expected = VARIABLES.flatMap(([name, { isMember, isNumber }]) => {
      const text = isMember ? logReader(EVENT_CONTEXT, name)(event) : undefined;
      return text === undefined ? [] : [[name, isNumber ? Number(text) : text] as const];
    });
    for (const [name, value] of expected) {
      const found = name.split('.').reduce((of, key) => of[key], all);
      assert.equal(found, value, name);
    }
    const names = new Set(expected.map(([name]) => name));
    assert.deepEqual(
      namesIn(requestContext).filter((name) => !names.has(name)),
      [],
    );
  }
});

test('templates have the variables in the order of the table, the authorizer’s together', () => {
  for (const event of EVENTS) {
    const names = VARIABLES.filter(([, { read }]) => read?.(event) !== undefined).map(([name]) => name);
    const [first, ...more] = new Set(names.map((name) => name.replace(/\..*/, '')));
    const { entries } = event.context;
    assert.deepEqual([...entries.keys()], [first, ...more, 'requestOverride', 'responseOverride']);
    assert.deepEqual(
      [...(entries.get('identity') as VMap).entries.keys()].map((key) => `identity.${String(key)}`),
      names.filter((name) => name.startsWith('identity.')),
    );
    const told: string = event.authorization === LAMBDA ? '{principalId=me, tenant=acme, status=own}' : '';
    assert.equal(textOf(entries.get('authorizer') ?? ''), told);
    assert.equal(entries.get('requestTimeEpoch'), BigInt(event.requestedAt));
  }
});

const ROWS: readonly (readonly [
  name: string,
  authorization: Connection['authorization'],
  inTemplates: string | undefined,
  inLogs: string | undefined,
])[] = [
  ['identity.userArn', SIGNER, 'arn:aws:iam::123456789012:user/ann', 'arn:aws:iam::123456789012:user/ann'],
  ['identity.principalOrgId', SIGNER, undefined, 'o-1'],
  ['authorizer.principalId', LAMBDA, 'me', 'me'],
  ['authorizer.tenant', LAMBDA, 'acme', 'acme'],
  ['authorizer.status', LAMBDA, 'own', undefined],
  ['error.message', SIGNER, undefined, 'Forbidden'],
  ['error.messageString', SIGNER, '"Forbidden"', 'Forbidden'],
  ['status', SIGNER, '403', '403'],
  ['httpMethod', SIGNER, undefined, undefined],
  ['constructor', LAMBDA, undefined, undefined],
];

test('values in templates and in logs', () => {
  for (const [name, authorization, inTemplates, inLogs] of ROWS) {
    const event = eventOf(WHAT[0]!, authorization);
    event.status = 403;
    event.failure = FORBIDDEN;
    assert.equal(contextReader(EVENT_CONTEXT, name)(event), inTemplates, `${name} in templates`);
    assert.equal(logReader(EVENT_CONTEXT, name)(event), inLogs, `${name} in logs`);
  }
});
