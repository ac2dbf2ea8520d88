// From what a custom domain is configured with to what its handshakes need (spec/http-api.md §10.1, §10.2).
import type { ClientTrust, TlsDomain } from './domain.ts';
import type { LoadedIdentity } from './identity-files.ts';
import type { TlsSession } from './session.ts';

/** The transport side of a DomainName. */
export interface DomainTls {
  readonly certificateArn: string | undefined;
  /** With it the domain has mutual TLS. */
  readonly truststore: TruststoreLocation | undefined;
}

export interface TruststoreLocation {
  readonly uri: string;
  readonly version: string | undefined;
}

export interface DomainIdentitiesMeans {
  /** The certificate of an ARN. */
  readonly certificateOf: (arn: string) => LoadedIdentity | undefined;
  /** For domains whose certificate is not configured. */
  readonly fallback: () => LoadedIdentity | undefined;
  readonly trustOf: (uri: string, version: string | undefined) => ClientTrust;
}

/** Makes one TlsDomain for each combination, and another one when a file behind it changes. */
export class DomainIdentities {
  private readonly means: DomainIdentitiesMeans;
  private readonly known = new Map<string, { readonly loaded: LoadedIdentity; readonly domain: TlsDomain }>();

  constructor(means: DomainIdentitiesMeans) {
    this.means = means;
  }

  /** Undefined when there is no certificate to show. */
  domainOf({ certificateArn, truststore }: DomainTls): TlsDomain | undefined {
    const { certificateOf, fallback, trustOf } = this.means;
    const named = certificateArn === undefined ? undefined : certificateOf(certificateArn);
    const loaded = named ?? fallback();
    if (loaded === undefined) return undefined;
    const clientTrust = truststore === undefined ? undefined : trustOf(truststore.uri, truststore.version);
    const key = `${certificateArn}\n${truststore?.uri}\n${truststore?.version}`;
    const known = this.known.get(key);
    if (known?.loaded === loaded && known.domain.clientTrust === clientTrust) return known.domain;
    const { identity, context } = loaded;
    const domain = { identity, context, clientTrust };
    this.known.set(key, { loaded, domain });
    return domain;
  }

  /** Whether a connection may send requests to a domain: with mutual TLS only one whose client was verified with the
   *  domain's own truststore, in its present state. Connections of other domains and clear ones are not let in. */
  admits(session: TlsSession | undefined, { truststore }: Pick<DomainTls, 'truststore'>): boolean {
    if (truststore === undefined) return true;
    const trust = this.means.trustOf(truststore.uri, truststore.version);
    return trust.certificates.length > 0 && session?.clientTrust === trust;
  }
}
