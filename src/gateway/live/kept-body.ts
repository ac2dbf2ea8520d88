// The beginning of a body that goes by, kept for who looks: read on its way, never held up.
import type { BodySink, BodySource, IncomingBody } from '../../net/body.ts';
import type { Bytes } from '../../net/bytes.ts';

/** What is kept of one body, in bytes. */
const KEPT_BYTES = 65_536;

export class KeptBody {
  /** All that came. */
  bytes = 0;
  /** The first of them, in latin1: a copy, for sources use their memory again. */
  start = '';

  add(chunk: Bytes): void {
    this.bytes += chunk.length;
    const room = KEPT_BYTES - this.start.length;
    if (room > 0) this.start += startOf(chunk, room);
  }
}

/** A copy of the first bytes that keeps nothing else alive. */
export function startOf(bytes: Bytes, length = KEPT_BYTES): string {
  if (typeof bytes !== 'string') return bytes.toString('latin1', 0, Math.min(length, bytes.length));
  return bytes.length <= length ? bytes : Buffer.from(bytes.slice(0, length), 'latin1').toString('latin1');
}

/** A sink that notes what goes on into another. */
export class NotingSink implements BodySink {
  readonly #kept: KeptBody;
  readonly #sink: BodySink;

  constructor(kept: KeptBody, sink: BodySink) {
    this.#kept = kept;
    this.#sink = sink;
  }

  get isFlushed(): boolean {
    return this.#sink.isFlushed === true;
  }

  begin(source: BodySource): void {
    this.#sink.begin(source);
  }

  write(chunk: Bytes): boolean {
    this.#kept.add(chunk);
    return this.#sink.write(chunk);
  }

  end(): void {
    this.#sink.end();
  }

  abort(cause: string): void {
    this.#sink.abort(cause);
  }
}

/** A body that arrives while it is noted what does. */
export class NotedBody implements IncomingBody {
  readonly length: number;
  readonly whole = undefined;
  readonly kept = new KeptBody();
  #body: IncomingBody | undefined;
  #receivedBytes = 0;

  constructor(body: IncomingBody) {
    this.length = body.length;
    this.#body = body;
  }

  get receivedBytes(): number {
    return this.#body?.receivedBytes ?? this.#receivedBytes;
  }

  pipe(sink: BodySink): void {
    this.#body?.pipe(new NotingSink(this.kept, sink));
  }

  read(maxBytes: number, done: (body: Buffer | undefined, cause?: string) => void): void {
    this.#body?.read(maxBytes, (body, cause) => {
      if (body !== undefined) this.kept.add(body);
      done(body, cause);
    });
  }

  discard(): void {
    this.#body?.discard();
  }

  /** The request is over: the connection that it came by is let go. */
  settle(): void {
    this.#receivedBytes = this.receivedBytes;
    this.#body = undefined;
  }
}
