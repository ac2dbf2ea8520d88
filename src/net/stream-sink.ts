// The body of a reply on its way into one of Node's streams: counted against the length its head has promised, with
// backpressure (RFC 9112 §6.3, RFC 9113 §8.1.1).
import type { Writable } from 'node:stream';
import type { BodySink, BodySource } from './body.ts';
import { type Bytes, bufferOf } from './bytes.ts';

/** What an exchange hears of its reply. */
export interface ReplyEnd {
  /** The body is with the stream completely. */
  onReplyDone(bodyBytes: number): void;
  /** The reply cannot be completed. */
  breakReply(): void;
}

export class StreamSink implements BodySink {
  readonly #stream: Writable;
  readonly #reply: ReplyEnd;
  readonly #bodied: boolean;
  #left: number;
  /** Of the body, handed over so far. */
  bodyBytes = 0;
  #source: BodySource | undefined = undefined;
  #over = false;
  #lost = false;

  /** Without `bodied` what is written goes nowhere; `length` -1 is not known. */
  constructor(stream: Writable, reply: ReplyEnd, bodied: boolean, length: number) {
    this.#stream = stream;
    this.#reply = reply;
    this.#bodied = bodied;
    this.#left = length < 0 ? Number.POSITIVE_INFINITY : length;
  }

  begin(source: BodySource): void {
    this.#source = source;
    if (this.#lost) source.cancel();
    else this.#stream.on('drain', () => source.resume());
  }

  write(chunk: Bytes): boolean {
    if (this.#over || !this.#bodied || chunk.length === 0) return true;
    this.#left -= chunk.length;
    this.bodyBytes += chunk.length;
    // A reply of node:http can say no without a 'drain' to come.
    if (this.#left >= 0) return this.#stream.write(bufferOf(chunk)) || !this.#stream.writableNeedDrain;
    this.#source?.cancel();
    this.abort();
    return true;
  }

  end(): void {
    if (this.#over) return;
    if (this.#bodied && Number.isFinite(this.#left) && this.#left !== 0) {
      this.abort();
      return;
    }
    this.#over = true;
    this.#stream.end();
    this.#reply.onReplyDone(this.bodyBytes);
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#reply.breakReply();
  }

  /** Nobody is there to write to. */
  lose(): void {
    this.#lost = true;
    if (this.#over) return;
    this.#over = true;
    this.#source?.cancel();
  }
}
