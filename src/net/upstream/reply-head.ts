// The head of a reply: status line, header lines and what they say about framing (RFC 9112 §4, §6, §9.3). Whatever could
// be read in two ways is malformed.
import { HeaderBlock } from '../header-block.ts';
import { FIELD, octets } from '../http1/octets.ts';
import { INCOMPLETE, MALFORMED, scanHeaderBytes, scanHeaderLines } from '../http1/scan.ts';

export interface ReplyHead {
  status: number;
  headers: HeaderBlock;
  /** Positions of a head that is scanned and not yet read. */
  spans: number[];
  /** Content-Length, -1 without one. */
  length: number;
  isChunked: boolean;
  /** Whether the backend leaves the connection open behind the reply. */
  isPersistent: boolean;
  /** Seconds the backend says it keeps an idle connection, -1 when it does not say. */
  keepAliveSeconds: number;
}

export function emptyReplyHead(): ReplyHead {
  return {
    status: 0,
    headers: new HeaderBlock('', [], 0),
    spans: [],
    length: -1,
    isChunked: false,
    isPersistent: false,
    keepAliveSeconds: -1,
  };
}

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
/** `HTTP/1.1 200` */
const STATUS_END = 12;
/** 2^53 has 16 digits. */
const MAX_LENGTH_DIGITS = 15;

/** Scans the head at the start of `text` into `head`. Returns the position behind it, INCOMPLETE or MALFORMED (then
 *  `head` holds rubbish). A status line without the blank behind the status is accepted: many servers send it. */
export function scanReplyHead(text: string, head: ReplyHead): number {
  const lines = scanStatusLine(text, head);
  if (lines < 0) return lines;
  const spans: number[] = [];
  const end = scanHeaderLines(text, lines, spans);
  if (end < 0) return end;
  head.headers = new HeaderBlock(text, spans, end - 2);
  return readFraming(head) ? end : MALFORMED;
}

/** As scanReplyHead, on the first `length` bytes of a buffer, which is faster. Returns -1 for whatever is not a complete
 *  final head in its usual form: scanReplyHead says what that is. Leaves `head.headers` to `readReplyHead`. */
export function scanUsualReplyHead(bytes: Buffer, length: number, head: ReplyHead): number {
  for (let i = 0; i < USUAL_START.length; i++) if (bytes[i] !== USUAL_START[i]) return -1;
  const hundreds = bytes[9]! - ZERO;
  const tens = bytes[10]! - ZERO;
  const ones = bytes[11]! - ZERO;
  if (hundreds < 2 || hundreds > 5 || tens < 0 || tens > 9 || ones < 0 || ones > 9) return -1;
  if (bytes[STATUS_END] !== SPACE) return -1;
  let at = STATUS_END + 1;
  while (at < length && (octets[bytes[at]!]! & FIELD) !== 0) at++;
  if (at + 1 >= length || bytes[at] !== CR || bytes[at + 1] !== LF) return -1;
  head.isPersistent = true;
  head.status = hundreds * 100 + tens * 10 + ones;
  const spans: number[] = [];
  head.spans = spans;
  return scanHeaderBytes(bytes, at + 2, length, 0, spans);
}

const USUAL_START = Buffer.from('HTTP/1.1 ');

/** Reads what a head means that scanUsualReplyHead has scanned up to `end`, given as text from its start on. False when it is
 *  malformed. */
export function readReplyHead(text: string, end: number, head: ReplyHead): boolean {
  head.headers = new HeaderBlock(text, head.spans, end - 2);
  return readFraming(head);
}

function scanStatusLine(text: string, head: ReplyHead): number {
  const length = text.length;
  if (length <= STATUS_END) return couldBeStatus(text) ? INCOMPLETE : MALFORMED;
  const hundreds = text.charCodeAt(9) - ZERO;
  const tens = text.charCodeAt(10) - ZERO;
  const ones = text.charCodeAt(11) - ZERO;
  head.isPersistent = text.startsWith('HTTP/1.1 ');
  if (!head.isPersistent && !text.startsWith('HTTP/1.0 ')) return MALFORMED;
  if (hundreds < 1 || hundreds > 5 || tens < 0 || tens > 9 || ones < 0 || ones > 9) return MALFORMED;
  head.status = hundreds * 100 + tens * 10 + ones;
  let at = STATUS_END;
  if (text.charCodeAt(at) === SPACE) {
    at++;
    while (at < length && (octets[text.charCodeAt(at)]! & FIELD) !== 0) at++;
    if (at === length) return INCOMPLETE;
  }
  if (text.charCodeAt(at) !== CR) return MALFORMED;
  if (at + 1 === length) return INCOMPLETE;
  return text.charCodeAt(at + 1) === LF ? at + 2 : MALFORMED;
}

/** Whether a text of up to 12 octets begins as a status line does. */
function couldBeStatus(text: string): boolean {
  return /^(?:HTTP\/1\.[01] [1-5]?\d{0,2})$/.test(text + 'HTTP/1.1 '.substring(text.length));
}

/** Reads Content-Length, Transfer-Encoding, Connection and Keep-Alive. False when the framing is not plain. */
function readFraming(head: ReplyHead): boolean {
  const { headers } = head;
  const { spans } = headers;
  const isHttp10 = !head.isPersistent;
  head.length = -1;
  head.isChunked = false;
  head.keepAliveSeconds = -1;
  for (let i = 0; i < spans.length; i += 4) {
    const index = i >> 2;
    switch (spans[i + 1]! - spans[i]!) {
      case 10:
        if (headers.is(index, 'connection')) {
          if (closes(headers.text, spans[i + 2]!, spans[i + 3]!)) head.isPersistent = false;
        } else if (headers.is(index, 'keep-alive'))
          head.keepAliveSeconds = keepAliveSeconds(headers.value(index));
        break;
      case 14:
        if (!headers.is(index, 'content-length')) break;
        // A second one is refused even when it says the same.
        if (head.length >= 0) return false;
        head.length = parseLength(headers.text, spans[i + 2]!, spans[i + 3]!);
        if (head.length < 0 || hasTabBehind(headers.text, spans[i + 3]!)) return false;
        break;
      case 17:
        if (!headers.is(index, 'transfer-encoding')) break;
        if (head.isChunked || isHttp10 || headers.value(index).toLowerCase() !== 'chunked') return false;
        if (hasTabBehind(headers.text, spans[i + 3]!)) return false;
        head.isChunked = true;
        break;
      default: // says nothing about framing
    }
  }
  return !(head.isChunked && head.length >= 0);
}

/** Some parsers take a tab behind a value as part of it, and another framing from that. */
function hasTabBehind(text: string, end: number): boolean {
  let at = end;
  while (text.charCodeAt(at) === SPACE) at++;
  return text.charCodeAt(at) !== CR;
}

function parseLength(text: string, start: number, end: number): number {
  if (end === start || end - start > MAX_LENGTH_DIGITS) return -1;
  let length = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) return -1;
    length = length * 10 + code - ZERO;
  }
  return length;
}

/** Whether a Connection value has the option `close`. */
function closes(text: string, start: number, end: number): boolean {
  // The usual value: keep-alive.
  if (end - start === 10 && text.charCodeAt(start + 4) === 0x2d) return false;
  const options = text.substring(start, end).toLowerCase().split(',');
  return options.some((option) => option.trim() === 'close');
}

function keepAliveSeconds(value: string): number {
  const found = /(?:^|[\s,])timeout\s*=\s*(\d{1,9})(?![\d])/i.exec(value);
  return found === null ? -1 : Number(found[1]);
}
