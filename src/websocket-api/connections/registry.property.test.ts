// What the registry keeps of a connection is all that an end's event needs: the event of a connection that was read back says what
// that of the open one does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../../test/support/num-runs.ts';
import { type ContextVariable, contextReader, logReader } from '../../stage/context-variables.ts';
import { textOf } from '../../template/print-value.ts';
import { EVENT_CONTEXT } from '../context.ts';
import { SocketEvent } from '../event.ts';
import { proxyEvent } from '../integrations/lambda-event.ts';
import type { SocketRoute, WebSocketStage } from '../stage.ts';
import type { Connection } from './connection.ts';
import { newConnectionId } from './connection-id.ts';
import { connectionOf, rowOf } from './registry.ts';

const STAGE = { apiId: 'a1b2c3d4e5', name: 'prod', variables: new Map() } as unknown as WebSocketStage;
const ROUTE = { key: '$disconnect', authorizationType: 'CUSTOM' } as SocketRoute;

const text = fc.string({ unit: 'binary' });
const names = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'principalId', 'tenant'));

const lambda = fc.record({
  kind: fc.constant('lambda' as const),
  principalId: fc.option(text, { nil: undefined }),
  context: fc.option(
    fc.array(fc.tuple(names, fc.jsonValue())).map((entries) => new Map<string, unknown>(entries)),
    { nil: undefined },
  ),
});

const iam = fc.record({
  ...{ kind: fc.constant('iam' as const), accessKey: text, accountId: text, callerId: text, userArn: text },
  userId: text,
  cognitoIdentity: fc.option(fc.record({ amr: fc.array(text), identityId: text, identityPoolId: text }), {
    nil: null,
  }),
  principalOrgId: fc.option(text, { nil: null }),
});

const connections: fc.Arbitrary<Connection> = fc.record({
  id: fc.integer({ min: 0, max: 65_535 }).map(newConnectionId),
  ...{ apiId: text, accountId: text, region: text, stageName: text, sourceIp: text },
  connectedAt: fc.integer({ min: 0, max: 4e12 }),
  domain: fc.record({ name: text, prefix: text, forwardedHost: text }),
  userAgent: fc.option(text, { nil: undefined }),
  authorization: fc.oneof(fc.constant(undefined), lambda, iam),
  apiKey: fc.option(fc.record({ value: text, id: text }), { nil: undefined }),
});

function endOf(connection: Connection, requestedAt: number): SocketEvent {
  const event = new SocketEvent(connection, STAGE, { kind: 'DISCONNECT', code: 1006, reason: '' });
  event.route = ROUTE;
  return Object.assign(event, { requestedAt });
}

/** Everything that integrations, templates and logs can ask of an event. */
function allOf(event: SocketEvent): readonly unknown[] {
  const variables = Object.entries<ContextVariable<SocketEvent>>(EVENT_CONTEXT.variables);
  const contextKeys =
    event.authorization?.kind === 'lambda' ? [...(event.authorization.context?.keys() ?? [])] : [];
  return [
    event.requestId,
    proxyEvent(event),
    textOf(event.context),
    ...variables.map(([name]) => [
      name,
      contextReader(EVENT_CONTEXT, name)?.(event),
      logReader(EVENT_CONTEXT, name)(event),
    ]),
    ...contextKeys.map((key) => contextReader(EVENT_CONTEXT, `authorizer.${key}`)?.(event)),
    JSON.stringify(event.connection.domain),
  ];
}

test('the end of a connection that was read back is told as that of an open one', () => {
  fc.assert(
    fc.property(connections, (connection) => {
      const row = rowOf(connection);
      // As a disk or another process gives it.
      const restored = connectionOf({ id: row.id, info: Buffer.from(row.info).toString() });
      assert.deepEqual(allOf(endOf(restored, 5)), allOf(endOf(connection, 5)));
      assert.deepEqual(rowOf(restored), row);
    }),
    { numRuns: NUM_RUNS },
  );
});

test('ends of one connection have one request id, those of others another', () => {
  const [one, other] = [newConnectionId(0), newConnectionId(0)];
  const requestIdOf = (id: string): string => endOf({ ...({} as Connection), id }, 0).requestId;
  assert.equal(requestIdOf(one), requestIdOf(one));
  assert.notEqual(requestIdOf(one), requestIdOf(other));
  assert.match(requestIdOf(one), /^[A-Za-z0-9_-]{15}=$/);
});
