// What it takes to try a draft of a WebSocket API's integration on one message or connect request, as plain data.
import type { FrozenApi } from '../../config/frozen.ts';
import type { Authorization } from '../../stage/authorization.ts';
import type { DraftBackend } from '../../stage/draft-backend.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';

export interface SocketDraftRun {
  readonly stage: StageIdentity;
  /** The API with the draft as its only integration; routes that lead to others are there for their keys. */
  readonly frozen: FrozenApi;
  /** The keys of routes that lead to the draft, that of the trial first. */
  readonly routeKeys: readonly string[];
  /** Whether a function's answer is the answer itself, and no proxy response. */
  readonly isCustom: boolean;
  /** Undefined: the connect request is tried. */
  readonly message: string | undefined;
  /** Of the connect request: absolute, or a path with a query; and its headers, flat [name, value, …], latin1. */
  readonly url: string;
  readonly headers: readonly string[];
  readonly sourceIp: string | undefined;
  /** What an authorizer has found. */
  readonly authorization: Authorization | undefined;
  readonly backend: DraftBackend;
}
