// Bounds on what a client may send and how long it may take (spec/http-api.md §3.9; the times are not published by AWS).

export interface HttpLimits {
  /** Request line and header lines. More is answered with 431. */
  readonly headBytes: number;
  /** Request body. More is answered with 413, or ends the connection when the reply has begun. */
  readonly bodyBytes: number;
  /** Requests whose body may be larger, when its length is declared. Asked only about those that are. */
  readonly largeBodies?: LargeBodies | undefined;
  /** From the first byte of a head to its end. */
  readonly headMillis: number;
  /** Between two pieces of a request body, while we are willing to read. */
  readonly bodyPauseMillis: number;
  /** From the head to the end of the body, time spent waiting for us not counted. */
  readonly bodyMillis: number;
  /** Between requests, and before the first. */
  readonly idleMillis: number;
  /** A reply is ready and the client takes nothing of it. */
  readonly writeStallMillis: number;
  /** After a reply that ends the connection, for the client to notice (RFC 9112 §9.6). */
  readonly lingerMillis: number;
  /** Connections at a time. Further ones are closed at once. */
  readonly connections: number;
}

/** A request as far as its head says where it goes. */
interface Addressed {
  readonly method: string;
  readonly target: string;
  readonly host: string;
}

export interface LargeBodies {
  readonly bytes: number;
  allow(request: Addressed): boolean;
}

/** What the declared length of a body may be that is over `bodyBytes`. */
export function largeBodyLimit({ bodyBytes, largeBodies }: HttpLimits, request: Addressed): number {
  return largeBodies?.allow(request) ? largeBodies.bytes : bodyBytes;
}

export const DEFAULT_LIMITS: HttpLimits = Object.freeze({
  headBytes: 10_240,
  bodyBytes: 10_485_760,
  headMillis: 10_000,
  bodyPauseMillis: 30_000,
  bodyMillis: 300_000,
  idleMillis: 75_000,
  writeStallMillis: 60_000,
  lingerMillis: 5_000,
  connections: 100_000,
});

/** Content-Length bodies up to here are handed over complete; larger ones, and chunked ones, as they arrive. */
export const WHOLE_BODY_BYTES = 65_536;

/** Left of an unwanted request body that is read to keep the connection; with more to come it is closed. */
export const DRAIN_BYTES = 65_536;
