// What the headers say about where a request ends and what becomes of its connection (RFC 9112 §3.2, §6, §9.3). Both
// codecs judge by this one function, so that they agree; whatever could be read in two ways is refused.
import { HOST, octets } from './octets.ts';
import { isBlank, MALFORMED } from './scan.ts';

/** The headers frame the request. */
export const FRAMED = 0;

/** Scratch that `readFraming` fills: one a connection. */
export class Framing {
  /** Declared bytes; 0 for no body; -1 when chunked. */
  bodyBytes = 0;
  /** Whether a body was announced at all: `Content-Length: 0` and chunked count. */
  announced = false;
  hostStart = 0;
  hostEnd = 0;
  keepAlive = false;
  /** The client waits for 100 (Continue). */
  awaitsContinue = false;
}

const TAB = 0x09;
const SPACE = 0x20;
const COMMA = 0x2c;

/** Longest Content-Length that is sure to be a safe integer. */
const MAX_LENGTH_DIGITS = 15;

/** Reads the framing out of header positions (see HeaderBlock). `minor` is the 1 of HTTP/1.1. FRAMED or MALFORMED. */
export function readFraming(text: string, spans: readonly number[], minor: number, framing: Framing): number {
  let hosts = 0;
  let lengths = 0;
  let codings = 0;
  let close = false;
  let keep = minor > 0;
  framing.bodyBytes = 0;
  framing.announced = false;
  framing.hostStart = 0;
  framing.hostEnd = 0;
  framing.awaitsContinue = false;
  for (let i = 0; i < spans.length; i += 4) {
    const name = spans[i]!;
    switch (spans[i + 1]! - name) {
      case 4:
        if (!isFolded(text, name, 'host')) break;
        if (++hosts > 1 || !isHost(text, spans[i + 2]!, spans[i + 3]!)) return MALFORMED;
        framing.hostStart = spans[i + 2]!;
        framing.hostEnd = spans[i + 3]!;
        break;
      case 6:
        // An expectation of an HTTP/1.0 client is ignored (RFC 9110 §10.1.1).
        if (minor === 0 || !isFolded(text, name, 'expect')) break;
        if (!isValue(text, spans[i + 2]!, spans[i + 3]!, '100-continue')) return MALFORMED;
        framing.awaitsContinue = true;
        break;
      case 10:
        if (!isFolded(text, name, 'connection')) break;
        if (hasElement(text, spans[i + 2]!, spans[i + 3]!, 'close')) close = true;
        else if (hasElement(text, spans[i + 2]!, spans[i + 3]!, 'keep-alive')) keep = true;
        break;
      case 14:
        if (!isFolded(text, name, 'content-length')) break;
        framing.bodyBytes = decimal(text, spans[i + 2]!, spans[i + 3]!);
        if (++lengths > 1 || framing.bodyBytes < 0 || endsInTab(text, spans[i + 3]!)) return MALFORMED;
        break;
      case 17:
        if (!isFolded(text, name, 'transfer-encoding')) break;
        if (++codings > 1 || !isValue(text, spans[i + 2]!, spans[i + 3]!, 'chunked')) return MALFORMED;
        if (endsInTab(text, spans[i + 3]!)) return MALFORMED;
        break;
      default: // says nothing about framing
    }
  }
  if (codings > 0) {
    if (lengths > 0 || minor === 0) return MALFORMED;
    framing.bodyBytes = -1;
  }
  if (hosts === 0 && minor > 0) return MALFORMED;
  framing.announced = lengths + codings > 0;
  framing.keepAlive = keep && !close;
  return FRAMED;
}

/** Whether the text at `start` is `lower`, letters of either case. The caller has compared the length. */
export function isFolded(text: string, start: number, lower: string): boolean {
  for (let i = 0; i < lower.length; i++) {
    const code = text.charCodeAt(start + i);
    if ((code >= 0x41 && code <= 0x5a ? code | 0x20 : code) !== lower.charCodeAt(i)) return false;
  }
  return true;
}

function isValue(text: string, start: number, end: number, lower: string): boolean {
  return end - start === lower.length && isFolded(text, start, lower);
}

/** Whether a comma-separated list has an element (RFC 9110 §5.6.1). */
function hasElement(text: string, start: number, end: number, lower: string): boolean {
  if (isValue(text, start, end, lower)) return true;
  for (let at = start; at < end; at++) {
    while (at < end && isBlank(text.charCodeAt(at))) at++;
    const element = at;
    while (at < end && text.charCodeAt(at) !== COMMA) at++;
    let elementEnd = at;
    while (elementEnd > element && isBlank(text.charCodeAt(elementEnd - 1))) elementEnd--;
    if (isValue(text, element, elementEnd, lower)) return true;
  }
  return false;
}

/** Legal (RFC 9110 §5.5), but not every parser in front of us takes it for a blank. */
function endsInTab(text: string, valueEnd: number): boolean {
  let at = valueEnd;
  while (text.charCodeAt(at) === SPACE) at++;
  return text.charCodeAt(at) === TAB;
}

function decimal(text: string, start: number, end: number): number {
  if (end === start || end - start > MAX_LENGTH_DIGITS) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Whether a Host value can be `uri-host [":" port]` or empty (RFC 9112 §3.2). */
function isHost(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((octets[text.charCodeAt(at)]! & HOST) === 0) return false;
  return true;
}
