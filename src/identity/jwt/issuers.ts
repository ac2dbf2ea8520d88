// All issuers of a process, shared by the stages that use them: keys outlive a redeployment (spec/http-api.md §6.2.3).
import { type Clock, SYSTEM_CLOCK } from '../../clock.ts';
import { Counted } from '../../counted.ts';
import type { Log } from '../../telemetry/log.ts';
import { Discovery, discoveryUrlOf, IssuerFailure } from './discovery.ts';
import { Issuer } from './issuer.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { allowedHttp, isAllowedHttpIssuer } from './plain-http.ts';
import { type JwtSettings, settingsOf } from './settings.ts';

export interface IssuersMeans {
  readonly log: Log;
  /** Certificates trusted for every issuer besides Node's own, in PEM. */
  readonly ca: readonly string[];
  /** The system's when absent. */
  readonly clock?: Clock;
  readonly timeoutMillis?: number;
}

export class Issuers {
  readonly #settings: JwtSettings;
  readonly #means: IssuersMeans;
  readonly #stop = new AbortController();
  readonly #issuers = new Counted<Issuer>();

  constructor(settings: JwtSettings, means: IssuersMeans) {
    this.#settings = settings;
    this.#means = means;
  }

  /** The issuer of this name, with one more user. */
  acquire(name: string): Issuer {
    return this.#issuers.acquire(name, () => {
      const { clock = SYSTEM_CLOCK } = this.#means;
      const keys = new IssuerKeys({
        source: this.#discovery(name),
        now: () => clock.monotonic(),
        onFailure: (reason) => {
          if (!this.#stop.signal.aborted) {
            this.#means.log('issuer.unreachable', { issuer: name, reason });
          }
        },
      });
      return new Issuer(name, keys, clock);
    });
  }

  /** One user less; without users an issuer is forgotten. */
  release(issuer: Issuer): void {
    this.#issuers.release(issuer);
  }

  /** Whether an authorizer may name an issuer of http. */
  allowsHttp(name: string): boolean {
    return isAllowedHttpIssuer(name, this.#settings);
  }

  /** What is wrong with an issuer that an authorizer is to name: the text of spec/management-api.md §2.6.2. Asks the
   *  issuer, for at most 1500 ms. */
  async check(name: string): Promise<string | undefined> {
    const address = await this.#discovery(name).keysAddress();
    if (!(address instanceof IssuerFailure)) return undefined;
    return (
      `Caught exception when connecting to ${discoveryUrlOf(name)} for issuer ${name}. Please try again later. ` +
      `Error: Invalid issuer: ${name}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'`
    );
  }

  /** Gives up what is being fetched. */
  close(): void {
    this.#stop.abort();
  }

  #discovery(name: string): Discovery {
    const settings = settingsOf(name, this.#settings);
    const extra = settings?.ca === undefined ? this.#means.ca : [...this.#means.ca, settings.ca];
    const { timeoutMillis } = this.#means;
    return new Discovery(name, settings, {
      allowsHttp: allowedHttp(name, this.#settings),
      ca:
        extra.length === 0 ? undefined : [...process.getBuiltinModule('node:tls').rootCertificates, ...extra],
      signal: this.#stop.signal,
      ...(timeoutMillis === undefined ? {} : { timeoutMillis }),
    });
  }
}
