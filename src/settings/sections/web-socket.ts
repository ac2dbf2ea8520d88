// `webSocket:` time-outs of WebSocket connections, and how many an account may open (spec/websocket-api.md §7.1, §7.3):
//
//   webSocket: { idleSeconds: 600, lifeSeconds: 7200, newConnectionsPerSecond: 500, maxConnections: 100000 }

import type { BucketNumbers } from '../../stage/throttle.ts';
import { HUB_DEFAULTS, type HubSettings } from '../../websocket-api/connections/hub.ts';
import { choice, defaulted, integer, into, number, objectOf, optional, section } from '../shape.ts';

interface WebSocketSettings extends HubSettings {
  /** Of an account in a region; undefined: as many as come. */
  readonly newConnections: BucketNumbers | undefined;
  /** Open ones of an account in a region; undefined: as many as come. */
  readonly maxConnections: number | undefined;
  /** Whether rows of the registry are only good in PostgreSQL: while it is away, clients are refused. */
  readonly isRegistryRequired: boolean;
  /** Over which they are closed when the program ends; undefined: as `stopTimesOf` says. */
  readonly drainMillis: number | undefined;
}

const MOST_SECONDS = 30 * 24 * 60 * 60;
const MOST_CONNECTIONS = 1_000_000;
const MOST_OPEN = 100_000_000;
const MOST_DRAIN_SECONDS = 3_600;

const members = objectOf({
  idleSeconds: defaulted(
    'How long a connection lasts without a message.',
    number(1, MOST_SECONDS),
    HUB_DEFAULTS.idleMillis / 1_000,
  ),
  lifeSeconds: defaulted(
    'How long a connection lasts from the connect on.',
    number(1, MOST_SECONDS),
    HUB_DEFAULTS.lifeMillis / 1_000,
  ),
  newConnectionsPerSecond: optional(
    "How many connections an account may open in a region, AWS's limit being 500; not said, as many as come.",
    integer(1, MOST_CONNECTIONS),
  ),
  maxConnections: optional(
    'How many connections an account may have open in a region; not said, as many as come.',
    integer(1, MOST_OPEN),
  ),
  registry: optional(
    'required: while PostgreSQL is away, clients of stages with a $disconnect integration are refused with 503, in place of being written down on the disk of their node.',
    choice(['required']),
  ),
  drainSeconds: optional(
    'The time over which connections are closed when the program ends, so that their clients do not come back all at once (4; 60 for a node of a cluster).',
    number(0, MOST_DRAIN_SECONDS),
  ),
});

export const webSocket = section<WebSocketSettings>(
  'Connections of WebSocket APIs.',
  into(
    members,
    ({
      idleSeconds,
      lifeSeconds,
      newConnectionsPerSecond: rate,
      maxConnections,
      drainSeconds,
      registry,
    }) => ({
      idleMillis: idleSeconds * 1_000,
      lifeMillis: lifeSeconds * 1_000,
      newConnections: rate === undefined ? undefined : { rateLimit: rate, burstLimit: rate },
      maxConnections,
      isRegistryRequired: registry === 'required',
      drainMillis: drainSeconds === undefined ? undefined : drainSeconds * 1_000,
    }),
  ),
  {
    ...HUB_DEFAULTS,
    newConnections: undefined,
    maxConnections: undefined,
    isRegistryRequired: false,
    drainMillis: undefined,
  },
);
