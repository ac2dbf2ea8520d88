// A listener with the door of WebSocket APIs and hand-made stages behind it, whose integrations and clock a test holds in its
// hands.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { forbid, SocketDoor } from '../../src/gateway/socket-door.ts';
import { HeaderBlock } from '../../src/net/header-block.ts';
import { createListener } from '../../src/net/listener/listener.ts';
import type { DeployedWebSocketApi } from '../../src/snapshot/snapshot.ts';
import { AccountConnections } from '../../src/websocket-api/connections/account-connections.ts';
import { ConnectGate } from '../../src/websocket-api/connections/connect-gate.ts';
import { HUB_DEFAULTS, Hub, type OpenConnection } from '../../src/websocket-api/connections/hub.ts';
import type { Registry } from '../../src/websocket-api/connections/registry.ts';
import type { SocketEvent } from '../../src/websocket-api/event.ts';
import type {
  SocketAnswer,
  SocketFailed,
  SocketRoute,
  WebSocketStage,
} from '../../src/websocket-api/stage.ts';
import { FORGETFUL_REGISTRY } from './forgetful-runtime.ts';
import { SocketClient } from './socket-client.ts';

export type Integrate = (
  event: SocketEvent,
) => SocketAnswer | SocketFailed | Promise<SocketAnswer | SocketFailed>;

export interface StandOptions {
  /** What a message comes to; without it is sent back. */
  readonly message?: Integrate;
  readonly connect?: Integrate;
  readonly disconnect?: Integrate | undefined;
  readonly admitsOne?: (event: SocketEvent) => boolean;
  readonly maxConnections?: number;
  readonly registry?: Registry;
  readonly executeApiDisabled?: boolean;
  readonly codec?: 'fast' | 'reference';
}

export function answered(body: string | Buffer, status = 200, headers: readonly string[] = []): SocketAnswer {
  return { kind: 'answered', status, headers: HeaderBlock.fromPairs([...headers]), body };
}

export type SocketStand = Awaited<ReturnType<typeof startSocketStand>>;

const API_ID = 'a1b2c3d4e5';

export async function startSocketStand(options: StandOptions = {}) {
  const ended: { readonly id: string; readonly code: number; readonly reason: string }[] = [];
  const waiting = new Set<() => void>();
  const defects: unknown[] = [];
  const events: SocketEvent[] = [];
  /** The events that integrations were called with, by kind; the last of each. */
  const pending = new Map<SocketEvent['kind'], SocketEvent>();
  const noting =
    (integrate: Integrate): Integrate =>
    (event) => {
      pending.set(event.kind, event);
      return integrate(event);
    };
  const routeOf = (key: string, integrate: Integrate): SocketRoute => makeRoute(key, noting(integrate));
  const clock = { now: Date.UTC(2026, 0, 1) };
  const stage: WebSocketStage = {
    apiId: API_ID,
    accountId: '000000000000',
    region: 'us-east-1',
    name: 'test',
    deploymentId: 'dep123',
    variables: new Map(),
    executeApiDisabled: options.executeApiDisabled ?? false,
    routeSelection: () => '$default',
    routeSelectionExpression: '$request.body.action',
    routes: new Map([['$default', routeOf('$default', options.message ?? (({ body }) => answered(body)))]]),
    apiKeySource: 'header',
    connectThrottle: undefined,
    connectRoute: options.connect === undefined ? undefined : routeOf('$connect', options.connect),
    disconnectRoute:
      options.disconnect === undefined ? undefined : routeOf('$disconnect', options.disconnect),
    watch: {
      onOver(event) {
        events.push(event);
        if (event.disconnect !== undefined) ended.push({ id: event.connection.id, ...event.disconnect });
        for (const look of waiting) look();
      },
      accessLogEntry: () => undefined,
      onPosted() {},
      tracesData: () => false,
    },
  };
  const stages = new Map([['test', stage]]);
  const accounts = new AccountConnections(options.maxConnections);
  const gate = new ConnectGate();
  const hub = new Hub({
    settings: HUB_DEFAULTS,
    stageOf: (apiId, name) => (apiId === API_ID ? stages.get(name) : undefined),
    onDefect: (error) => defects.push(error),
    now: () => clock.now,
    processNumber: 7,
    accounts,
    registry: options.registry ?? FORGETFUL_REGISTRY,
  });
  const door = new SocketDoor({
    hub,
    accounts,
    gate,
    connect: {
      checkApiKey: () => undefined,
      admitsOne: options.admitsOne,
      registry: options.registry,
      onDefect: (error) => defects.push(error),
    },
    connections: (exchange) => exchange.send(200, '', '@connections'),
  });
  const api: DeployedWebSocketApi = {
    kind: 'websocket',
    apiId: API_ID,
    accountId: stage.accountId,
    region: stage.region,
    stages,
  };
  const listener = createListener({
    ...(options.codec === undefined ? {} : { codec: options.codec }),
    onExchange(exchange) {
      const [rawPath = '', query = ''] = exchange.target.split('?', 2);
      const domain = { name: 'api.example.com', prefix: 'api', forwardedHost: 'api.example.com' };
      if (!door.serve(exchange, api, { domain, rawPath, query, stage: undefined })) forbid(exchange);
    },
    onDefect: (error) => defects.push(error),
  });
  const { port } = await listener.listen('127.0.0.1', 0);
  const target = { host: '127.0.0.1', port, path: '/test', authority: 'api.example.com' };
  return {
    ...target,
    hub,
    gate,
    stages,
    clock,
    events,
    /** What `$disconnect` was told of. */
    ended,
    defects,
    pending,
    connections: () => listener.connections,
    /** Lets the event loop go round once. */
    turn: () => new Promise<void>((resolve) => void setImmediate(resolve)),
    open: (lines = '', first?: Buffer) => SocketClient.open({ ...target, lines }, first),
    /** Until that many connections have ended. */
    async untilEnded(count: number): Promise<void> {
      while (ended.length < count) {
        await new Promise<void>((resolve) => {
          const look = (): void => {
            waiting.delete(look);
            resolve();
          };
          waiting.add(look);
        });
      }
    },
    async close(): Promise<void> {
      await hub.close(0);
      await listener.close(0);
    },
  };
}

function makeRoute(key: string, integrate: Integrate): SocketRoute {
  return {
    key,
    routeId: 'route12',
    authorizationType: 'NONE',
    authorizer: undefined,
    apiKeyRequired: false,
    requiredParameters: [],
    throttle: undefined,
    validate: undefined,
    modelOf: undefined,
    integration: {
      invoke: integrate,
      explain: () => ({}),
      reply: (_event, { status, body, headers }) => ({
        kind: 'reply',
        status,
        data: body,
        subprotocol: headers.first('sec-websocket-protocol'),
      }),
    },
    isTwoWay: true,
  };
}

/** A stand that ends with the test, and lets it fail for a defect. */
export async function standFor(
  t: Pick<TestContext, 'after'>,
  options: StandOptions = {},
): Promise<SocketStand> {
  const stand = await startSocketStand({ disconnect: () => answered(''), ...options });
  t.after(async () => {
    await stand.close();
    assert.deepEqual(stand.defects, []);
  });
  return stand;
}

/** The one connection that is open. */
export function onlyConnection(stand: SocketStand): OpenConnection {
  const found = stand.hub.find(stand.events.at(-1)!.connection.id);
  assert.ok(found);
  return found;
}

/** The one connection has ended, once, and `$disconnect` was told so. */
export async function assertEnded(stand: SocketStand, code: number, reason: string): Promise<void> {
  await stand.untilEnded(1);
  await stand.turn();
  assert.deepEqual(
    stand.ended.map((each) => [each.code, each.reason]),
    [[code, reason]],
  );
  assert.equal(stand.hub.size, 0);
}
