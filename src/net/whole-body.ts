// A body that is all there: small requests and replies, refusals, tests.
import type { BodySink, BodySource, IncomingBody } from './body.ts';
import { type Bytes, bufferOf } from './bytes.ts';

/** Stateless, so one object may serve many messages. */
export class WholeBody implements IncomingBody {
  readonly length: number;
  readonly whole: Bytes;

  constructor(bytes: Bytes) {
    this.length = bytes.length;
    this.whole = bytes;
  }

  get receivedBytes(): number {
    return this.length;
  }

  pipe(sink: BodySink): void {
    const source = new WholeSource();
    sink.begin(source);
    if (!source.cancelled && this.length > 0) sink.write(this.whole);
    if (!source.cancelled) sink.end();
  }

  read(maxBytes: number, done: (body: Buffer | undefined) => void): void {
    done(this.length > maxBytes ? undefined : bufferOf(this.whole));
  }

  discard(): void {}
}

/** There is only one chunk, so there is nothing to hold back. */
class WholeSource implements BodySource {
  cancelled = false;
  resume(): void {}
  cancel(): void {
    this.cancelled = true;
  }
}

export const NO_BODY = new WholeBody('');
