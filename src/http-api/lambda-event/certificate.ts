// The client certificate in events (spec/http-api.md §10.2), made into text once a connection.
import type { ClientCertificate } from '../../net/client-certificate.ts';

const texts = new WeakMap<ClientCertificate, string>();

/** The `clientCert` object; undefined without mutual TLS. */
export function clientCertText(certificate: ClientCertificate | undefined): string | undefined {
  if (certificate === undefined) return undefined;
  let text = texts.get(certificate);
  if (text === undefined) {
    const { clientCertPem, subjectDN, issuerDN, serialNumber, validity } = certificate;
    const { notBefore, notAfter } = validity;
    text = JSON.stringify({
      clientCertPem,
      subjectDN,
      issuerDN,
      serialNumber,
      validity: { notBefore, notAfter },
    });
    texts.set(certificate, text);
  }
  return text;
}
