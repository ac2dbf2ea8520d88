// A JWT in compact form taken apart, strictly: three segments of unpadded base64url, two JSON objects in UTF-8
// (RFC 7515 §3.1, §4.1; spec/http-api.md §6.2.2). Nothing here is believed yet.
import { isJson } from '../../grammar/json-scan.ts';
import { type JsonValue, parseWithNumbers } from '../../grammar/json-text.ts';
import { MALFORMED, SEGMENTS, type TokenProblem, UNKNOWN_CRITICAL } from './problems.ts';

export interface SignedText {
  readonly algorithm: string;
  /** The header's `kid`; undefined for none, or one that is no text. */
  readonly keyId: string | undefined;
  readonly payload: Buffer;
  /** What is signed. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

export interface CompactJws extends SignedText {
  readonly claims: ReadonlyMap<string, JsonValue>;
}

/** Longer texts are no tokens. What a request can carry is shorter (spec/http-api.md §11). */
const MAX_LENGTH = 16_384;

export function parseCompactJws(text: string): CompactJws | TokenProblem {
  const signed = parseSignedText(text);
  if (!('payload' in signed)) return signed;
  const claims = readObject(signed.payload, 'last');
  return claims === undefined ? MALFORMED : { ...signed, claims };
}

/** The same whatever is signed. */
export function parseSignedText(text: string): SignedText | TokenProblem {
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  if (first < 0 || second < 0 || text.indexOf('.', second + 1) >= 0) return SEGMENTS;
  if (text.length > MAX_LENGTH) return MALFORMED;
  const header = readObject(decode(text.slice(0, first)), 'unique');
  if (header === undefined) return MALFORMED;
  const algorithm = header.get('alg');
  const keyId = header.get('kid');
  if (typeof algorithm !== 'string') return MALFORMED;
  // Whoever does not understand what is critical must refuse the token (RFC 7515 §4.1.11); nothing is understood here.
  if (header.has('crit')) return UNKNOWN_CRITICAL;
  const payload = decode(text.slice(first + 1, second));
  const signature = decode(text.slice(second + 1));
  if (payload === undefined || signature === undefined) return MALFORMED;
  return {
    algorithm,
    keyId: typeof keyId === 'string' ? keyId : undefined,
    payload,
    signed: Buffer.from(text.slice(0, second), 'latin1'),
    signature,
  };
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `names`: whether a member that is there twice spoils the object, or the last one counts. */
function readObject(bytes: Buffer | undefined, names: 'unique' | 'last'): Map<string, JsonValue> | undefined {
  if (bytes === undefined || !isJson(bytes)) return undefined;
  let text: string;
  try {
    text = strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
  let repeated = false;
  const value = parseWithNumbers(text, () => {
    repeated = true;
  });
  return value instanceof Map && !(repeated && names === 'unique') ? value : undefined;
}

/** Only the one spelling of some bytes decodes: no padding, no other characters, no stray bits. */
function decode(segment: string): Buffer | undefined {
  const bytes = Buffer.from(segment, 'base64url');
  return bytes.toString('base64url') === segment ? bytes : undefined;
}
