// Percent-encoding, each way, for the places the gateway writes (spec/http-api.md §1.9, §3.2, §4.7, Choices C15, C16, C38).
// Every function returns its argument when there is nothing to do. What the encoders return is printable ASCII.

const UNRESERVED = /[A-Za-z0-9\-._~]/;
const SUB_DELIMITERS_COLON_AT = /[!$&'()*+,;=:@]/;

const SEGMENT = 1;
const PATH = 2;
const QUERY = 4;
const QUERY_LITERAL = 8;

/** For each byte, the places where it stands for itself. */
const places = new Uint8Array(256);
/** For each byte, how it is encoded. */
const encoded: string[] = [];
for (let byte = 0; byte < 256; byte++) {
  const char = String.fromCharCode(byte);
  if (UNRESERVED.test(char)) places[byte] = SEGMENT | PATH | QUERY | QUERY_LITERAL;
  else if (SUB_DELIMITERS_COLON_AT.test(char)) places[byte] = SEGMENT | PATH | QUERY_LITERAL;
  else if (char === '/') places[byte] = PATH | QUERY_LITERAL;
  else if (char === '?') places[byte] = QUERY_LITERAL;
  encoded.push(`%${byte.toString(16).toUpperCase().padStart(2, '0')}`);
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
  return encodeLiteral(text, PATH);
}

/** Query text as somebody configured it: its delimiters and valid `%XX` stay. */
export function encodeQueryLiteral(text: string): string {
  return encodeLiteral(text, QUERY_LITERAL);
}

function encodeLiteral(text: string, place: number): string {
  if (!text.includes('%')) return encode(text, place);
  return text
    .split(/(%[0-9A-Fa-f]{2})/)
    .map((piece, i) => (i % 2 === 1 ? piece : encode(piece, place)))
    .join('');
}

function encode(text: string, place: number): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f || (places[code]! & place) === 0) return encodeFrom(text, i, place);
  }
  return text;
}

function encodeFrom(text: string, from: number, place: number): string {
  const bytes = Buffer.from(text.substring(from), 'utf8');
  let result = text.substring(0, from);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    result += (places[byte]! & place) !== 0 ? String.fromCharCode(byte) : encoded[byte]!;
  }
  return result;
}
