// `webSocket:` time-outs of WebSocket connections, and how many an account may open (spec/websocket-api.md §7.1, §7.3):
//
//   webSocket: { idleSeconds: 600, lifeSeconds: 7200, newConnectionsPerSecond: 500 }

import type { BucketNumbers } from '../../stage/throttle.ts';
import { HUB_DEFAULTS, type HubSettings } from '../../websocket-api/connections/hub.ts';
import type { ConfigNode } from '../config-node.ts';

export interface WebSocketSettings extends HubSettings {
  /** Of an account in a region; undefined: as many as come. */
  readonly newConnections: BucketNumbers | undefined;
}

const MOST_SECONDS = 30 * 24 * 60 * 60;
const MOST_CONNECTIONS = 1_000_000;

export function readWebSocket(node: ConfigNode | undefined): WebSocketSettings {
  const members = node?.members(['idleSeconds', 'lifeSeconds', 'newConnectionsPerSecond']);
  const idle = members?.get('idleSeconds')?.number(1, MOST_SECONDS);
  const life = members?.get('lifeSeconds')?.number(1, MOST_SECONDS);
  const rate = members?.get('newConnectionsPerSecond')?.integer(1, MOST_CONNECTIONS);
  return {
    idleMillis: idle === undefined ? HUB_DEFAULTS.idleMillis : idle * 1_000,
    lifeMillis: life === undefined ? HUB_DEFAULTS.lifeMillis : life * 1_000,
    newConnections: rate === undefined ? undefined : { rateLimit: rate, burstLimit: rate },
  };
}
