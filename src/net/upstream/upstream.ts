// The contract of a connection pool towards one origin.
import type { IncomingBody } from '../body.ts';
import type { HeaderBlock } from '../header-block.ts';

/** Where a pool's connections go. Two origins with equal members share one pool. */
export interface Origin {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** SNI and the name checked against the certificate; the host when absent (spec/http-api.md §3.3, §3.5). */
  readonly serverName?: string;
}

export interface UpstreamRequest {
  readonly method: string;
  /** Start line and header lines as latin1 text, each ended by CRLF, without framing headers (Content-Length,
   *  Transfer-Encoding, Connection) and without the closing blank line: the connection writes those from `body`. */
  readonly head: string;
  readonly body: IncomingBody;
  /** From `send` to the end of the reply (spec/http-api.md §3.8). */
  readonly timeoutInMillis: number;
  /** Largest reply body accepted, in bytes; a larger one is a failure with cause `oversize`. */
  readonly maxReplyBytes: number;
}

export type FailureCause =
  | 'dns'
  | 'connect'
  | 'tls'
  | 'reset' // the connection ended before a complete head
  | 'timeout'
  | 'malformed'
  | 'oversize'
  | 'noTarget' // a private integration has no healthy target
  | 'aborted'; // by UpstreamCall.abort, or because the request body was not complete

export interface UpstreamReply {
  readonly status: number;
  readonly headers: HeaderBlock;
  /** Whether every header name is already spelled canonically: `Content-Type`, `X-Err` (spec/http-api.md §3.4). */
  readonly canonical: boolean;
  readonly body: IncomingBody;
}

/** Gets exactly one of the two calls. After `onReply` a failure shows as the body's `abort`. 1xx replies are skipped.
 *  `error` is what the system said, where it said something. */
export interface UpstreamHandler {
  onReply(reply: UpstreamReply): void;
  onFailure(cause: FailureCause, error?: unknown): void;
}

export interface UpstreamCall {
  /** Where it goes; undefined while that is not decided. */
  readonly origin: Origin | undefined;
  /** Gives up: the connection is destroyed, `onFailure('aborted')` follows if no reply has come. May be called late. */
  abort(): void;
}

export interface Upstream {
  send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall;
}

/** The pool of one origin. */
export interface OriginUpstream extends Upstream {
  readonly origin: Origin;
}

/** All pools of a process, shared by the snapshots that use them. */
export interface UpstreamPools {
  /** The pool of an origin, made when there is none, with one more user. */
  acquire(origin: Origin): OriginUpstream;
  /** One user less; a pool without users closes its idle connections and ends with its last call. */
  release(upstream: OriginUpstream): void;
  close(): Promise<void>;
}
