// Bodies on their way through the gateway: pushed, with backpressure, in either direction.
import type { Bytes } from './bytes.ts';

/** Where a body goes. `begin` is the first call, exactly one of `end` and `abort` the last. */
export interface BodySink {
  begin(source: BodySource): void;
  /** Takes a chunk. Returns false when the source should pause until the sink calls `source.resume()`.
   *  The chunk may be kept: sources use its memory again only where `isFlushed` allows it. */
  write(chunk: Bytes): boolean;
  /** Whether nothing that was written is kept any more. Absent: it may always be. */
  readonly isFlushed?: boolean;
  end(): void;
  /** The body will not be complete. `cause` is a code for logs. */
  abort(cause: string): void;
}

/** The running source of a `pipe`. */
export interface BodySource {
  /** Called by the sink after a `write` returned false. */
  resume(): void;
  /** The sink gives up: its end was lost. Nothing more arrives at the sink after this. */
  cancel(): void;
}

/** A body that arrives. Exactly one of `pipe`, `read` and `discard` is called, once; with `whole` set none is needed. */
export interface IncomingBody {
  /** Declared bytes; 0 for none; -1 when only the end will tell. */
  readonly length: number;
  /** Bytes that have arrived so far. */
  readonly receivedBytes: number;
  /** All of it, when it has arrived before the message was handed over ('' when there is none). */
  readonly whole: Bytes | undefined;
  /** Pushes the body into a sink. Works on a `whole` body too. */
  pipe(sink: BodySink): void;
  /** Collects the body. `done(undefined, cause)` when it will not be complete, with the cause of `BodySink.abort`, or when
   *  it exceeds `maxBytes`, with `oversize`. */
  read(maxBytes: number, done: (body: Buffer | undefined, cause?: string) => void): void;
  /** Nobody wants it. */
  discard(): void;
}
