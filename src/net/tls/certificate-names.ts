// Which names a certificate is for (RFC 6125 §6.4; spec/management-api.md §2.10.2).
import { X509Certificate } from 'node:crypto';

/** Whether the first certificate of a PEM text is for a domain name, which may be a wildcard. `*.example.org` covers one
 *  label; a wildcard domain is covered by the same wildcard alone. */
export function coversName(pem: string | Buffer, domainName: string): boolean {
  const name = domainName.toLowerCase();
  const [, parent] = /^[^.]+\.(.+)$/.exec(name) ?? [];
  return namesOf(new X509Certificate(pem)).some(
    (covered) => covered === name || (parent !== undefined && covered === `*.${parent}`),
  );
}

/** The DNS names, in lower case; the common name counts where there are none. */
function namesOf({ subjectAltName, subject }: X509Certificate): readonly string[] {
  const alternatives = (subjectAltName ?? '').split(', ').filter((name) => name.startsWith('DNS:'));
  const names = alternatives.map((name) => name.slice('DNS:'.length));
  const common = /^CN=(.+)$/m.exec(subject)?.[1];
  return (names.length === 0 && common !== undefined ? [common] : names).map((name) => name.toLowerCase());
}
