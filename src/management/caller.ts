// Who calls the management door, and in which account and region (decision 0013; spec/management-api.md §1.5, §1.13).
import { isLoopbackHost } from '../grammar/loopback-host.ts';
import type { Identity } from '../identity/identities.ts';
import type { Credentials } from '../identity/sigv4.ts';
import { isRegion, verifySignature } from '../identity/sigv4.ts';
import { parseCredentialScope } from '../identity/sigv4-claim.ts';
import { type Bytes, bufferOf } from '../net/bytes.ts';
import type { Exchange } from '../net/exchange.ts';
import { forwardingHeader, isOfWebPage } from '../net/request-source.ts';
import { accessDenied, ServiceError } from '../wire/errors.ts';
import { requirePermission } from './permissions.ts';

export interface Caller {
  readonly account: string;
  readonly region: string;
  /** Who signed; undefined while anybody may call. */
  readonly identity?: Identity;
}

/** The account of which a caller sees what there is; undefined for all of them, while anybody may call. */
export function accountSeenBy({ account, identity }: Caller): string | undefined {
  return identity === undefined ? undefined : account;
}

/** Credentials, with what the identity they belong to may do. */
export type Signer = Credentials & Partial<Identity>;

export interface AuthenticatorOptions {
  /** Who may call; nobody listed means that everybody may. */
  readonly credentials: readonly Signer[];
  /** The account of callers whose credentials name none. */
  readonly account: string;
  /** The region of requests that name none; us-east-1 when absent. */
  readonly region?: string;
  /** The service that signatures must be for; apigateway when absent. */
  readonly service?: string;
  /** Throws the refusal of what an identity may not do; requirePermission when absent. */
  readonly permit?: (identity: Identity, exchange: Exchange, region: string) => void;
}

/** Finds the caller of a request, or throws the ServiceError that refuses it. */
export type Authenticate = (exchange: Exchange, body: Bytes, nowMillis: number) => Caller | Promise<Caller>;

const MANAGEMENT_SERVICE = 'apigateway';
/** Of requests that name none. */
export const DEFAULT_REGION = 'us-east-1';
const FORBIDDEN = 403;

export function createAuthenticator(options: AuthenticatorOptions): Authenticate {
  const { account, region = DEFAULT_REGION } = options;
  const { service = MANAGEMENT_SERVICE, permit = requirePermission } = options;
  if (options.credentials.length === 0) {
    return (exchange) => {
      refuseStrangers(exchange);
      return { account, region: claimedRegion(exchange) ?? region };
    };
  }
  const byAccessKey = new Map(options.credentials.map((each) => [each.accessKeyId, each]));
  const credentialsOf = (accessKeyId: string) => byAccessKey.get(accessKeyId);
  return async (exchange, body, now) => {
    const { method, target, host, headers } = exchange;
    const verdict = await verifySignature(
      { method, target, host, headers, body: bufferOf(body) },
      { credentialsOf, service, now },
    );
    if (verdict.kind === 'refused') throw new ServiceError(verdict.code, FORBIDDEN, verdict.message);
    const signer: Signer = verdict.credentials;
    const accountId = signer.accountId ?? account;
    const identity = { ...signer, accountId };
    permit(identity, exchange, verdict.region);
    return { account: accountId, region: verdict.region, identity };
  };
}

/** Throws the refusal of what a page in a browser sends, whoever may call otherwise. */
export function refuseWebPages({ headers }: Exchange): void {
  if (!isOfWebPage(headers)) return;
  const origin = headers.first('origin');
  const whose = origin === undefined ? '' : ` of ${JSON.stringify(origin)}`;
  throw accessDenied(`Requests from a web page${whose} are refused here.`);
}

/** The same but for the console: a page of this door's own origin, on the paths that the console calls. Pages that the gateway serves
 *  under the path form of a shared listener are sandboxed, so that they have no such origin (decision 0026). */
export function refuseOtherPages(exchange: Exchange): void {
  if (!isOfOwnPage(exchange)) refuseWebPages(exchange);
}

/** Sec-Fetch-Site, which no script can set, compares the page's origin with the address that the browser asked; Origin has to say the same
 *  where it is sent. Behind a proxy that ends TLS the page has come by https. */
function isOfOwnPage({ headers, host, scheme, target }: Exchange): boolean {
  if (headers.joined('sec-fetch-site') !== 'same-origin') return false;
  if (!CONSOLE_CALLS.some((prefix) => target.startsWith(prefix))) return false;
  const origin = headers.joined('origin');
  return origin === undefined || origin === `${scheme}://${host}` || origin === `https://${host}`;
}

const CONSOLE_CALLS = ['/v2/', '/_postern/'];

/** While anybody may call, that is anybody on this machine: not who is behind a proxy, and not a page that reached this door
 *  by DNS rebinding, under a host name that its owner made point here. */
export function refuseStrangers({ headers, host }: Exchange): void {
  const forwarding = forwardingHeader(headers);
  if (forwarding === undefined && isLoopbackHost(host)) return;
  const what =
    forwarding === undefined
      ? `to the host name ${JSON.stringify(host)}`
      : `that a proxy passed on (with ${forwarding})`;
  throw accessDenied(
    `Requests ${what} are refused while no credentials are configured. Configure credentials, or call 127.0.0.1 or localhost.`,
  );
}

// Any signature is accepted, a missing one too; only its region is believed.
function claimedRegion(exchange: Exchange): string | undefined {
  const mark = exchange.target.indexOf('?');
  const query = mark === -1 ? '' : exchange.target.slice(mark + 1);
  const region = parseCredentialScope(exchange.headers.first('authorization'), query)?.region;
  return region !== undefined && isRegion(region) ? region : undefined;
}
