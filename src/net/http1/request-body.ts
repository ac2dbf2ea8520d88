// A request's body while it is read: collected when it is small, else passed on as it comes (RFC 9112 §6).
import type { IncomingBody } from '../body.ts';
import { type BodyFlow, StreamedBody } from '../streamed-body.ts';
import { NO_BODY, WholeBody } from '../whole-body.ts';
import { CHUNK_DATA, CHUNK_END, CHUNK_MORE, ChunkDecoder } from './chunked.ts';

/** The input is consumed, more is to come. */
export const BODY_MORE = 0;
export const BODY_COMPLETE = 1;
export const BODY_MALFORMED = 2;
export const BODY_OVERSIZE = 3;

export class RequestBody {
  /** How far the input of the last `take` is consumed. */
  end = 0;
  /** Ticker time of the body's begin. */
  since: number;
  #streamed: StreamedBody | undefined = undefined;
  readonly #decoder: ChunkDecoder | undefined;
  #collected: Buffer[] = [];
  readonly #length: number;
  /** Bytes that may still come; with Content-Length, that will. */
  #left: number;

  /** `length` is -1 when chunked, which may then be up to `maxBytes`. */
  constructor(length: number, maxBytes: number, now: number) {
    this.#length = length;
    this.#decoder = length < 0 ? new ChunkDecoder() : undefined;
    this.#left = length < 0 ? maxBytes : length;
    this.since = now;
  }

  /** The body from now on passes on what it takes, beginning, with `release`, with what it has taken. */
  stream(flow: BodyFlow): StreamedBody {
    this.#streamed = new StreamedBody(this.#length, flow);
    return this.#streamed;
  }

  release(): void {
    const collected = this.#collected;
    this.#collected = [];
    for (const piece of collected) this.#streamed!.push(piece);
  }

  get isStreamed(): boolean {
    return this.#streamed !== undefined;
  }

  /** All of it, after BODY_COMPLETE, when it is not streamed. */
  whole(): IncomingBody {
    const collected = this.#collected;
    if (collected.length === 0) return NO_BODY;
    return new WholeBody(collected.length === 1 ? collected[0]! : Buffer.concat(collected));
  }

  /** Bytes to read before the next request; unbounded when chunked. */
  get missing(): number {
    return this.#decoder === undefined ? this.#left : Number.POSITIVE_INFINITY;
  }

  /** Takes input from a position. Not all of it need be consumed when the result is BODY_MORE. */
  take(input: Buffer, from: number): number {
    if (this.#decoder !== undefined) return this.#takeChunked(this.#decoder, input, from);
    this.end = Math.min(input.length, from + this.#left);
    this.#left -= this.end - from;
    this.#push(input.subarray(from, this.end));
    return this.#left === 0 ? BODY_COMPLETE : BODY_MORE;
  }

  /** Takes all input there is, unless the body ends before. */
  takeAll(input: Buffer, from: number): number {
    let taken = BODY_MORE;
    this.end = from;
    while (taken === BODY_MORE && this.end < input.length) taken = this.take(input, this.end);
    return taken;
  }

  #takeChunked(decoder: ChunkDecoder, input: Buffer, from: number): number {
    const step = decoder.step(input, from);
    this.end = decoder.end;
    if (step === CHUNK_MORE) return BODY_MORE;
    if (step === CHUNK_END) return BODY_COMPLETE;
    if (step !== CHUNK_DATA) return BODY_MALFORMED;
    this.#left -= decoder.end - decoder.start;
    if (this.#left < 0) return BODY_OVERSIZE;
    this.#push(input.subarray(decoder.start, decoder.end));
    return BODY_MORE;
  }

  #push(piece: Buffer): void {
    if (this.#streamed === undefined) this.#collected.push(piece);
    else this.#streamed.push(piece);
  }

  /** After BODY_COMPLETE. */
  finish(): void {
    this.#streamed?.finish();
  }

  /** Nothing more is passed on; what still comes may be taken on, to no effect. */
  fail(cause: string): void {
    this.#streamed?.fail(cause);
  }
}
