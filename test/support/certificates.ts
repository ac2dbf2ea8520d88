// Makes X.509 certificates for tests: authorities, servers, clients, and faulty ones (RFC 5280).
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface IssuedCertificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly subject: readonly (readonly [type: keyof typeof NAME_TYPES, value: string])[];
  readonly keyObject: KeyObject;
}

export interface CertificateRequest {
  /** `CN=client,O=Example`, in this order; default one of the CN `test`. */
  readonly subject?: string;
  /** Signs; without it the certificate signs itself. */
  readonly issuer?: IssuedCertificate;
  readonly authority?: boolean;
  /** DNS names. */
  readonly names?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly key?: 'p256' | 'rsa2048' | 'rsa1024' | 'secp256k1' | 'ed25519';
  readonly digest?: 'sha256' | 'sha1';
  /** Hex. */
  readonly serial?: string;
}

const NAME_TYPES = { CN: '2.5.4.3', O: '2.5.4.10', C: '2.5.4.6' } as const;

export function issueCertificate(request: CertificateRequest = {}): IssuedCertificate {
  const { issuer, digest = 'sha256', serial = '1001', authority = false, names = [] } = request;
  const subject = readName(request.subject ?? 'CN=test');
  const { privateKey, publicKey } = keyPair(request.key ?? 'p256');
  const signer = issuer?.keyObject ?? privateKey;
  const algorithm = signatureAlgorithm(signer, digest);
  const extensions = [
    extension('2.5.29.19', true, sequence(authority ? [tlv(0x01, Buffer.from([0xff]))] : [])),
    ...(names.length === 0
      ? []
      : [extension('2.5.29.17', false, sequence(names.map((name) => tlv(0x82, Buffer.from(name)))))]),
    extension('2.5.29.14', false, tlv(0x04, createHash('sha1').update(spki(publicKey)).digest())),
  ];
  const body = sequence([
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from(serial, 'hex')),
    algorithm,
    printName(issuer?.subject ?? subject),
    sequence([
      time(request.notBefore ?? new Date('2020-01-01T00:00:00Z')),
      time(request.notAfter ?? new Date('2120-01-01T00:00:00Z')),
    ]),
    printName(subject),
    spki(publicKey),
    tlv(0xa3, sequence(extensions)),
  ]);
  const signature = sign(signer.asymmetricKeyType === 'ed25519' ? null : digest, body, signer);
  const der = sequence([body, algorithm, tlv(0x03, Buffer.concat([Buffer.of(0), signature]))]);
  const base64 = der
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    subject,
    keyObject: privateKey,
  };
}

function keyPair(kind: NonNullable<CertificateRequest['key']>): {
  privateKey: KeyObject;
  publicKey: KeyObject;
} {
  if (kind === 'ed25519') return generateKeyPairSync('ed25519');
  if (kind === 'p256') return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  if (kind === 'secp256k1') return generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  return generateKeyPairSync('rsa', { modulusLength: kind === 'rsa1024' ? 1024 : 2048 });
}

function signatureAlgorithm(signer: KeyObject, digest: 'sha256' | 'sha1'): Buffer {
  const kind = signer.asymmetricKeyType;
  if (kind === 'ed25519') return sequence([oid('1.3.101.112')]);
  if (kind === 'ec') return sequence([oid(digest === 'sha1' ? '1.2.840.10045.4.1' : '1.2.840.10045.4.3.2')]);
  return sequence([oid(`1.2.840.113549.1.1.${digest === 'sha1' ? 5 : 11}`), tlv(0x05, Buffer.alloc(0))]);
}

function readName(text: string): IssuedCertificate['subject'] {
  return text.split(',').map((part) => {
    const [type, value] = part.split('=');
    return [type as keyof typeof NAME_TYPES, value!];
  });
}

function printName(name: IssuedCertificate['subject']): Buffer {
  return sequence(
    name.map(([type, value]) => tlv(0x31, sequence([oid(NAME_TYPES[type]), tlv(0x0c, Buffer.from(value))]))),
  );
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence([oid(id), ...(critical ? [tlv(0x01, Buffer.from([0xff]))] : []), tlv(0x04, value)]);
}

/** UTCTime before 2050, GeneralizedTime from then on. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050
    ? tlv(0x17, Buffer.from(digits.slice(2)))
    : tlv(0x18, Buffer.from(digits));
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function oid(text: string): Buffer {
  const [first, second, ...rest] = text.split('.').map(Number);
  const bytes = [first! * 40 + second!];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return tlv(0x06, Buffer.from(bytes));
}

function sequence(parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const bytes = length < 0x100 ? [length] : [length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, 0x80 | bytes.length, ...bytes), content]);
}
