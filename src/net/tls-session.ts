// What is known of one client's TLS connection after its handshake (spec/http-api.md §10.1, §10.2).
import type { X509Certificate } from 'node:crypto';
import { type ClientCertificate, describeClientCertificate } from './client-certificate.ts';

/** The certificates of one state of a truststore. Compared by identity: a new state is a new object, and what an older
 *  one let in is let in no more. */
export interface ClientTrust {
  /** PEM, a certificate each; empty trusts nobody. */
  readonly certificates: readonly string[];
}

/** One a connection. */
export class TlsSession {
  /** The name the client asked for (SNI), in lower case; '' when it gave none. */
  readonly serverName: string;
  /** The truststore that the client's certificate was verified with in this handshake; undefined when the client was
   *  asked for none or presented none. A domain with mutual TLS lets in nobody whose trust is not its own. */
  readonly clientTrust: ClientTrust | undefined;
  readonly #certificate: X509Certificate | undefined;
  #described: ClientCertificate | undefined = undefined;

  constructor(
    serverName: string,
    clientTrust: ClientTrust | undefined,
    certificate: X509Certificate | undefined,
  ) {
    this.serverName = serverName;
    this.clientTrust = clientTrust;
    this.#certificate = certificate;
  }

  /** The verified one. Read from the certificate when first asked for. */
  get clientCertificate(): ClientCertificate | undefined {
    const certificate = this.#certificate;
    if (certificate === undefined) return undefined;
    this.#described ??= describeClientCertificate(certificate);
    return this.#described;
  }
}
