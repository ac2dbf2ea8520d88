// TLS of the gateway's listener: certificates and truststores of custom domains as they are now, behind the names that
// the snapshot knows (spec/http-api.md §10.1, §10.2).
import type { DomainTls } from '../../config/domain.ts';
import type { Log } from '../../telemetry/log.ts';
import { coversName } from '../tls/certificate-names.ts';
import type { TlsDomain, TlsDomains } from '../tls/domain.ts';
import { DomainIdentities } from '../tls/domain-identities.ts';
import type { TlsOptions } from '../tls/front.ts';
import {
  type IdentityFiles,
  type LoadedIdentity,
  type WatchedIdentities,
  watchIdentities,
} from '../tls/identity-files.ts';
import { TicketKeys } from '../tls/ticket-keys.ts';
import { type TruststoreReading, Truststores } from '../tls/truststores.ts';
import type { TlsSession } from '../tls-session.ts';
import type { Listener } from './listener.ts';

export interface GatewayTlsSettings {
  /** The default identity's: of --tls-cert and --tls-key. */
  readonly files: IdentityFiles | undefined;
  readonly certificates: ReadonlyMap<string, IdentityFiles>;
  readonly truststores: ReadonlyMap<string, string>;
}

export interface GatewayTlsMeans {
  /** TruststoresOptions.s3Refusal. */
  readonly s3Refusal?: () => string | undefined;
  /** Where truststores of S3 are kept. */
  readonly directory: string;
  /** Where S3 is asked, unless the SDK's settings name a region. */
  readonly region: string;
  readonly log: Log;
  /** Of which keys of session tickets are made; asked where TLS is spoken. */
  readonly ticketSecret: () => Uint8Array;
  /** Milliseconds. */
  readonly epoch: () => number;
}

/** What is known of domains, from the first listening on. */
export interface KnownDomains {
  /** The domain of a server name in lower case. */
  find(serverName: string): DomainTls | undefined;
  readonly hasMutualTls: boolean;
}

const NO_DOMAINS: KnownDomains = { find: () => undefined, hasMutualTls: false };
const DEFAULT = 'default';

/** Throws the Error of `loadIdentity`. */
export class GatewayTls implements TlsDomains {
  readonly #settings: GatewayTlsSettings;
  readonly #identities: WatchedIdentities;
  readonly #truststores: Truststores;
  readonly #domains: DomainIdentities;
  readonly #tickets: TicketKeys | undefined;
  #known: KnownDomains = NO_DOMAINS;
  #listener: Listener | undefined;

  constructor(settings: GatewayTlsSettings, means: GatewayTlsMeans) {
    const { directory, region, log, s3Refusal } = means;
    this.#settings = settings;
    this.#tickets = this.isOn ? new TicketKeys(means.ticketSecret(), means.epoch) : undefined;
    const { files, certificates, truststores } = settings;
    const all = new Map([...certificates, ...(files === undefined ? [] : [[DEFAULT, files] as const])]);
    this.#identities = watchIdentities(all, { log, onChange: (name) => this.#onRenewed(name) });
    this.#truststores = new Truststores({
      files: truststores,
      directory,
      region,
      log,
      ...(s3Refusal === undefined ? {} : { s3Refusal }),
      onChange: () => this.refresh(),
    });
    this.#domains = new DomainIdentities({
      certificateOf: (arn) => (arn === DEFAULT ? undefined : this.#identities.get(arn)),
      fallback: () => this.#fallback,
      trustOf: (uri, version) => this.#truststores.trustOf(uri, version),
    });
  }

  /** Whether the gateway's listener speaks TLS: with a certificate of any kind. */
  get isOn(): boolean {
    return this.#settings.files !== undefined || this.#settings.certificates.size > 0;
  }

  get options(): TlsOptions {
    return { identity: this.#fallback?.identity, domains: this, tickets: this.#tickets };
  }

  /** From now on handshakes know these domains, and changes of files reach this listener. */
  serve(listener: Listener, known: KnownDomains): void {
    this.#listener = listener;
    this.#known = known;
  }

  /** The domains, or whom they trust, have changed: connections whose client was verified otherwise are ended. */
  refresh(): void {
    this.#listener?.retire((session) => this.#isStale(session));
  }

  get hasMutualTls(): boolean {
    return this.#known.hasMutualTls;
  }

  find(serverName: string): TlsDomain | undefined {
    const domain = this.#known.find(serverName);
    return domain === undefined ? undefined : this.#domains.domainOf(domain);
  }

  /** Whether a connection may send requests to a domain: with mutual TLS only one whose client was verified with the
   *  domain's own truststore, as it is now. Connections of other domains and clear ones are not let in. */
  admits(session: TlsSession | undefined, { truststore }: DomainTls): boolean {
    if (truststore === undefined) return true;
    const trust = this.#truststores.trustOf(truststore.uri, truststore.version);
    return trust.certificates.length > 0 && session?.clientTrust === trust;
  }

  /** Whether the certificate of an ARN is for a domain name; undefined when there are no files for it. */
  certificateCovers(arn: string, domainName: string): boolean | undefined {
    const loaded = arn === DEFAULT ? undefined : this.#identities.get(arn);
    return loaded && coversName(loaded.identity.cert, domainName);
  }

  /** Throws TruststoreError. */
  readTruststore(uri: string, version: string | undefined): Promise<TruststoreReading> {
    return this.#truststores.read(uri, version);
  }

  /** What another process has read. Throws TruststoreError. */
  truststoreKept(uri: string, version: string | undefined): Promise<void> {
    return this.#truststores.readKept(uri, version);
  }

  /** Throws TruststoreError for files that cannot be those of `setTruststores`. */
  checkTruststores(files: ReadonlyMap<string, string>): void {
    this.#truststores.check(files);
  }

  /** Paths by `s3://` URI. */
  setTruststores(files: ReadonlyMap<string, string>): void {
    this.#truststores.replace(files);
  }

  close(): void {
    this.#identities.close();
    this.#truststores.close();
  }

  get #fallback(): LoadedIdentity | undefined {
    return this.#identities.get(DEFAULT);
  }

  #onRenewed(name: string): void {
    if (name === DEFAULT && this.#fallback !== undefined)
      this.#listener?.setIdentity(this.#fallback.identity);
  }

  #isStale({ clientTrust, serverName }: TlsSession): boolean {
    return clientTrust !== undefined && this.find(serverName)?.clientTrust !== clientTrust;
  }
}
