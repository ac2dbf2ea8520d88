// The algorithm a certificate is signed with, from its DER (RFC 5280 §4.1): node:crypto tells it from Node 24 on only.

export interface SignatureAlgorithm {
  /** `sha1WithRSAEncryption`, or the object identifier's bytes in hex. */
  readonly name: string;
  /** SHA-256 or stronger with RSA or ECDSA. */
  readonly isStrong: boolean;
}

const RSA = '2a864886f70d0101';
const ECDSA = '2a8648ce3d04';
const PSS = `${RSA}0a`;
const SHA_2 = '60864801650304020';

const NAMES: { readonly [oid: string]: string } = {
  [`${RSA}04`]: 'md5WithRSAEncryption',
  [`${RSA}05`]: 'sha1WithRSAEncryption',
  [`${RSA}0e`]: 'sha224WithRSAEncryption',
  [`${ECDSA}01`]: 'ecdsa-with-SHA1',
  [`${ECDSA}0301`]: 'ecdsa-with-SHA224',
  [PSS]: 'RSASSA-PSS with a weak hash',
};

const STRONG = new Set([`${RSA}0b`, `${RSA}0c`, `${RSA}0d`, `${ECDSA}0302`, `${ECDSA}0303`, `${ECDSA}0304`]);

/** `der` is a certificate that node:crypto has accepted. */
export function signatureAlgorithmOf(der: Buffer): SignatureAlgorithm {
  const certificate = elementAt(der, 0);
  const signed = elementAt(der, certificate.start);
  const algorithm = elementAt(der, signed.end);
  const identifier = elementAt(der, algorithm.start);
  const oid = der.toString('hex', identifier.start, identifier.end);
  const parameters = der.toString('hex', identifier.end, algorithm.end);
  // The parameters name the hash, twice; the weak ones have other identifiers or are the default, which is not written.
  const isStrong =
    STRONG.has(oid) || (oid === PSS && [1, 2, 3].some((n) => parameters.includes(`${SHA_2}${n}`)));
  return { name: NAMES[oid] ?? oid, isStrong };
}

/** Where the content of the DER element at a position begins and ends. */
function elementAt(der: Buffer, at: number): { start: number; end: number } {
  const first = der[at + 1] ?? 0;
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const bytes = first & 0x7f;
  const start = at + 2 + bytes;
  return { start, end: start + der.readUIntBE(at + 2, bytes) };
}
