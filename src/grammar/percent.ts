// Percent-encoding, each way, for the places the gateway writes (spec/http-api.md §1.9, §3.2, §4.7, Choices C15, C16, C38).
// Every function returns its argument when there is nothing to do.

const UNRESERVED = /[A-Za-z0-9\-._~]/;
const SUB_DELIMITERS_COLON_AT = /[!$&'()*+,;=:@]/;

const SEGMENT = 1;
const PATH = 2;
const QUERY = 4;
const classes = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  let bits = 0;
  if (UNRESERVED.test(char)) bits = SEGMENT | PATH | QUERY;
  else if (SUB_DELIMITERS_COLON_AT.test(char)) bits = SEGMENT | PATH;
  else if (char === '/') bits = PATH;
  classes[code] = bits;
}

/** Decodes once, as UTF-8; undefined when a sequence is malformed. */
export function decodePercent(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** As decodePercent, with `+` for a blank. */
export function decodeQueryText(text: string): string | undefined {
  return decodePercent(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

/** Data within one path segment: `/` is encoded too. */
export function encodePathSegment(text: string): string {
  return encode(text, SEGMENT);
}

/** Data that may span path segments: `/` stays. */
export function encodePathText(text: string): string {
  return encode(text, PATH);
}

/** A query name or value: RFC 3986 unreserved characters stay. */
export function encodeQueryText(text: string): string {
  return encode(text, QUERY);
}

/** Path text as somebody configured it: as encodePathText, but valid `%XX` stays. */
export function encodePathLiteral(text: string): string {
  if (!text.includes('%')) return encodePathText(text);
  return text
    .split(/(%[0-9A-Fa-f]{2})/)
    .map((piece, i) => (i % 2 === 1 ? piece : encodePathText(piece)))
    .join('');
}

function encode(text: string, allowed: number): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127 || (classes[code]! & allowed) === 0) return encodeFrom(text, i, allowed);
  }
  return text;
}

function encodeFrom(text: string, from: number, allowed: number): string {
  let encoded = text.substring(0, from);
  for (const byte of Buffer.from(text.substring(from), 'utf8')) {
    if (byte < 128 && (classes[byte]! & allowed) !== 0) encoded += String.fromCharCode(byte);
    else encoded += `%${byte < 16 ? '0' : ''}${byte.toString(16).toUpperCase()}`;
  }
  return encoded;
}
