// The WebSocket connections of a data plane, and what their clients have to get past.
import { SocketDoor } from '../gateway/socket-door.ts';
import type { Exchange } from '../net/exchange.ts';
import type { LiveSnapshot } from '../snapshot/snapshot.ts';
import type { StageMeans } from '../snapshot/stage-means.ts';
import { AccountThrottles } from '../stage/throttle.ts';
import { ApiKeys } from '../websocket-api/api-keys.ts';
import { AccountConnections } from '../websocket-api/connections/account-connections.ts';
import { ConnectGate } from '../websocket-api/connections/connect-gate.ts';
import { ConnectionsApi } from '../websocket-api/connections/connections-api.ts';
import type { Elsewhere } from '../websocket-api/connections/elsewhere.ts';
import { Hub } from '../websocket-api/connections/hub.ts';
import type { ConnectionRow, Registry } from '../websocket-api/connections/registry.ts';
import type { SocketEvent } from '../websocket-api/event.ts';
import type { QuotaSource } from '../websocket-api/quota-source.ts';
import type { ConnectMeans } from '../websocket-api/serve-connect.ts';
import type { LiveParts } from './live-settings.ts';
import type { RoleMeans } from './role.ts';

/** What clients may take to answer that their connection is forgotten. */
const ANSWER_MILLIS = 25;

export interface SocketsMeans extends RoleMeans {
  readonly snapshots: LiveSnapshot;
  readonly stageMeans: Pick<StageMeans, 'identities' | 'accountThrottles'>;
  readonly registry: Registry;
  readonly quotas: QuotaSource;
  readonly onDefect: (error: unknown, exchange: Exchange) => void;
  /** The process's, as ids of its connections name it; 0 when absent. */
  readonly processNumber?: (() => number) | undefined;
  /** Connections of other processes; undefined where there are none. */
  readonly elsewhere?: Elsewhere | undefined;
}

export interface Sockets {
  readonly hub: Hub;
  readonly door: SocketDoor;
  /** For connect requests after which nobody is connected. */
  readonly connect: ConnectMeans;
  /** Tells the end of a connection that a process has left which is gone. Never rejects. */
  tellLost(row: ConnectionRow, code: number, reason: string): Promise<void>;
  /** Closes all connections, with their ends told; what keys and accounts have used is forgotten. */
  forget(deadlineMillis: number): Promise<void>;
  /** Tells no more ends, and gives back what is left in hand of quotas. */
  close(): Promise<void>;
  readonly live: LiveParts;
}

export function createSockets(means: SocketsMeans): Sockets {
  const { settings, log, clock, snapshots, stageMeans, registry, quotas, onDefect } = means;
  const { apiKeys, webSocket } = settings.sections;
  const { identities, accountThrottles } = stageMeans;
  const onSocketDefect = (err: unknown, event: SocketEvent): void =>
    log('socket-event.defect', { err, requestId: event.requestId });
  const accounts = new AccountConnections(webSocket.maxConnections);
  const hub = new Hub({
    settings: webSocket,
    stageOf: (apiId, stageName) => {
      const api = snapshots.current.apis.get(apiId);
      return api?.kind === 'websocket' ? api.stages.get(stageName) : undefined;
    },
    onDefect: onSocketDefect,
    now: () => clock.epoch(),
    get processNumber() {
      return means.processNumber?.() ?? 0;
    },
    accounts,
    registry,
  });
  snapshots.onSwap(() => hub.sweep());
  clock.onAhead(() => hub.tick());
  const keys = new ApiKeys(apiKeys, quotas, clock, accountThrottles.buckets);
  const newConnections = new AccountThrottles(webSocket.newConnections, {
    clock,
    buckets: accountThrottles.buckets,
    what: '/connects',
  });
  const connections = new ConnectionsApi({
    hub,
    elsewhere: means.elsewhere,
    identities,
    throttleOf: ({ accountId, region }) => accountThrottles.throttleOf(accountId, region),
    onDefect,
  });
  const connect: ConnectMeans = {
    checkApiKey: (event) => keys.check(event),
    admitsOne: ({ stage }) =>
      newConnections.throttleOf(stage.accountId, stage.region)?.admits(performance.now()) ?? true,
    onDefect: onSocketDefect,
  };
  return {
    hub,
    connect,
    door: new SocketDoor({
      hub,
      connect: { ...connect, registry },
      accounts,
      gate: new ConnectGate(),
      connections: (exchange, stage, rawId) => connections.serve(exchange, stage, rawId),
    }),
    tellLost: (row, code, reason) =>
      hub.tellLost(row, code, reason).catch((err: unknown) => {
        log('registry.row-unreadable', { connectionId: row.id, err });
        registry.leave(row.id);
      }),
    async forget(deadlineMillis) {
      await keys.forget();
      newConnections.forget();
      // Clients that do not answer are let go, and then only the ends are waited for.
      await hub.closeAll(Math.min(ANSWER_MILLIS, deadlineMillis));
      await hub.closeAll(deadlineMillis);
    },
    async close() {
      hub.stopTelling();
      await keys.close();
    },
    live: { apiKeys: { apply: (next) => keys.replace(next.sections.apiKeys) } },
  };
}
