// Follows the frames a client sends before node:http2 reads them, for what it does not tell: how many fields a header block
// had, and floods of frames that ask for work and carry nothing (RFC 9113 §4, §6, §10.5).
import { FieldCount } from './field-count.ts';

const DATA = 0;
const HEADERS = 1;
const PRIORITY = 2;
const RST_STREAM = 3;
const SETTINGS = 4;
const PING = 6;
const WINDOW_UPDATE = 8;
const CONTINUATION = 9;

const END_STREAM = 0x1;
const ACK = 0x1;
const END_HEADERS = 0x4;
const PADDED = 0x8;
const WITH_PRIORITY = 0x20;

const PREFACE_BYTES = 24;
const HEAD_BYTES = 9;
const PRIORITY_BYTES = 5;

/** Frames that carry nothing: so many at once, and so many a second. Less than at which node:http2 ends a connection as if
 *  the error were its own. */
const BURST = 900;
const PER_SECOND = 30;
/** Header blocks that nobody has asked about: those of requests that node:http2 has refused. */
const MAX_UNASKED = 500;
/** Frames that go on with a header block: from the next one on node:http2 ends the connection as if the error were its own. */
const MAX_CONTINUATIONS = 8;

export class FrameWatch {
  /** Nothing more of the client is to be read. */
  isFlooded = false;
  readonly #now: () => number;
  readonly #fields = new FieldCount();
  /** Numbers of fields by stream; `later` has those of trailers that came before the request was asked about. */
  readonly #counts = new Map<number, number>();
  readonly #later = new Map<number, number>();
  #prefaceLeft = PREFACE_BYTES;
  readonly #head = Buffer.alloc(HEAD_BYTES);
  #headBytes = 0;
  #type = 0;
  #flags = 0;
  #stream = 0;
  /** Of the payload that has not come. */
  #left = 0;
  /** What of the payload stands in front of its header block, and whether the first byte of that tells the padding. */
  #frontLeft = 0;
  #isPaddingNext = false;
  #padding = 0;
  #continuations = 0;
  #tokens = BURST;
  #filledAt: number;

  /** `now` gives milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#filledAt = now();
  }

  /** How many fields the next header block of a stream had. Asked once a block, in their order; undefined when it is not
   *  known. */
  takeCount(stream: number): number | undefined {
    const count = this.#counts.get(stream);
    this.#counts.delete(stream);
    const later = this.#later.get(stream);
    if (later !== undefined) {
      this.#later.delete(stream);
      this.#counts.set(stream, later);
    }
    return count;
  }

  /** Takes what the client sent, in any pieces. */
  take(bytes: Buffer): void {
    let at = Math.min(this.#prefaceLeft, bytes.length);
    this.#prefaceLeft -= at;
    while (at < bytes.length && !this.isFlooded) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, bytes.length - at);
        if (this.#type === HEADERS || this.#type === CONTINUATION) this.#takeBlock(bytes, at, at + taken);
        this.#left -= taken;
        at += taken;
        if (this.#left === 0) this.#endFrame();
      } else {
        this.#head[this.#headBytes++] = bytes[at++]!;
        if (this.#headBytes === HEAD_BYTES) this.#beginFrame();
      }
    }
  }

  #beginFrame(): void {
    const head = this.#head;
    this.#headBytes = 0;
    this.#left = head.readUIntBE(0, 3);
    this.#type = head[3]!;
    this.#flags = head[4]!;
    this.#stream = head.readUInt32BE(5) & 0x7fffffff;
    if (this.#type === HEADERS) {
      this.#fields.reset();
      this.#continuations = 0;
      this.#isPaddingNext = (this.#flags & PADDED) !== 0;
      this.#frontLeft = (this.#isPaddingNext ? 1 : 0) + (this.#flags & WITH_PRIORITY ? PRIORITY_BYTES : 0);
    } else {
      this.#isPaddingNext = false;
      this.#frontLeft = 0;
    }
    this.#padding = 0;
    if (this.#type === CONTINUATION && ++this.#continuations > MAX_CONTINUATIONS) this.isFlooded = true;
    if (this.#carriesNothing()) this.#spend();
    if (this.#left === 0) this.#endFrame();
  }

  #carriesNothing(): boolean {
    switch (this.#type) {
      case DATA:
        return this.#left === 0 && (this.#flags & END_STREAM) === 0;
      case HEADERS:
      case WINDOW_UPDATE:
        return false;
      case CONTINUATION:
        return this.#left === 0;
      case SETTINGS:
      case PING:
        return (this.#flags & ACK) === 0;
      case PRIORITY:
      case RST_STREAM:
        return true;
      default:
        return true;
    }
  }

  #spend(): void {
    const now = this.#now();
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#filledAt) * PER_SECOND) / 1_000);
    this.#filledAt = now;
    this.#tokens--;
    if (this.#tokens < 0) this.isFlooded = true;
  }

  #takeBlock(bytes: Buffer, from: number, to: number): void {
    let at = from;
    while (at < to && this.#frontLeft > 0) {
      if (this.#isPaddingNext) {
        this.#padding = bytes[at]!;
        this.#isPaddingNext = false;
      }
      this.#frontLeft--;
      at++;
    }
    // The padding is the payload's end.
    const behind = this.#left - (to - from);
    const end = Math.min(to, to + behind - this.#padding);
    if (at < end) this.#fields.take(bytes, at, end);
  }

  #endFrame(): void {
    if ((this.#type !== HEADERS && this.#type !== CONTINUATION) || (this.#flags & END_HEADERS) === 0) return;
    const counts = this.#counts.has(this.#stream) ? this.#later : this.#counts;
    counts.set(this.#stream, this.#fields.count);
    if (counts.size > MAX_UNASKED) this.isFlooded = true;
  }
}
