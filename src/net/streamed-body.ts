// A body that arrives in pieces: whoever reads the connection pushes, whoever wants the body pulls the brake.
import { invariant } from '../defect.ts';
import type { BodySink, BodySource, IncomingBody } from './body.ts';
import { type Bytes, bufferOf } from './bytes.ts';

/** The connection a streamed body comes from. All three may be called again without effect. */
export interface BodyFlow {
  pauseBody(): void;
  resumeBody(): void;
  /** Nobody wants what is still to come. `push` may be called on, to no effect. */
  dropBody(): void;
}

/** Holds what is pushed until there is a sink, and while the sink is full; the flow is paused meanwhile, so that is the
 *  rest of one read at most. */
export class StreamedBody implements IncomingBody, BodySource {
  readonly length: number;
  receivedBytes = 0;
  readonly whole = undefined;
  readonly #flow: BodyFlow;
  #sink: BodySink | undefined;
  #held: Bytes[] = [];
  #taken = false;
  #full = false;
  #complete = false;
  #failure: string | undefined;
  /** The last call to the sink is made, or there will be none. */
  #over = false;

  constructor(length: number, flow: BodyFlow) {
    this.length = length;
    this.#flow = flow;
  }

  push(chunk: Bytes): void {
    this.receivedBytes += chunk.length;
    if (this.#over || this.#failure !== undefined) return;
    if (this.#sink === undefined || this.#full || this.#held.length > 0) {
      this.#held.push(chunk);
      this.#flow.pauseBody();
    } else if (!this.#sink.write(chunk)) {
      this.#full = true;
      this.#flow.pauseBody();
    }
  }

  /** Whether nothing that was pushed is kept any more: its memory may be used again. */
  get isFlushed(): boolean {
    return this.#held.length === 0 && (this.#over || this.#sink?.isFlushed === true);
  }

  /** All of it has been pushed. */
  finish(): void {
    this.#complete = true;
    if (this.#sink !== undefined && !this.#full && this.#held.length === 0) this.#endSink();
  }

  /** It will not be complete; `cause` is a code for logs. */
  fail(cause: string): void {
    if (this.#complete) return;
    this.#failure = cause;
    this.#held = [];
    if (this.#over || this.#sink === undefined) return;
    this.#over = true;
    this.#sink.abort(cause);
  }

  pipe(sink: BodySink): void {
    invariant(!this.#taken, 'a body is taken once');
    this.#taken = true;
    if (this.#over) return;
    this.#sink = sink;
    sink.begin(this);
    if (this.#over) return;
    if (this.#failure === undefined) this.#deliver();
    else this.fail(this.#failure);
  }

  read(maxBytes: number, done: (body: Buffer | undefined, cause?: string) => void): void {
    this.pipe(new Collector(maxBytes, done));
  }

  discard(): void {
    this.#taken = true;
    this.cancel();
  }

  resume(): void {
    if (this.#over || !this.#full) return;
    this.#full = false;
    this.#deliver();
  }

  cancel(): void {
    if (this.#over) return;
    this.#over = true;
    this.#held = [];
    this.#flow.dropBody();
  }

  #deliver(): void {
    while (this.#held.length > 0 && !this.#full && !this.#over) {
      if (!this.#sink!.write(this.#held.shift()!)) this.#full = true;
    }
    if (this.#full || this.#over) return;
    if (this.#complete) this.#endSink();
    else this.#flow.resumeBody();
  }

  #endSink(): void {
    if (this.#over) return;
    this.#over = true;
    this.#sink!.end();
  }
}

/** Collects a body up to a bound. */
class Collector implements BodySink {
  readonly #maxBytes: number;
  readonly #done: (body: Buffer | undefined, cause?: string) => void;
  #source: BodySource | undefined;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number, done: (body: Buffer | undefined, cause?: string) => void) {
    this.#maxBytes = maxBytes;
    this.#done = done;
  }

  begin(source: BodySource): void {
    this.#source = source;
  }

  write(chunk: Bytes): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) {
      this.#chunks = [];
      this.#source!.cancel();
      this.#done(undefined, 'oversize');
      return true;
    }
    this.#chunks.push(bufferOf(chunk));
    return true;
  }

  end(): void {
    this.#done(this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#bytes));
  }

  abort(cause: string): void {
    this.#done(undefined, cause);
  }
}
