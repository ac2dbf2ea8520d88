// What a truststore may hold, and what becomes of what it may not (spec/http-api.md §10.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CertificateRequest, issueCertificate } from '../../../test/support/certificates.ts';
import { readTruststorePem, TruststoreError } from './truststore.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const authority = (request: CertificateRequest = {}): string =>
  issueCertificate({ subject: 'CN=Faulty', authority: true, ...request }).cert;
const good = authority({ subject: 'CN=Good,O=Example' });
const root = issueCertificate({ subject: 'CN=Root', authority: true });
const byRoot = issueCertificate({ subject: 'CN=Middle', issuer: root, authority: true });

test('certificates without fault are taken, between them anything may stand', () => {
  const pem = `Root of the partners\n${good}\n# another\r\n${root.cert.replaceAll('\n', '\r\n')}${byRoot.cert}`;
  assert.deepEqual(readTruststorePem(pem, NOW), {
    certificates: [good, root.cert, byRoot.cert],
    warnings: [],
  });
});

const FAULTY: readonly (readonly [what: string, pem: string, warning: RegExp])[] = [
  [
    'an RSA key of 1024 bits',
    authority({ key: 'rsa1024' }),
    /CN=Faulty has an RSA key of 1024 bits; 2048 are needed\.$/,
  ],
  [
    'another curve',
    authority({ key: 'secp256k1' }),
    /has a key on the curve secp256k1; P-256 or stronger is needed\.$/,
  ],
  [
    'another kind of key',
    authority({ key: 'ed25519' }),
    /has a key of type ed25519, which is not supported\.$/,
  ],
  [
    'SHA-1 with ECDSA',
    authority({ digest: 'sha1' }),
    /is signed with ecdsa-with-SHA1; SHA-256 or stronger is needed\.$/,
  ],
  ['SHA-1 with RSA', authority({ key: 'rsa2048', digest: 'sha1' }), /is signed with sha1WithRSAEncryption; /],
  ['expired', authority({ notAfter: new Date('2021-01-01') }), /expired on Jan {2}1 00:00:00 2021 GMT\.$/],
  [
    'not valid yet',
    authority({ notBefore: new Date('2100-01-01') }),
    /is not valid before Jan {2}1 00:00:00 2100 GMT\.$/,
  ],
  [
    'no certificate within',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    /^Certificate 1 of the truststore is not a valid X\.509 certificate\.$/,
  ],
];

for (const [what, pem, warning] of FAULTY) {
  test(`a warning, and left out: ${what}`, () => {
    const { certificates, warnings } = readTruststorePem(pem + good, NOW);
    assert.deepEqual(certificates, [good]);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, warning);
  });
}

test('RSA of 2048 bits with SHA-256 is taken', () => {
  const pem = authority({ key: 'rsa2048' });
  assert.deepEqual(readTruststorePem(pem, NOW).certificates, [pem]);
});

test('chains of four certificates are taken, of five not', () => {
  const chain = [root];
  for (let i = 1; i < 5; i++) {
    chain.push(issueCertificate({ subject: `CN=Level ${i}`, issuer: chain[i - 1]!, authority: true }));
  }
  const { certificates, warnings } = readTruststorePem(chain.map(({ cert }) => cert).join(''), NOW);
  assert.deepEqual(
    certificates,
    chain.slice(0, 4).map(({ cert }) => cert),
  );
  assert.deepEqual(warnings, [
    'The certificate with subject CN=Level 4 has a chain of more than 4 certificates.',
  ]);
});

test('a subject with two issuers is a conflict', () => {
  const other = issueCertificate({ subject: 'CN=Middle', authority: true });
  assert.throws(
    () => readTruststorePem(byRoot.cert + other.cert, NOW),
    new TruststoreError(
      'The certificate subject CN=Middle conflicts with an existing certificate from a different issuer.',
    ),
  );
});

test('a file without certificates is no truststore', () => {
  for (const pem of ['', 'text', issueCertificate().key]) {
    assert.throws(
      () => readTruststorePem(pem, NOW),
      new TruststoreError('The truststore has no certificate in PEM form.'),
    );
  }
});
