// Turns the bytes of one backend connection into replies (RFC 9112 §6, §7). Knows no socket: bytes in, calls out.
import type { IncomingBody } from '../body.ts';
import type { Bytes } from '../bytes.ts';
import type { HeaderBlock } from '../header-block.ts';
import { CHUNK_DATA, CHUNK_END, CHUNK_MALFORMED, ChunkDecoder } from '../http1/chunked.ts';
import { INCOMPLETE, isCanonicalName, MALFORMED } from '../http1/scan.ts';
import { type BodyFlow, StreamedBody } from '../streamed-body.ts';
import { NO_BODY, WholeBody } from '../whole-body.ts';
import { emptyReplyHead, readReplyHead, scanReplyHead, scanUsualReplyHead } from './reply-head.ts';
import type { FailureCause, UpstreamReply } from './upstream.ts';

/** Bytes a reply's head may have, status line and blank line included. */
const MAX_REPLY_HEAD_BYTES = 65_536;

/** Reads up to this size become text in full, so that a small reply is handed over whole, as pieces of one string. */
const TEXT_BYTES = 20_480;
/** Of larger reads this much becomes text, to find the head in; the rest is copied as bytes. */
const HEAD_TEXT_BYTES = 4_096;
/** A head in pieces is scanned again when a line has ended or this much has come. */
const RESCAN_BYTES = 1_024;

const SILENT = 0;
const HEAD = 1;
const SIZED = 2;
const CHUNKED = 3;
const UNTIL_END = 4;

export interface ReplyListener {
  /** The final reply's head, with all of its body when `isComplete`; else `onEnd` or `onBroken` follows. */
  onReply(reply: UpstreamReply, isComplete: boolean): void;
  onEnd(): void;
  /** The bytes are no reply, or too many. The reader is silent again; `abandon` has not been called. */
  onBroken(cause: FailureCause): void;
}

class Reply implements UpstreamReply {
  readonly status: number;
  readonly headers: HeaderBlock;
  readonly body: IncomingBody;

  constructor(status: number, headers: HeaderBlock, body: IncomingBody) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  get canonical(): boolean {
    const { text, spans } = this.headers;
    for (let i = 0; i < spans.length; i += 4) {
      if (!isCanonicalName(text, spans[i]!, spans[i + 1]!)) return false;
    }
    return true;
  }
}

export class ReplyReader {
  /** Whether a byte of the reply has come. */
  hasBegun = false;
  /** Whether the connection can carry another request behind the reply. Valid from `onReply` with `isComplete`, or
   *  `onEnd`, on. */
  isPersistent = false;
  readonly #listener: ReplyListener;
  readonly #head = emptyReplyHead();
  #state = SILENT;
  #isHead = false;
  #maxBytes = 0;
  #flow: BodyFlow | undefined;
  /** A head in pieces: what has come, and how much of that was scanned last time. */
  #text = '';
  #scanned = 0;
  /** An interim reply said that the connection will close. */
  #isClosing = false;
  #body: StreamedBody | undefined;
  /** SIZED: bytes to come. */
  #left = 0;
  #received = 0;
  #decoder: ChunkDecoder | undefined;

  constructor(listener: ReplyListener) {
    this.#listener = listener;
  }

  get isSilent(): boolean {
    return this.#state === SILENT;
  }

  get keepAliveSeconds(): number {
    return this.#head.keepAliveSeconds;
  }

  /** A request goes out; its reply is to come. `maxBytes` bounds its body, `flow` is what a streamed body brakes. */
  expect(method: string, maxBytes: number, flow: BodyFlow): void {
    this.#state = HEAD;
    this.#isHead = method === 'HEAD';
    this.#maxBytes = maxBytes;
    this.#flow = flow;
    this.hasBegun = false;
    this.#isClosing = false;
    this.isPersistent = false;
  }

  /** Forgets the reply; whose body has begun gets it back to fail it. */
  abandon(): StreamedBody | undefined {
    const body = this.#body;
    this.#reset();
    return body;
  }

  /** Takes the first `length` bytes of a buffer, which is not kept. */
  read(buffer: Buffer, length: number): void {
    this.hasBegun = true;
    // Bytes leave the buffer before anybody is called: it is shared by all connections.
    if (this.#state === HEAD) this.#readHead(buffer, length);
    else if (this.#state !== SILENT) this.#readStream(buffer, length);
  }

  /** Hands on a piece of a streamed body in memory that is used again as soon as nobody keeps it: a fast client costs no
   *  garbage. */
  #readStream(buffer: Buffer, length: number): void {
    const body = this.#body!;
    if (spare.length < length) spare = Buffer.allocUnsafeSlow(buffer.length);
    buffer.copy(spare, 0, 0, length);
    this.#readBody(spare.subarray(0, length));
    if (!body.isFlushed) spare = Buffer.alloc(0);
  }

  /** The connection's other end has closed. */
  end(): void {
    if (this.#state === SILENT) return;
    if (this.#state === UNTIL_END) this.#complete();
    else if (this.#text !== '' && scanReplyHead(this.#text, this.#head) === MALFORMED)
      this.#break('malformed');
    else this.#break('reset');
  }

  #reset(): void {
    this.#state = SILENT;
    this.#text = '';
    this.#scanned = 0;
    this.#body = undefined;
    this.#flow = undefined;
    this.#decoder = undefined;
  }

  #break(cause: FailureCause): void {
    this.#state = SILENT;
    this.#listener.onBroken(cause);
  }

  #readHead(buffer: Buffer, length: number): void {
    if (this.#text === '' && this.#readUsualHead(buffer, length)) return;
    let at = length <= TEXT_BYTES ? length : HEAD_TEXT_BYTES;
    let piece = buffer.toString('latin1', 0, at);
    let text = piece;
    if (this.#text !== '') {
      text = this.#text + piece;
      if (!piece.includes('\n') && text.length - this.#scanned < RESCAN_BYTES) {
        this.#text = text;
        return;
      }
    }
    for (;;) {
      const end = scanReplyHead(text, this.#head);
      if (end === INCOMPLETE) {
        if (text.length >= MAX_REPLY_HEAD_BYTES) {
          this.#break('malformed');
          return;
        }
        if (at === length) {
          this.#text = text;
          this.#scanned = text.length;
          return;
        }
        piece = buffer.toString('latin1', at, length);
        text += piece;
        at = length;
      } else if (end === MALFORMED || end > MAX_REPLY_HEAD_BYTES) {
        this.#break('malformed');
        return;
      } else if (this.#head.status < 200) {
        const { status, isChunked } = this.#head;
        // We asked for no upgrade, and an interim reply has no body (RFC 9110 §15.2, §8.6).
        if (status === 101 || isChunked || this.#head.length > 0) {
          this.#break('malformed');
          return;
        }
        if (!this.#head.isPersistent) this.#isClosing = true;
        text = text.substring(end);
        if (text === '' && at === length) {
          this.#text = '';
          this.#scanned = 0;
          return;
        }
      } else {
        this.#text = '';
        this.#scanned = 0;
        this.#beginBody(text, end, at < length ? copyOf(buffer, at, length) : undefined);
        return;
      }
    }
  }

  /** The head that nearly all replies have: complete in one read, and final. False when it is another, or malformed. */
  #readUsualHead(buffer: Buffer, length: number): boolean {
    const head = this.#head;
    const end = scanUsualReplyHead(buffer, length, head);
    if (end < 0 || end > MAX_REPLY_HEAD_BYTES) return false;
    const at = length <= TEXT_BYTES ? length : end;
    const text = buffer.toString('latin1', 0, at);
    if (!readReplyHead(text, end, head)) return false;
    this.#beginBody(text, end, at < length ? copyOf(buffer, at, length) : undefined);
    return true;
  }

  /** The head is complete; its body begins in `text` at `from` and goes on in `rest`. */
  #beginBody(text: string, from: number, rest: Buffer | undefined): void {
    const head = this.#head;
    const isEmpty = rest === undefined && from === text.length;
    this.isPersistent = head.isPersistent && !this.#isClosing;
    this.#received = 0;
    if (this.#isHead || head.status === 204 || head.status === 304) {
      // A 204 that announces a body might send one: nothing behind it can be trusted.
      const announces = head.status === 204 && (head.isChunked || head.length > 0);
      this.#deliverWhole(NO_BODY, isEmpty && !announces);
    } else if (head.isChunked) {
      this.#beginChunked(text, from, rest);
    } else if (head.length >= 0) {
      this.#beginSized(text, from, rest, isEmpty);
    } else {
      this.isPersistent = false;
      this.#deliverStreamed(UNTIL_END, -1, text.substring(from), rest);
    }
  }

  #beginSized(text: string, from: number, rest: Buffer | undefined, isEmpty: boolean): void {
    const { length } = this.#head;
    if (length > this.#maxBytes) {
      this.#break('oversize');
      return;
    }
    const end = from + length;
    if (end > text.length) {
      this.#left = length;
      this.#deliverStreamed(SIZED, length, text.substring(from), rest);
    } else if (length === 0) this.#deliverWhole(NO_BODY, isEmpty);
    else {
      const isExact = end === text.length && rest === undefined;
      this.#deliverWhole(new WholeBody(text.substring(from, end)), isExact);
    }
  }

  #beginChunked(text: string, from: number, rest: Buffer | undefined): void {
    const decoder = new ChunkDecoder();
    let decoded = '';
    let at = from;
    let step = decoder.step(text, at);
    while (step === CHUNK_DATA) {
      decoded += text.substring(decoder.start, decoder.end);
      at = decoder.end;
      step = decoder.step(text, at);
    }
    if (step === CHUNK_MALFORMED) {
      this.#break('malformed');
      return;
    }
    if (decoded.length > this.#maxBytes) {
      this.#break('oversize');
      return;
    }
    if (step === CHUNK_END) {
      const isExact = decoder.end === text.length && rest === undefined;
      this.#deliverWhole(decoded === '' ? NO_BODY : new WholeBody(decoded), isExact);
      return;
    }
    this.#decoder = decoder;
    this.#received = decoded.length;
    const body = this.#deliverHead(CHUNKED, -1);
    if (decoded !== '' && this.#body === body) body.push(decoded);
    if (rest !== undefined && this.#body === body) this.#readBody(rest);
  }

  #deliverWhole(body: IncomingBody, isExact: boolean): void {
    const head = this.#head;
    this.#reset();
    // Bytes behind the reply answer no request: whoever sent them cannot be trusted with another.
    if (!isExact) this.isPersistent = false;
    this.#listener.onReply(new Reply(head.status, head.headers, body), true);
  }

  #deliverHead(state: number, length: number): StreamedBody {
    const head = this.#head;
    const body = new StreamedBody(length, this.#flow!);
    this.#state = state;
    this.#body = body;
    this.#listener.onReply(new Reply(head.status, head.headers, body), false);
    return body;
  }

  #deliverStreamed(state: number, length: number, first: string, rest: Buffer | undefined): void {
    const body = this.#deliverHead(state, length);
    if (first !== '' && this.#body === body) this.#readBody(first);
    if (rest !== undefined && this.#body === body) this.#readBody(rest);
  }

  /** Takes bytes of a streamed body; they are ours to keep. */
  #readBody(bytes: Bytes): void {
    if (this.#state === CHUNKED) {
      this.#readChunked(bytes as Buffer);
      return;
    }
    let piece = bytes;
    if (this.#state === SIZED) {
      if (bytes.length > this.#left) {
        piece = typeof bytes === 'string' ? bytes.substring(0, this.#left) : bytes.subarray(0, this.#left);
      }
      this.#left -= piece.length;
    } else {
      this.#received += bytes.length;
      if (this.#received > this.#maxBytes) {
        this.#break('oversize');
        return;
      }
    }
    const body = this.#body!;
    body.push(piece);
    if (this.#body !== body || this.#state !== SIZED || this.#left > 0) return;
    if (piece.length < bytes.length) this.isPersistent = false;
    this.#complete();
  }

  #readChunked(bytes: Buffer): void {
    const decoder = this.#decoder!;
    // The data of all chunks is moved together, so that one read is one write.
    let used = 0;
    let at = 0;
    let step = decoder.step(bytes, at);
    while (step === CHUNK_DATA) {
      if (decoder.start !== used) bytes.copyWithin(used, decoder.start, decoder.end);
      used += decoder.end - decoder.start;
      at = decoder.end;
      step = decoder.step(bytes, at);
    }
    if (step === CHUNK_MALFORMED) {
      this.#break('malformed');
      return;
    }
    this.#received += used;
    if (this.#received > this.#maxBytes) {
      this.#break('oversize');
      return;
    }
    const body = this.#body!;
    if (used > 0) body.push(used === bytes.length ? bytes : bytes.subarray(0, used));
    if (step !== CHUNK_END || this.#body !== body) return;
    if (decoder.end < bytes.length) this.isPersistent = false;
    this.#complete();
  }

  #complete(): void {
    const body = this.#body!;
    this.#reset();
    // The connection is free before the body's end starts something new.
    this.#listener.onEnd();
    body.finish();
  }
}

/** Where pieces of streamed bodies travel. */
let spare = Buffer.alloc(0);

function copyOf(buffer: Buffer, from: number, to: number): Buffer {
  return Buffer.from(buffer.subarray(from, to));
}
