// What a truststore must be: PEM certificates of authorities, judged when a domain is created or updated
// (spec/http-api.md §10.2). A certificate that breaks a rule is left out with a warning; mutual TLS stays on.
import { X509Certificate } from 'node:crypto';
import { nameOf } from '../client-certificate.ts';
import { signatureAlgorithmOf } from './signature-algorithm.ts';

export interface Truststore {
  /** PEM, a certificate each, those without fault. */
  readonly certificates: readonly string[];
  /** A sentence each. */
  readonly warnings: readonly string[];
}

/** The truststore cannot be used; the message is a sentence for whoever configures the domain. */
export class TruststoreError extends Error {}

const MAX_CHAIN = 4;
const MIN_RSA_BITS = 2048;
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
export const MAX_TRUSTSTORE_BYTES = 1_048_576;

/** Reads and judges a truststore. Throws TruststoreError. */
export function readTruststorePem(pem: string, now: number): Truststore {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new TruststoreError('The truststore has no certificate in PEM form.');
  const warnings: string[] = [];
  const accepted: X509Certificate[] = [];
  for (const [i, block] of blocks.entries()) {
    const certificate = parse(block);
    if (certificate === undefined) {
      warnings.push(`Certificate ${i + 1} of the truststore is not a valid X.509 certificate.`);
      continue;
    }
    const fault = faultOf(certificate, now);
    if (fault === undefined) accepted.push(certificate);
    else warnings.push(`The certificate with subject ${nameOf(certificate.subject)} ${fault}.`);
  }
  refuseConflicts(accepted);
  const certificates = withoutLongChains(accepted, warnings);
  return { certificates: certificates.map(String), warnings };
}

function parse(block: string): X509Certificate | undefined {
  try {
    return new X509Certificate(block);
  } catch {
    return undefined;
  }
}

/** What is wrong with a certificate by itself, as the end of a sentence. */
function faultOf(certificate: X509Certificate, now: number): string | undefined {
  const key = keyFault(certificate);
  if (key !== undefined) return key;
  const algorithm = signatureAlgorithmOf(certificate.raw);
  if (!algorithm.isStrong) return `is signed with ${algorithm.name}; SHA-256 or stronger is needed`;
  if (Date.parse(certificate.validTo) < now) return `expired on ${certificate.validTo}`;
  if (Date.parse(certificate.validFrom) > now) return `is not valid before ${certificate.validFrom}`;
  return undefined;
}

function keyFault(certificate: X509Certificate): string | undefined {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
    if (type === 'rsa' || type === 'rsa-pss') {
      const bits = details?.modulusLength ?? 0;
      return bits < MIN_RSA_BITS ? `has an RSA key of ${bits} bits; ${MIN_RSA_BITS} are needed` : undefined;
    }
    if (type === 'ec') {
      const curve = details?.namedCurve ?? '';
      return CURVES.has(curve) ? undefined : `has a key on the curve ${curve}; P-256 or stronger is needed`;
    }
    return `has a key of type ${type}, which is not supported`;
  } catch {
    return 'has a public key that cannot be read';
  }
}

/** One subject has one issuer. Throws TruststoreError. */
function refuseConflicts(certificates: readonly X509Certificate[]): void {
  const issuers = new Map<string, string>();
  for (const { subject, issuer } of certificates) {
    const known = issuers.get(subject);
    if (known !== undefined && known !== issuer) {
      throw new TruststoreError(
        `The certificate subject ${nameOf(subject)} conflicts with an existing certificate from a different issuer.`,
      );
    }
    issuers.set(subject, issuer);
  }
}

/** Leaves out what stands more than MAX_CHAIN certificates from its root. */
function withoutLongChains(
  certificates: readonly X509Certificate[],
  warnings: string[],
): readonly X509Certificate[] {
  const bySubject = new Map<string, X509Certificate[]>();
  for (const certificate of certificates) {
    const same = bySubject.get(certificate.subject);
    if (same === undefined) bySubject.set(certificate.subject, [certificate]);
    else same.push(certificate);
  }
  return certificates.filter((certificate) => {
    const length = chainLength(certificate, bySubject);
    if (length <= MAX_CHAIN) return true;
    warnings.push(
      `The certificate with subject ${nameOf(certificate.subject)} has a chain of more than ${MAX_CHAIN} certificates.`,
    );
    return false;
  });
}

/** Certificates from this one to its root, by names; one more than MAX_CHAIN for longer chains and rings. */
function chainLength(
  certificate: X509Certificate,
  bySubject: ReadonlyMap<string, readonly X509Certificate[]>,
): number {
  let at: X509Certificate | undefined = certificate;
  for (let length = 1; length <= MAX_CHAIN; length++) {
    if (at.subject === at.issuer) return length;
    at = bySubject.get(at.issuer)?.[0];
    if (at === undefined) return length;
  }
  return MAX_CHAIN + 1;
}
