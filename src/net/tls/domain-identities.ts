// From what a custom domain is configured with to what its handshakes need (spec/http-api.md §10.1, §10.2).
import type { DomainTls } from '../../config/domain.ts';
import type { ClientTrust } from '../tls-session.ts';
import type { TlsDomain } from './domain.ts';
import type { LoadedIdentity } from './identity-files.ts';

export interface DomainIdentitiesMeans {
  /** The certificate of an ARN. */
  readonly certificateOf: (arn: string) => LoadedIdentity | undefined;
  /** For domains whose certificate is not configured. */
  readonly fallback: () => LoadedIdentity | undefined;
  readonly trustOf: (uri: string, version: string | undefined) => ClientTrust;
}

/** Makes one TlsDomain for each combination, and another one when a file behind it changes. */
export class DomainIdentities {
  readonly #means: DomainIdentitiesMeans;
  readonly #known = new Map<string, { readonly loaded: LoadedIdentity; readonly domain: TlsDomain }>();

  constructor(means: DomainIdentitiesMeans) {
    this.#means = means;
  }

  /** Undefined when there is no certificate to show. */
  domainOf({ certificateArn, truststore }: DomainTls): TlsDomain | undefined {
    const { certificateOf, fallback, trustOf } = this.#means;
    const loaded = certificateOf(certificateArn) ?? fallback();
    if (loaded === undefined) return undefined;
    const clientTrust = truststore === undefined ? undefined : trustOf(truststore.uri, truststore.version);
    const key = `${certificateArn}\n${truststore?.uri}\n${truststore?.version}`;
    const known = this.#known.get(key);
    if (known?.loaded === loaded && known.domain.clientTrust === clientTrust) return known.domain;
    const { identity, context } = loaded;
    const domain = { identity, context, clientTrust };
    this.#known.set(key, { loaded, domain });
    return domain;
  }
}
