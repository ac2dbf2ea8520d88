// The scanner of request heads: request line, header lines, framing, in one pass over latin1 text (RFC 9112 §3). All
// request forms a server must understand are understood; what is ambiguous is refused, nothing is repaired.
import { FRAMED, Framing, isFolded, readFraming } from './framing.ts';
import { octets, TARGET, TOKEN } from './octets.ts';
import { INCOMPLETE, MALFORMED, scanHeaderLines } from './scan.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const SLASH = 0x2f;
const QUESTION = 0x3f;

/** Scratch that `scanRequestHead` fills: one a connection, read before the next scan. */
export class RequestHead {
  method = '';
  /** Origin form. */
  target = '';
  /** The 1 of HTTP/1.1. */
  minor = 1;
  /** Positions of the headers; the array is the request's to keep. */
  spans: number[] = [];
  readonly framing = new Framing();
}

/** Scans the head that starts at `from`. Returns the position behind it, INCOMPLETE (so far nothing is wrong) or
 *  MALFORMED. Empty lines before the request line belong to the head (RFC 9112 §2.2). */
export function scanRequestHead(text: string, from: number, head: RequestHead): number {
  const length = text.length;
  let at = from;
  while (at < length && text.charCodeAt(at) === CR) {
    if (at + 1 === length) return INCOMPLETE;
    if (text.charCodeAt(at + 1) !== LF) return MALFORMED;
    at += 2;
  }
  const methodStart = at;
  while (at < length && (octets[text.charCodeAt(at)]! & TOKEN) !== 0) at++;
  if (at === length) return INCOMPLETE;
  if (text.charCodeAt(at) !== SPACE || at === methodStart) return MALFORMED;
  const methodEnd = at;
  const targetStart = ++at;
  while (at < length && (octets[text.charCodeAt(at)]! & TARGET) !== 0) at++;
  if (at === length) return INCOMPLETE;
  if (text.charCodeAt(at) !== SPACE || at === targetStart) return MALFORMED;
  const targetEnd = at;
  at = scanVersion(text, at + 1, head);
  if (at < 0) return at;
  const spans: number[] = [];
  const end = scanHeaderLines(text, at, spans);
  if (end < 0) return end;
  head.spans = spans;
  head.method = methodOf(text, methodStart, methodEnd);
  if (head.method === 'CONNECT') return MALFORMED;
  if (readFraming(text, spans, head.minor, head.framing) !== FRAMED) return MALFORMED;
  if (text.charCodeAt(targetStart) === SLASH) head.target = text.substring(targetStart, targetEnd);
  else {
    const { hostStart, hostEnd } = head.framing;
    const target = originForm(text.substring(targetStart, targetEnd), text.substring(hostStart, hostEnd));
    if (target === undefined) return MALFORMED;
    head.target = target;
  }
  return end;
}

const VERSION = 'HTTP/1.1\r\n';

/** HTTP/1.1 and HTTP/1.0; nothing else is spoken here. */
function scanVersion(text: string, at: number, head: RequestHead): number {
  if (text.length - at < VERSION.length) {
    const rest = text.substring(at);
    return VERSION.startsWith(rest) || 'HTTP/1.0\r\n'.startsWith(rest) ? INCOMPLETE : MALFORMED;
  }
  if (!text.startsWith('HTTP/1.', at)) return MALFORMED;
  head.minor = text.charCodeAt(at + 7) - 0x30;
  if (head.minor !== 1 && head.minor !== 0) return MALFORMED;
  return text.charCodeAt(at + 8) === CR && text.charCodeAt(at + 9) === LF ? at + 10 : MALFORMED;
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
  }
  return text.substring(start, end);
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
