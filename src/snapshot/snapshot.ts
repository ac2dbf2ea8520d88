// The executable configuration of the whole gateway: immutable, swapped by one assignment, never looked up in a store.
import type { HttpStage } from '../http-api/stage.ts';
import type { WebSocketStage } from '../websocket-api/stage.ts';
import type { StagesByName } from './deployed-stages.ts';
import { type DomainTable, NO_DOMAINS } from './domain-table.ts';

export type DeployedApi = DeployedHttpApi | DeployedWebSocketApi;

interface Deployed {
  readonly apiId: string;
  readonly accountId: string;
  readonly region: string;
}

export interface DeployedHttpApi extends Deployed {
  readonly kind: 'http';
  /** Those with a deployment, by name. */
  readonly stages: StagesByName<HttpStage>;
}

export interface DeployedWebSocketApi extends Deployed {
  readonly kind: 'websocket';
  /** Those with a deployment, by name. */
  readonly stages: StagesByName<WebSocketStage>;
}

export interface Snapshot {
  /** By api id, which is unique in the whole installation. */
  readonly apis: ReadonlyMap<string, DeployedApi>;
  readonly domains: DomainTable;
}

/** Where the snapshot that requests meet is found. */
export interface LiveSnapshot {
  readonly current: Snapshot;
  /** Calls `listener` after each swap, from the first listener to the last. Returns what ends that. */
  onSwap(listener: () => void): () => void;
}

export const EMPTY_SNAPSHOT: Snapshot = Object.freeze({ apis: new Map(), domains: NO_DOMAINS });
