// The canonical request of Signature Version 4 and what is signed of it, as AWS's signers make them
// (spec/management-api.md §1.5). One text is grown from start to end; what needs no escaping is taken as it is.
import { hash } from 'node:crypto';
import type { Query, Signature, SignedRequest } from './sigv4-claim.ts';

export interface Signable {
  readonly canonicalRequest: string;
  readonly stringToSign: string;
}

export const PAYLOAD_HEADER = 'x-amz-content-sha256';

/** Signers leave these out whatever they are told. */
const NEVER_SIGNED: ReadonlySet<string> = new Set(['authorization', 'date']);
const DATE_HEADER = 'x-amz-date';
const SIGNATURE_PARAMETER = 'x-amz-signature';
const SIGNED_HEADERS_PARAMETER = 'X-Amz-SignedHeaders';

/** `payloadHash`: 64 digits, or `UNSIGNED-PAYLOAD`. `scope` as in scopeText. */
export function signableOf(
  request: Omit<SignedRequest, 'body'>,
  query: Query,
  signed: Signature,
  scope: string,
  payloadHash: string,
): Signable {
  let headerLines = '';
  let headerNames = '';
  for (const name of inOrder(signed.signedHeaders)) {
    const value = headerValue(request, signed, name, payloadHash);
    if (value === undefined) continue;
    headerLines += `${name}:${canonicalValue(value)}\n`;
    headerNames += headerNames === '' ? name : `;${name}`;
  }
  const path = canonicalPath(request.target);
  const parameters = canonicalQuery(query, signed.expiresSeconds === undefined ? undefined : headerNames);
  const canonicalRequest = `${request.method}\n${path}\n${parameters}\n${headerLines}\n${headerNames}\n${payloadHash}`;
  const hashed = hash('sha256', canonicalRequest, 'hex');
  return { canonicalRequest, stringToSign: `AWS4-HMAC-SHA256\n${signed.date}\n${scope}\n${hashed}` };
}

/** The names as they came, where they came in order and none twice, as signers write them. */
function inOrder(names: readonly string[]): readonly string[] {
  for (let i = 1; i < names.length; i++) {
    if (names[i - 1]! >= names[i]!) return [...new Set(names)].sort();
  }
  return names;
}

/** Undefined for what is no part of the signature: a header that is not there, or one that signers leave out. */
function headerValue(
  { host, headers }: Omit<SignedRequest, 'body'>,
  { date, expiresSeconds }: Signature,
  name: string,
  payloadHash: string,
): string | undefined {
  if (name === 'host') return host;
  if (name === PAYLOAD_HEADER) return payloadHash;
  // A presigned request has its date in the query.
  if (name === DATE_HEADER) return expiresSeconds === undefined ? date : undefined;
  return NEVER_SIGNED.has(name) ? undefined : headers.joined(name);
}

const IRREGULAR_VALUE = /[^ -~]|^ | $| {2}/;

/** Without blanks around, and with one for several inside. */
function canonicalValue(value: string): string {
  if (!IRREGULAR_VALUE.test(value)) return value;
  return utf8Of(value)
    .replace(/[\r\n]/g, ' ')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '');
}

// Header values are read as latin1; clients sign the UTF-8 text they meant.
function utf8Of(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8');
}

/** Segments of unreserved characters, none of them empty or beginning with a dot. */
const PLAIN_PATH = /^(?:\/[\w~-][\w.~-]*)+\/?$/;

/** Of a target; without dot segments and empty ones, and escaped once more. */
function canonicalPath(target: string): string {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  if (PLAIN_PATH.test(path)) return path;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(escaped(segment));
  }
  return segments.length > 0 && path.endsWith('/') ? `/${segments.join('/')}/` : `/${segments.join('/')}`;
}

/** `signedHeaders` stands in for what a presigned query says of them. */
function canonicalQuery(query: Query, signedHeaders: string | undefined): string {
  const names = new Map<string, string | string[]>();
  for (const name in query) {
    if (name.toLowerCase() === SIGNATURE_PARAMETER) continue;
    names.set(
      escaped(name),
      name === SIGNED_HEADERS_PARAMETER ? (signedHeaders ?? query[name]!) : query[name]!,
    );
  }
  if (names.size === 0) return '';
  let text = '';
  for (const name of [...names.keys()].sort()) {
    const value = names.get(name)!;
    if (typeof value === 'string') text += `&${name}=${escaped(value)}`;
    else for (const each of value.map(escaped).sort()) text += `&${name}=${each}`;
  }
  return text.slice(1);
}

const UNRESERVED = /^[\w.~-]*$/;

/** Percent-encoded but for what RFC 3986 calls unreserved. */
function escaped(text: string): string {
  if (UNRESERVED.test(text)) return text;
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
