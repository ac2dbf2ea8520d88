// What the primary asks of a worker: the data plane of a process, as methods that can be called from another one.
import { TruststoreError } from '../../net/tls/truststore.ts';
import type { Settings } from '../../settings/settings.ts';
import type { RequestFilter, RequestSummary } from '../../stage/request-summary.ts';
import { StoreError } from '../../store/store-error.ts';
import type { ConnectionRow } from '../../websocket-api/connections/registry.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { DataPlaneLink } from '../data-plane-link.ts';
import { StartError } from '../listening.ts';
import type { SettingKey } from '../live-settings.ts';

/** Errors that a worker's methods promise. */
export const CALL_ERRORS = { ServiceError, StartError, StoreError, TruststoreError, TypeError };

/** What a worker begins with. */
export interface Beginning {
  /** Its place among the workers. */
  readonly slot: number;
  /** Those in force. */
  readonly settings: Settings;
  /** The gateway's, where the settings may have 0. */
  readonly port: number;
  /** How its log looks, and whether each request has a line in it. */
  readonly output: { readonly pretty: boolean; readonly colour: boolean; readonly logsRequests: boolean };
  /** Other processes listen there by SO_REUSEPORT. */
  readonly shared: 'shared' | undefined;
  /** The primary's door, for what comes to a shared port; undefined where the doors have listeners of their own. */
  readonly managementSocket: string | undefined;
  /** The SQLite file that it follows, in the data directory. */
  readonly file: string;
  /** The newest change that is committed. */
  readonly latestChange: number;
  /** By name or ARN, and where they are called: the path of a Unix socket. */
  readonly functions: { readonly names: readonly string[]; readonly socket: string };
}

/** Of DataPlaneLink as it is. */
type Linked =
  | 'connections'
  | 'trouble'
  | 'digest'
  | 'processes'
  | 'stages'
  | 'counts'
  | 'traffic'
  | 'domains'
  | 'explain'
  | 'explainSocket'
  | 'runDraft'
  | 'runSocketDraft';

export interface WorkerCalls extends Pick<DataPlaneLink, Linked> {
  /** Opens the data plane. Tells which settings it takes while it runs. Throws StartError and StoreError. */
  begin(beginning: Beginning): Promise<readonly SettingKey[]>;
  /** Serves from now on. Throws StartError. */
  listen(): Promise<void>;
  /** Resolves with true once the changes up to a number are live, with false when that takes too long. */
  liveUpTo(change: number): Promise<boolean>;
  /** By name or ARN, all that there are. */
  setFunctions(names: readonly string[]): Promise<void>;
  /** Tries what may fail of other settings, and takes nothing. Throws what is wrong with them. */
  prepareSettings(next: Settings): Promise<void>;
  /** Takes them, and resolves once they are live. Throws what is wrong with them. */
  takeSettings(next: Settings): Promise<void>;
  /** A truststore of S3 was read anew, and is kept in the data directory. */
  truststoreKept(uri: string, version: string | undefined): Promise<void>;
  reopenLogs(): Promise<void>;
  listRequests(filter: RequestFilter, limit: number): Promise<readonly RequestSummary[]>;
  oneRequest(id: string, filter: RequestFilter): Promise<object | undefined>;
  /** Tells batches of requests, by REQUESTS, until `unsubscribe`. False where live requests are off. */
  subscribe(number: number, filter: RequestFilter): Promise<boolean>;
  unsubscribe(number: number): Promise<void>;
  requestsMode(): ReturnType<DataPlaneLink['liveRequests']['mode']>;
  /** Stops accepting, and lets what is in flight finish. */
  drain(deadlineMillis: number): Promise<void>;
  /** What is draining has less time than was said. */
  hasten(deadlineMillis: number): Promise<void>;
  /** Tells the end of a connection that a process has left which is gone. */
  tellLost(row: ConnectionRow, code: number, reason: string): Promise<void>;
  rowsOf(connectionIds: readonly string[]): Promise<readonly ConnectionRow[]>;
  cutOff(isTakenOver: boolean): Promise<void>;
  /** Ends may be told for so long. */
  tellFor(millis: number): Promise<void>;
  close(deadlineMillis: number): Promise<void>;
}
