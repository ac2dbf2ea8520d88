// From an issuer's URL to its keys: the discovery document names where they are (OpenID Connect Discovery 1.0 §4;
// spec/http-api.md §6.2.2 (3), §6.2.3).
import { parseJson } from '../../wire/json.ts';
import { type FetchOptions, fetchDocument } from './fetch-document.ts';
import { DISCOVERY_FAILED, KEYS_FAILED, type TokenProblem } from './problems.ts';
import type { IssuerSettings } from './settings.ts';

/** spec/http-api.md §6.2.3. */
const TIMEOUT_MILLIS = 1_500;
const MAX_BYTES = 150_000;

/** An issuer that could not be asked. */
export class IssuerFailure {
  readonly problem: TokenProblem;
  /** For the log. */
  readonly reason: string;

  constructor(problem: TokenProblem, reason: string) {
    this.problem = problem;
    this.reason = reason;
  }
}

export interface DiscoveryMeans {
  /** Which URLs of http may be asked. */
  readonly allowsHttp: (url: URL) => boolean;
  /** Trusted authorities, all of them; undefined for Node's own. */
  readonly ca: readonly string[] | undefined;
  readonly signal: AbortSignal;
  readonly timeoutMillis?: number;
}

export function discoveryUrlOf(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

export class Discovery {
  readonly #issuer: string;
  readonly #host: string;
  /** Where the issuer's host is asked instead. */
  readonly #address: URL | undefined;
  readonly #allowsHttp: (url: URL) => boolean;
  readonly #options: FetchOptions;

  constructor(issuer: string, settings: IssuerSettings | undefined, means: DiscoveryMeans) {
    const { allowsHttp, ca, signal, timeoutMillis = TIMEOUT_MILLIS } = means;
    this.#issuer = issuer;
    this.#host = URL.canParse(issuer) ? new URL(issuer).host : '';
    this.#address = settings?.address === undefined ? undefined : new URL(settings.address);
    this.#allowsHttp = allowsHttp;
    this.#options = { timeoutMillis, maxBytes: MAX_BYTES, ca, signal };
  }

  /** The address of the issuer's keys. */
  async keysAddress(): Promise<URL | IssuerFailure> {
    const url = this.#reachable(discoveryUrlOf(this.#issuer));
    if (url === undefined)
      return new IssuerFailure(
        DISCOVERY_FAILED,
        'the issuer is no https URL, and none of http that is allowed',
      );
    try {
      const document: unknown = parseJson(await fetchDocument(url, this.#options));
      const named = (document as { jwks_uri?: unknown } | null)?.jwks_uri;
      const address = typeof named === 'string' ? this.#reachable(named) : undefined;
      const wrong = 'its discovery document names no https jwks_uri, and none of http that is allowed';
      return address ?? new IssuerFailure(DISCOVERY_FAILED, wrong);
    } catch (error) {
      return new IssuerFailure(DISCOVERY_FAILED, `${url.href}: ${messageOf(error)}`);
    }
  }

  /** The text of the issuer's key set. */
  async keys(): Promise<string | IssuerFailure> {
    const url = await this.keysAddress();
    if (url instanceof IssuerFailure) return url;
    try {
      return await fetchDocument(url, this.#options);
    } catch (error) {
      return new IssuerFailure(KEYS_FAILED, `${url.href}: ${messageOf(error)}`);
    }
  }

  /** Where a URL is fetched: by https, or by http where that is allowed, but for what the configuration has put elsewhere. */
  #reachable(text: string): URL | undefined {
    if (!URL.canParse(text)) return undefined;
    const url = new URL(text);
    if (url.username !== '' || url.password !== '') return undefined;
    const address = this.#address;
    if (address !== undefined && (url.host === address.host || url.host === this.#host)) {
      const moved = new URL(address.origin);
      moved.pathname = url.pathname;
      moved.search = url.search;
      return moved;
    }
    const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && this.#allowsHttp(url));
    return isAllowed ? url : undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
