// The scanner of request heads: request line, header lines, framing, in one pass over the bytes (RFC 9112 §3). All
// request forms a server must understand are understood; what is ambiguous is refused, nothing is repaired.
import { FRAMED, Framing, isFolded, readFraming } from './framing.ts';
import { type HttpLimits, largeBodyLimit } from './limits.ts';
import { octets, TARGET, TOKEN } from './octets.ts';
import { INCOMPLETE, MALFORMED, scanHeaderBytes } from './scan.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const SLASH = 0x2f;
const QUESTION = 0x3f;

/** Scratch that `scanRequestHead` and then `readRequestHead` fill: one serves all connections. */
export class RequestHead {
  method = '';
  /** Origin form. */
  target = '';
  /** The 1 of HTTP/1.1. */
  minor = 1;
  /** Positions of the headers in the head's text; the array is the request's to keep. */
  spans: number[] = [];
  readonly framing = new Framing();
  /** Positions in the head's text. */
  methodStart = 0;
  methodEnd = 0;
  targetEnd = 0;
}

/** Scans the head that starts at `from`: its octets, not its meaning. Returns the position behind it, INCOMPLETE (so far
 *  nothing is wrong) or MALFORMED. Empty lines before the request line belong to the head (RFC 9112 §2.2). */
export function scanRequestHead(bytes: Uint8Array, from: number, head: RequestHead): number {
  const length = bytes.length;
  let at = from;
  while (at < length && bytes[at]! === CR) {
    if (at + 1 === length) return INCOMPLETE;
    if (bytes[at + 1]! !== LF) return MALFORMED;
    at += 2;
  }
  const methodStart = at;
  while (at < length && (octets[bytes[at]!]! & TOKEN) !== 0) at++;
  if (at === length) return INCOMPLETE;
  if (bytes[at]! !== SPACE || at === methodStart) return MALFORMED;
  const targetStart = ++at;
  while (at < length && (octets[bytes[at]!]! & TARGET) !== 0) at++;
  if (at === length) return INCOMPLETE;
  if (bytes[at]! !== SPACE || at === targetStart) return MALFORMED;
  head.methodStart = methodStart - from;
  head.methodEnd = targetStart - 1 - from;
  head.targetEnd = at - from;
  at = scanVersion(bytes, at + 1, head);
  if (at < 0) return at;
  const spans: number[] = [];
  head.spans = spans;
  return scanHeaderBytes(bytes, at, length, from, spans);
}

/** `HTTP/1.1` and its line end. */
const VERSION = [0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e, 0x31, CR, LF];
const MINOR = 7;
const ZERO = 0x30;

/** HTTP/1.1 and HTTP/1.0; nothing else is spoken here. */
function scanVersion(bytes: Uint8Array, from: number, head: RequestHead): number {
  head.minor = 1;
  for (let i = 0; i < VERSION.length; i++) {
    if (from + i === bytes.length) return INCOMPLETE;
    const byte = bytes[from + i]!;
    if (byte === VERSION[i]) continue;
    if (i !== MINOR || byte !== ZERO) return MALFORMED;
    head.minor = 0;
  }
  return from + VERSION.length;
}

/** Reads what a scanned head, as text, means. False when it is not to be served: refused with 400. */
export function readRequestHead(text: string, head: RequestHead): boolean {
  const { methodStart, methodEnd, targetEnd, framing } = head;
  head.method = methodOf(text, methodStart, methodEnd);
  if (head.method === 'CONNECT') return false;
  if (readFraming(text, head.spans, head.minor, framing) !== FRAMED) return false;
  const target = text.substring(methodEnd + 1, targetEnd);
  if (text.charCodeAt(methodEnd + 1) === SLASH) {
    head.target = target;
    return true;
  }
  head.target = originForm(target, text.substring(framing.hostStart, framing.hostEnd)) ?? '';
  return head.target !== '';
}

/** The method, without making a string for the common ones. */
function methodOf(text: string, start: number, end: number): string {
  switch (end - start) {
    case 3:
      if (text.startsWith('GET', start)) return 'GET';
      if (text.startsWith('PUT', start)) return 'PUT';
      break;
    case 4:
      if (text.startsWith('POST', start)) return 'POST';
      if (text.startsWith('HEAD', start)) return 'HEAD';
      break;
    case 5:
      if (text.startsWith('PATCH', start)) return 'PATCH';
      break;
    case 6:
      if (text.startsWith('DELETE', start)) return 'DELETE';
      break;
    case 7:
      if (text.startsWith('OPTIONS', start)) return 'OPTIONS';
      break;
    default: // none of the common ones
  }
  return text.substring(start, end);
}

/** Whether the body that a head declares is larger than its request's may be; asked of those that are larger than most may be. */
export function isTooLarge(
  { method, target, framing }: RequestHead,
  text: string,
  limits: HttpLimits,
): boolean {
  const host = text.substring(framing.hostStart, framing.hostEnd);
  return framing.bodyBytes > largeBodyLimit(limits, { method, target, host });
}

/** The origin form of an absolute-form target, undefined when it is none or names another host than the Host header:
 *  RFC 9112 §3.2.2 lets the target win, a gateway in front of us might not. `*` has no resource here. */
export function originForm(target: string, host: string): string | undefined {
  const scheme = target.length >= 7 && isFolded(target, 0, 'http://') ? 7 : 8;
  if (scheme === 8 && !(target.length >= 8 && isFolded(target, 0, 'https://'))) return undefined;
  let end = scheme;
  while (end < target.length && target.charCodeAt(end) !== SLASH && target.charCodeAt(end) !== QUESTION)
    end++;
  if (end === scheme || target.substring(scheme, end).toLowerCase() !== host.toLowerCase()) return undefined;
  return target.charCodeAt(end) === SLASH ? target.substring(end) : `/${target.substring(end)}`;
}
