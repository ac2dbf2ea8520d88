// The strict scanner of header sections: one pass over latin1 text, positions out, no strings made (decision 0010).
// What RFC 9112 §5 does not allow, or allows only to be lenient, is malformed: bare CR or LF, obs-fold, blanks before
// the colon, names that are no tokens, control characters.
import { LOWER, octets, TOKEN, UPPER } from './octets.ts';

/** The text ends before the closing blank line; nothing in it is wrong so far. */
export const INCOMPLETE = -1;
export const MALFORMED = -2;

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;

/** Scans header lines in `text` from `from`, the start of the first line, pushing four positions a header into `spans`:
 *  name start, name end, value start, value end (value without surrounding blanks). Returns the position behind the
 *  closing blank line, INCOMPLETE or MALFORMED; with the latter two `spans` holds rubbish. */
export function scanHeaderLines(text: string, from: number, spans: number[]): number {
  const length = text.length;
  let at = from;
  for (;;) {
    const nameStart = at;
    while (at < length && (octets[text.charCodeAt(at)]! & TOKEN) !== 0) at++;
    if (at === length) return INCOMPLETE;
    const nameEnd = at;
    const behindName = text.charCodeAt(at);
    if (behindName !== COLON || nameEnd === nameStart) {
      if (behindName !== CR || nameEnd !== nameStart) return MALFORMED;
      if (at + 1 === length) return INCOMPLETE;
      return text.charCodeAt(at + 1) === LF ? at + 2 : MALFORMED;
    }
    at++;
    while (at < length && isBlank(text.charCodeAt(at))) at++;
    const valueStart = at;
    while (at < length && isField(text.charCodeAt(at)) && text.charCodeAt(at) <= 0xff) at++;
    if (at === length) return INCOMPLETE;
    if (text.charCodeAt(at) !== CR) return MALFORMED;
    let valueEnd = at;
    while (valueEnd > valueStart && isBlank(text.charCodeAt(valueEnd - 1))) valueEnd--;
    if (at + 1 === length) return INCOMPLETE;
    if (text.charCodeAt(at + 1) !== LF) return MALFORMED;
    at += 2;
    spans.push(nameStart, nameEnd, valueStart, valueEnd);
  }
}

/** Whether an octet may stand in a field value: the FIELD of octets.ts, which takes a third longer to look up. */
function isField(octet: number): boolean {
  return octet > 0x1f ? octet !== 0x7f : octet === TAB;
}

/** OWS of RFC 9110 §5.6.3. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** `scanHeaderLines` on the first `length` bytes, in half the time: a byte array answers sooner than a string. The
 *  positions pushed are less `base`. */
export function scanHeaderBytes(
  bytes: Uint8Array,
  from: number,
  length: number,
  base: number,
  spans: number[],
): number {
  let at = from;
  for (;;) {
    const nameStart = at;
    while (at < length && (octets[bytes[at]!]! & TOKEN) !== 0) at++;
    if (at === length) return INCOMPLETE;
    const nameEnd = at;
    const behindName = bytes[at]!;
    if (behindName !== COLON || nameEnd === nameStart) {
      if (behindName !== CR || nameEnd !== nameStart) return MALFORMED;
      if (at + 1 === length) return INCOMPLETE;
      return bytes[at + 1]! === LF ? at + 2 : MALFORMED;
    }
    at++;
    while (at < length && isBlank(bytes[at]!)) at++;
    const valueStart = at;
    while (at < length && isField(bytes[at]!)) at++;
    if (at === length) return INCOMPLETE;
    if (bytes[at]! !== CR) return MALFORMED;
    let valueEnd = at;
    while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1]!)) valueEnd--;
    if (at + 1 === length) return INCOMPLETE;
    if (bytes[at + 1]! !== LF) return MALFORMED;
    at += 2;
    spans.push(nameStart - base, nameEnd - base, valueStart - base, valueEnd - base);
  }
}

/** Whether a name is spelled as API Gateway writes it: first letter and letters after `-` upper case, all others lower
 *  (spec/http-api.md §3.4). */
export function isCanonicalName(text: string, start: number, end: number): boolean {
  let wrong = LOWER;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if ((octets[code]! & wrong) !== 0) return false;
    wrong = code === 0x2d ? LOWER : UPPER;
  }
  return true;
}
