// What TLS needs to know of custom domains: the contract between the listener and whoever knows the domains
// (spec/http-api.md §1.4, §10.1, §10.2).
import type { SecureContext } from 'node:tls';
import type { ClientTrust } from '../tls-session.ts';

export interface TlsIdentity {
  /** PEM, the leaf first. */
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

export interface TlsDomain {
  readonly identity: TlsIdentity;
  /** Of `identity`. */
  readonly context: SecureContext;
  /** With it clients are asked for a certificate: mutual TLS. */
  readonly clientTrust: ClientTrust | undefined;
}

export interface TlsDomains {
  /** The domain of a server name in lower case: the exact one, else the wildcard one. Undefined: the default identity's. */
  find(serverName: string): TlsDomain | undefined;
  /** Whether a domain has mutual TLS at present: the server name must then be known before the handshake begins. */
  readonly hasMutualTls: boolean;
}
