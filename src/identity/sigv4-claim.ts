// What a request claims about its signer, unverified: Signature Version 4 in the Authorization header or in a presigned
// query (decision 0013; spec/management-api.md §1.5).

/** A request as it arrived. */
export interface SignedRequest {
  readonly method: string;
  /** Raw path and query. */
  readonly target: string;
  readonly host: string;
  /** Header values by name in lower case, repeated ones joined with `,`. */
  readonly headers: { joined(lowerName: string): string | undefined };
  readonly body: Uint8Array | string;
}

export interface CredentialScope {
  readonly accessKeyId: string;
  /** `20261122` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
}

/** A signature as it was given, well-formed. */
export interface Signature {
  readonly scope: CredentialScope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** As sent: `20261122T234500Z`. */
  readonly date: string;
  /** Seconds that a presigned request is good for; the header form has none. */
  readonly expiresSeconds: number | undefined;
}

/** Decoded parameters; those given twice are arrays. */
export type Query = Record<string, string | string[]>;

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_EXPIRES_SECONDS = 7 * 24 * 3600;

/** The credential scope that a request claims, unverified: of the Authorization header's value, or else of the
 *  `X-Amz-Credential` of a query. Undefined when there is none or it is malformed. */
export function parseCredentialScope(
  authorization: string | undefined,
  query = '',
): CredentialScope | undefined {
  if (authorization === undefined) {
    if (!query.includes('X-Amz-Credential=')) return undefined;
    return parseScope(new URLSearchParams(query).get('X-Amz-Credential') ?? '');
  }
  const start = authorization.indexOf('Credential=');
  if (start === -1) return undefined;
  const end = authorization.indexOf(',', start);
  return parseScope(
    authorization.substring(start + 'Credential='.length, end === -1 ? undefined : end).trim(),
  );
}

function parseScope(text: string): CredentialScope | undefined {
  // An access key id may itself hold slashes, the four parts behind it do not.
  const parts = text.split('/');
  const terminator = parts.pop();
  const service = parts.pop();
  const region = parts.pop();
  const date = parts.pop();
  const accessKeyId = parts.join('/');
  if (!accessKeyId || !date || !region || !service || !terminator) return undefined;
  return { accessKeyId, date, region, service, terminator };
}

/** The signature of a request; undefined when there is none or it is malformed. */
export function readSignature(request: Omit<SignedRequest, 'body'>, query: Query): Signature | undefined {
  const authorization = request.headers.joined('authorization');
  return authorization === undefined
    ? readQuerySignature(query)
    : readHeaderSignature(authorization, request.headers.joined('x-amz-date'));
}

function readHeaderSignature(authorization: string, date: string | undefined): Signature | undefined {
  if (!authorization.startsWith(`${ALGORITHM} `) || date === undefined) return undefined;
  const fields = new Map<string, string>();
  for (const field of authorization.slice(ALGORITHM.length).split(',')) {
    const equals = field.indexOf('=');
    const name = field.slice(0, equals).trim();
    if (equals === -1 || fields.has(name)) return undefined;
    fields.set(name, field.slice(equals + 1).trim());
  }
  return assemble(fields.get('Credential'), fields.get('SignedHeaders'), fields.get('Signature'), date);
}

function readQuerySignature(query: Query): Signature | undefined {
  if (query['X-Amz-Algorithm'] !== ALGORITHM) return undefined;
  const texts = [
    'X-Amz-Credential',
    'X-Amz-SignedHeaders',
    'X-Amz-Signature',
    'X-Amz-Date',
    'X-Amz-Expires',
  ].map((name) => query[name]);
  // A parameter given twice is an array.
  const [credential, signedHeaders, signature, date, expires] = texts.map((each) =>
    typeof each === 'string' ? each : undefined,
  );
  if (date === undefined || expires === undefined || !/^[1-9]\d{0,5}$/.test(expires)) return undefined;
  if (Number(expires) > MAX_EXPIRES_SECONDS) return undefined;
  return assemble(credential, signedHeaders, signature, date, Number(expires));
}

function assemble(
  credential: string | undefined,
  signedHeaders: string | undefined,
  signature: string | undefined,
  date: string,
  expiresSeconds?: number,
): Signature | undefined {
  const scope = credential === undefined ? undefined : parseScope(credential);
  if (scope === undefined || !signedHeaders || !signature || !/^\d{8}T\d{6}Z$/.test(date)) return undefined;
  return { scope, signedHeaders: signedHeaders.split(';'), signature, date, expiresSeconds };
}

/** The query's parameters, decoded; undefined when it is no percent-encoded UTF-8. */
export function readQuery(target: string): Query | undefined {
  const mark = target.indexOf('?');
  if (mark === -1 || mark === target.length - 1) return {};
  const query = new Map<string, string | string[]>();
  for (const pair of target.slice(mark + 1).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    const before = query.get(name);
    if (Array.isArray(before)) before.push(value);
    else query.set(name, before === undefined ? value : [before, value]);
  }
  return Object.fromEntries(query);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
