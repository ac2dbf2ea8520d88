// The certificate a client presented in a mutual TLS handshake, as events, logs and mappings show it
// (spec/http-api.md §10.2).
import type { X509Certificate } from 'node:crypto';

export interface ClientCertificate {
  readonly clientCertPem: string;
  /** `C=US,O=Example,CN=client`, in the certificate's order. */
  readonly subjectDN: string;
  readonly issuerDN: string;
  /** `a1:b2:…`, hex pairs. */
  readonly serialNumber: string;
  readonly validity: {
    /** `May 28 12:30:02 2019 GMT`, the day padded with a space. */
    readonly notBefore: string;
    readonly notAfter: string;
  };
}

export function describeClientCertificate(certificate: X509Certificate): ClientCertificate {
  const { subject, issuer, serialNumber, validFrom, validTo } = certificate;
  return Object.freeze({
    clientCertPem: certificate.toString(),
    subjectDN: nameOf(subject),
    issuerDN: nameOf(issuer),
    serialNumber: hexPairs(serialNumber),
    validity: Object.freeze({ notBefore: validFrom, notAfter: validTo }),
  });
}

/** A distinguished name on one line. node:crypto gives one attribute a line, with RFC 2253's escapes in values; an empty
 *  name is undefined. */
export function nameOf(lines: string | undefined): string {
  return (lines ?? '').replaceAll('\n', ',');
}

function hexPairs(serialNumber: string): string {
  const hex = serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`;
  return (hex.toLowerCase().match(/../g) ?? []).join(':');
}
