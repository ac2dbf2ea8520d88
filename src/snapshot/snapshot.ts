// The executable configuration of the whole gateway: immutable, swapped by one assignment, never looked up in a store.
import type { HttpStage } from '../http-api/stage.ts';

export interface DeployedApi {
  readonly apiId: string;
  readonly accountId: string;
  readonly region: string;
  /** Stages with a deployment, by name. */
  readonly stages: ReadonlyMap<string, HttpStage>;
}

export interface Snapshot {
  /** By api id, which is unique in the whole installation. */
  readonly apis: ReadonlyMap<string, DeployedApi>;
}

export const EMPTY_SNAPSHOT: Snapshot = Object.freeze({ apis: new Map() });
