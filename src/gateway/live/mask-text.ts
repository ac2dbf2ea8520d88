// Secrets in texts, by the names that they stand behind: members of JSON, also of JSON that is text within JSON, whole or cut off,
// `name=value` as queries and forms have it, and parts of multipart forms. Linear in the text.
import { decodePercent } from '../../grammar/percent.ts';
import { MASK } from '../../stage/request-summary.ts';

/** In lower case. */
export type SecretNames = ReadonlySet<string>;

/** Longer names are none of ours. */
const MAX_NAME = 256;
const BACKSLASH = 0x5c;

/** The text with what stands behind the names hidden. `onSecret` hears what that was. */
export function maskText(text: string, names: SecretNames, onSecret?: (secret: string) => void): string {
  return maskParts(maskPairs(maskMembers(text, names, onSecret), names, onSecret), names, onSecret);
}

function maskMembers(text: string, names: SecretNames, onSecret?: (secret: string) => void): string {
  let masked = '';
  let done = 0;
  let at = text.indexOf('"');
  while (at >= 0) {
    const depth = backslashesBefore(text, at, done);
    const end = text.indexOf('"', at + 1);
    if (end < 0) break;
    const value = end - at <= MAX_NAME ? valueBehind(text, at, end, depth, names) : undefined;
    if (value === undefined) {
      at = end;
      continue;
    }
    const quote = `${'\\'.repeat(depth)}"`;
    const isString = text.startsWith(quote, value);
    const stop = isString ? endOfString(text, value + depth, depth) : endOfOther(text, value, depth);
    onSecret?.(isString ? text.slice(value + quote.length, stop - quote.length) : text.slice(value, stop));
    masked += `${text.slice(done, value)}${quote}${MASK}${quote}`;
    done = stop;
    at = text.indexOf('"', stop);
  }
  return done === 0 ? text : masked + text.slice(done);
}

function backslashesBefore(text: string, at: number, from: number): number {
  let count = 0;
  while (at - count > from && text.charCodeAt(at - count - 1) === BACKSLASH) count++;
  return count;
}

/** Where the value of a member begins whose name is between two quotes; undefined where that is none of the names. */
function valueBehind(
  text: string,
  open: number,
  close: number,
  depth: number,
  names: SecretNames,
): number | undefined {
  if (backslashesBefore(text, close, open + 1) !== depth) return undefined;
  const name = nameOf(text.slice(open + 1, close - depth));
  if (!names.has(name)) return undefined;
  let at = skipBlanks(text, close + 1);
  if (text[at] !== ':') return undefined;
  at = skipBlanks(text, at + 1);
  return at < text.length ? at : undefined;
}

function nameOf(written: string): string {
  if (!written.includes('\\')) return written.toLowerCase();
  try {
    return String(JSON.parse(`"${written.replaceAll('\\\\u', '\\u')}"`)).toLowerCase();
  } catch {
    return '';
  }
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at]!)) at++;
  return at;
}

/** Just behind a value that is no string; the end of the text where it is cut off. */
function endOfOther(text: string, start: number, depth: number): number {
  if (!'{['.includes(text[start]!)) {
    let at = start;
    while (at < text.length && !',}] \t\r\n"\\'.includes(text[at]!)) at++;
    return at;
  }
  let open = 0;
  let at = start;
  while (at < text.length) {
    const sign = text[at]!;
    if (sign === '"') {
      at = endOfString(text, at, depth);
      continue;
    }
    if (sign === '{' || sign === '[') open++;
    if (sign === '}' || sign === ']') open--;
    at++;
    if (open === 0) return at;
  }
  return text.length;
}

/** Of a string whose opening quote is at `quote`: one that has as many backslashes, besides those that are escaped themselves. */
function endOfString(text: string, quote: number, depth: number): number {
  let at = text.indexOf('"', quote + 1);
  while (at >= 0) {
    if (backslashesBefore(text, at, quote + 1) % (2 * (depth + 1)) === depth) return at + 1;
    at = text.indexOf('"', at + 1);
  }
  return text.length;
}

/** A name behind the beginning, a blank or what parts queries, forms and cookies, and what it is. */
const PAIR = /(^|[?&#;,"'/\s])([\w.~%+[\]-]{1,128})=([^&\s"'\\;#]+)/g;

function maskPairs(text: string, names: SecretNames, onSecret?: (secret: string) => void): string {
  if (!text.includes('=')) return text;
  return text.replace(PAIR, (pair: string, before: string, name: string, value: string) => {
    const isPlain = !name.includes('%') && !name.includes('+');
    const read = isPlain ? name : (decodePercent(name.replaceAll('+', ' ')) ?? name);
    const lower = read.toLowerCase();
    const isSecret = lower.includes('[')
      ? lower.split(BRACKETS).some((each) => names.has(each))
      : names.has(lower);
    if (isSecret) onSecret?.(value);
    else if (!hasMembers(value, names, onSecret)) return pair;
    return `${before}${name}=${MASK}`;
  });
}

/** Of `user[token]` and `token[]`. */
const BRACKETS = /[[\]]+/;

/** Whether a value of a query is JSON with a member that is secret. */
function hasMembers(value: string, names: SecretNames, onSecret?: (secret: string) => void): boolean {
  if (!value.includes('%22')) return false;
  const decoded = decodePercent(value) ?? '';
  return maskMembers(decoded, names, onSecret) !== decoded;
}

/** A part of a multipart form: what is before its content, its name, and its content, which ends before the next line of a boundary. */
const PART = /(\bname="([^"\r\n]{1,256})"[^\r\n]*\r\n(?:[^\r\n]+\r\n){0,8}\r\n)([\s\S]*?)(?=\r\n--|$)/g;

function maskParts(text: string, names: SecretNames, onSecret?: (secret: string) => void): string {
  if (!text.includes('name="')) return text;
  return text.replace(PART, (part: string, before: string, name: string, value: string) => {
    if (!names.has(name.toLowerCase())) return part;
    onSecret?.(value);
    return `${before}${MASK}`;
  });
}
