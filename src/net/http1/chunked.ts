// Strict incremental decoder of the chunked transfer coding (RFC 9112 §7.1), for requests and replies. Extensions are
// checked and ignored, trailers are checked and dropped. No leniency: hex digits, then `;` or CRLF, nothing between.
import type { Bytes } from '../bytes.ts';
import { FIELD, octets, TOKEN } from './octets.ts';

/** All input is consumed; more is needed. */
export const CHUNK_MORE = 0;
/** Input from `start` to `end` is body. Call again from `end`. */
export const CHUNK_DATA = 1;
/** The body is complete; what follows `end` belongs to the next message. */
export const CHUNK_END = 2;
/** Not the chunked coding. The connection cannot be used further. */
export const CHUNK_MALFORMED = 3;

/** Bytes of one message that may go into extensions and trailers together. */
const MAX_EXTRA_BYTES = 10_240;
const MAX_SIZE_DIGITS = 16;

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;

// States: what the next octet is.
const SIZE = 0;
const EXTENSION_NAME = 1;
const EXTENSION_VALUE = 2;
const EXTENSION_TOKEN = 3;
const EXTENSION_QUOTED = 4;
const EXTENSION_ESCAPED = 5;
const EXTENSION_END = 6;
const SIZE_LF = 7;
const DATA = 8;
const DATA_CR = 9;
const DATA_LF = 10;
const TRAILER_START = 11;
const TRAILER_NAME = 12;
const TRAILER_VALUE = 13;
const TRAILER_LF = 14;
const LAST_LF = 15;
const ENDED = 16;
const BROKEN = 17;

/** Decodes one message body. Call `step(input, from)` until it returns CHUNK_MORE, then with the next input from 0:
 *
 *      for (let at = 0; ; at = decoder.end) switch (decoder.step(input, at)) { case CHUNK_DATA: … }
 */
export class ChunkDecoder {
  start = 0;
  /** How far the input is consumed. */
  end = 0;
  #state = SIZE;
  /** Bytes left of the current chunk; while its size is read, the size so far. */
  #left = 0;
  #digits = 0;
  #extra = 0;
  /** Whether the current extension has a first octet. */
  #begun = false;
  #trailer = '';

  step(input: Bytes, from: number): number {
    const length = input.length;
    let at = from;
    while (at < length) {
      if (this.#state === DATA) {
        this.start = at;
        this.end = Math.min(length, at + this.#left);
        this.#left -= this.end - at;
        if (this.#left === 0) this.#state = DATA_CR;
        return CHUNK_DATA;
      }
      this.#take(typeof input === 'string' ? input.charCodeAt(at) : input[at]!);
      at++;
      if (this.#state >= ENDED) {
        this.end = at;
        return this.#state === ENDED ? CHUNK_END : CHUNK_MALFORMED;
      }
    }
    this.end = length;
    return CHUNK_MORE;
  }

  #take(code: number): void {
    switch (this.#state) {
      case SIZE:
        this.#takeSize(code);
        return;
      case SIZE_LF:
        this.#state = code !== LF ? BROKEN : this.#left === 0 ? TRAILER_START : DATA;
        return;
      case DATA_CR:
        this.#state = code === CR ? DATA_LF : BROKEN;
        return;
      case DATA_LF:
        this.#state = code === LF ? SIZE : BROKEN;
        this.#digits = 0;
        return;
      case LAST_LF:
        this.#state = code === LF ? ENDED : BROKEN;
        return;
      case ENDED:
      case BROKEN:
        this.#state = BROKEN;
        return;
      default:
        if (++this.#extra > MAX_EXTRA_BYTES) this.#state = BROKEN;
        else if (this.#state < SIZE_LF) this.#state = this.#takeExtension(code);
        else this.#state = this.#takeTrailer(code);
    }
  }

  #takeSize(code: number): void {
    const digit = hexDigit(code);
    if (digit >= 0) {
      this.#left = this.#left * 16 + digit;
      if (++this.#digits > MAX_SIZE_DIGITS || this.#left > Number.MAX_SAFE_INTEGER) this.#state = BROKEN;
    } else if (this.#digits === 0) this.#state = BROKEN;
    else this.#state = this.#behindExtension(code);
  }

  /** The state after a size or a complete extension. */
  #behindExtension(code: number): number {
    this.#begun = false;
    return code === CR ? SIZE_LF : code === SEMICOLON ? EXTENSION_NAME : BROKEN;
  }

  #takeExtension(code: number): number {
    const isToken = (octets[code]! & TOKEN) !== 0;
    const wasBegun = this.#begun;
    switch (this.#state) {
      case EXTENSION_NAME:
        this.#begun = isToken;
        if (isToken) return EXTENSION_NAME;
        if (!wasBegun) return BROKEN;
        return code === EQUALS ? EXTENSION_VALUE : this.#behindExtension(code);
      case EXTENSION_VALUE:
        return code === QUOTE ? EXTENSION_QUOTED : isToken ? EXTENSION_TOKEN : BROKEN;
      case EXTENSION_TOKEN:
        return isToken ? EXTENSION_TOKEN : this.#behindExtension(code);
      case EXTENSION_QUOTED:
        if (code === QUOTE) return EXTENSION_END;
        if (code === BACKSLASH) return EXTENSION_ESCAPED;
        return (octets[code]! & FIELD) !== 0 ? EXTENSION_QUOTED : BROKEN;
      case EXTENSION_ESCAPED:
        return (octets[code]! & FIELD) !== 0 ? EXTENSION_QUOTED : BROKEN;
      default:
        return this.#behindExtension(code);
    }
  }

  #takeTrailer(code: number): number {
    switch (this.#state) {
      case TRAILER_START:
        if (code === CR) return LAST_LF;
        this.#trailer = '';
        return this.#takeTrailerName(code);
      case TRAILER_NAME:
        if (code !== COLON) return this.#takeTrailerName(code);
        return FRAMING_FIELDS.has(this.#trailer.toLowerCase()) ? BROKEN : TRAILER_VALUE;
      case TRAILER_VALUE:
        if (code === CR) return TRAILER_LF;
        return (octets[code]! & FIELD) !== 0 ? TRAILER_VALUE : BROKEN;
      default:
        return code === LF ? TRAILER_START : BROKEN;
    }
  }

  #takeTrailerName(code: number): number {
    if ((octets[code]! & TOKEN) === 0) return BROKEN;
    this.#trailer += String.fromCharCode(code);
    return TRAILER_NAME;
  }
}

/** Whoever sends these behind the body means to confuse (RFC 9110 §6.5.1). */
const FRAMING_FIELDS: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
