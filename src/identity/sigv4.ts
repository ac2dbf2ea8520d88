// Who signed a request: AWS Signature Version 4 in its header and its presigned query form, verified by signing again
// and comparing in constant time (decision 0013; spec/management-api.md §1.5).
import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { PAYLOAD_HEADER, type Signable, signableOf } from './canonical-request.ts';
import { keepSigningKey, keptSigningKey, scopeText, signingKeyOf } from './signing-keys.ts';
import type { Query, Signature, SignedRequest } from './sigv4-claim.ts';
import { readQuery, readSignature } from './sigv4-claim.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** When set, requests must carry this token; when not, any token is accepted. */
  readonly sessionToken?: string;
  /** The account that these credentials act in. */
  readonly accountId?: string;
}

export interface VerifyOptions {
  readonly credentialsOf: (accessKeyId: string) => Credentials | undefined;
  /** The service that the scope must name: `apigateway`. */
  readonly service: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

export type Verdict =
  | { readonly kind: 'verified'; readonly credentials: Credentials; readonly region: string }
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      readonly message: string;
      /** What the signature should have been over, where it does not match. */
      readonly expected?: Signable;
    };

/** The error classes of §1.5; all are answered with 403. */
export type RefusalCode =
  | 'MissingAuthenticationTokenException'
  | 'UnrecognizedClientException'
  | 'InvalidSignatureException';

type Refused = Extract<Verdict, { kind: 'refused' }>;
type Unread = Omit<SignedRequest, 'body'>;

const TERMINATOR = 'aws4_request';
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';
// Signers move headers into a presigned query, some in lower case.
const PAYLOAD_PARAMETER = 'X-Amz-Content-Sha256';
const TOKEN_HEADER = 'x-amz-security-token';
const TOKEN_PARAMETER = 'X-Amz-Security-Token';

const PAST_SKEW_MILLIS = 15 * 60_000;
const FUTURE_SKEW_MILLIS = 5 * 60_000;
const MISSING = refused('MissingAuthenticationTokenException', 'Missing Authentication Token');
const UNRECOGNIZED = refused(
  'UnrecognizedClientException',
  'The security token included in the request is invalid.',
);
const MISMATCH = invalid(
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
    'and signing method. Consult the service documentation for details.',
);

/** Verifies a signed request. */
export async function verifySignature(request: SignedRequest, options: VerifyOptions): Promise<Verdict> {
  const claim = readClaim(request, options);
  return claim.kind === 'claimed' ? claim.verify(request.body) : claim;
}

/** A request that says who signed it, with known credentials, for this service and time; its signature is not verified. */
export interface Claim {
  readonly kind: 'claimed';
  readonly credentials: Credentials;
  readonly region: string;
  /** Whether the signature is over the body. */
  readonly coversBody: boolean;
  /** `body` is not looked at unless the signature covers it. */
  verify(body: Uint8Array | string): Verdict;
}

/** Reads whose signature a request has, without its body. */
export function readClaim(request: Unread, options: VerifyOptions): Claim | Refused {
  const query = readQuery(request.target);
  const signed = query && readSignature(request, query);
  if (query === undefined || signed === undefined || hasUncovered(query, signed)) return MISSING;
  const credentials = options.credentialsOf(signed.scope.accessKeyId);
  if (credentials === undefined || !hasToken(request, query, credentials)) return UNRECOGNIZED;
  const outOfScope = checkScope(signed, options.service) ?? checkTime(signed, options.now);
  if (outOfScope !== undefined) return outOfScope;
  const declared = declaredPayloadHash(request, signed, query);
  const { region } = signed.scope;
  return {
    kind: 'claimed',
    credentials,
    region,
    coversBody: declared !== UNSIGNED_PAYLOAD,
    verify(body) {
      const payloadHash = declared === UNSIGNED_PAYLOAD ? declared : hashOf(body);
      const scope = scopeText(signed.scope);
      const expected = signableOf(request, query, signed, scope, payloadHash);
      const kept = keptSigningKey(credentials, scope);
      const key = kept ?? signingKeyOf(credentials.secretAccessKey, signed.scope);
      const signature = createHmac('sha256', key).update(expected.stringToSign).digest();
      // A declared hash is part of what is signed; whether it is the body's is another question.
      const isHashRight = declared === undefined || declared === payloadHash;
      if (!isHashRight || !isSignature(signed.signature, signature)) return { ...MISMATCH, expected };
      if (kept === undefined) keepSigningKey(credentials, scope, key, options.now);
      return { kind: 'verified', credentials, region };
    },
  };
}

/** Whether the query has a parameter that the signer passes over, so that anybody could change it on the way. */
function hasUncovered(query: Query, { expiresSeconds }: Signature): boolean {
  return Object.keys(query).some(
    (name) =>
      name === '__proto__' ||
      (name.toLowerCase() === 'x-amz-signature' &&
        (expiresSeconds === undefined || name !== 'X-Amz-Signature')),
  );
}

function hasToken(request: Unread, query: Query, credentials: Credentials): boolean {
  if (credentials.sessionToken === undefined) return true;
  const token = request.headers.joined(TOKEN_HEADER) ?? query[TOKEN_PARAMETER];
  return typeof token === 'string' && sameText(token, credentials.sessionToken);
}

// Texts as AWS's front ends give them (documented for Signature Version 4 troubleshooting).
function checkScope({ scope, date, signedHeaders }: Signature, service: string): Refused | undefined {
  if (!signedHeaders.includes('host')) {
    return invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (scope.terminator !== TERMINATOR) {
    return invalid(`Credential should be scoped with a valid terminator: '${TERMINATOR}'.`);
  }
  if (scope.service !== service) {
    return invalid(`Credential should be scoped to correct service: '${service}'.`);
  }
  if (!isRegion(scope.region)) return invalid('Credential should be scoped to a valid region.');
  if (scope.date !== date.slice(0, 8)) {
    return invalid(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        `'${scope.date}' != '${date.slice(0, 8)}', from '${date}'.`,
    );
  }
  return undefined;
}

/** Whether a text can be a region: it becomes part of ARNs and of store keys. */
export function isRegion(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(text);
}

function checkTime({ date, expiresSeconds }: Signature, now: number): Refused | undefined {
  const signedAt = millisOf(date);
  if (Number.isNaN(signedAt)) return MISSING;
  const pastMillis = expiresSeconds === undefined ? PAST_SKEW_MILLIS : expiresSeconds * 1000;
  if (signedAt < now - pastMillis) {
    return invalid(
      `Signature expired: ${date} is now earlier than ${longDate(now - pastMillis)} ` +
        `(${longDate(now)} - ${Math.ceil(pastMillis / 60_000)} min.)`,
    );
  }
  if (signedAt > now + FUTURE_SKEW_MILLIS) {
    return invalid(
      `Signature not yet current: ${date} is still later than ${longDate(now + FUTURE_SKEW_MILLIS)} ` +
        `(${longDate(now)} + ${FUTURE_SKEW_MILLIS / 60_000} min.)`,
    );
  }
  return undefined;
}

/** What the client says that it hashed. */
function declaredPayloadHash(request: Unread, signed: Signature, query: Query): string | undefined {
  const inQuery = query[PAYLOAD_PARAMETER] ?? query[PAYLOAD_HEADER];
  return (
    request.headers.joined(PAYLOAD_HEADER) ??
    (signed.expiresSeconds === undefined || typeof inQuery !== 'string' ? undefined : inQuery)
  );
}

function hashOf(body: Uint8Array | string): string {
  return hash('sha256', bytesOf(body), 'hex');
}

/** Whether a text is these 32 bytes in lower-case hexadecimal. */
function isSignature(text: string, bytes: Buffer): boolean {
  return /^[0-9a-f]{64}$/.test(text) && timingSafeEqual(Buffer.from(text, 'hex'), bytes);
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Epoch milliseconds; not a number where no day or time is written so. */
function millisOf(text: string): number {
  const day = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
  const millis = Date.parse(`${day}T${text.slice(9, 11)}:${text.slice(11, 13)}:${text.slice(13)}`);
  return Number.isNaN(millis) || longDate(millis) !== text ? Number.NaN : millis;
}

/** `20261122T234500Z` of epoch milliseconds. */
function longDate(millis: number): string {
  return new Date(millis).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function bytesOf(body: Uint8Array | string): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
}

function invalid(message: string): Refused {
  return refused('InvalidSignatureException', message);
}

function refused(code: RefusalCode, message: string): Refused {
  return Object.freeze({ kind: 'refused', code, message });
}
