import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Document } from '../store/store.ts';
import { domainsWithoutEffect } from './domains-without-effect.ts';

const ARN = 'arn:aws:acm:us-east-1:000000000000:certificate/shop';
const KNOWN = new Map([[ARN, {}]]);

const domain = (configuration: Document = {}, members: Document = {}) => ({
  account: '000000000000',
  region: 'us-east-1',
  domain: {
    DomainName: 'api.example.com',
    DomainNameConfigurations: [{ CertificateArn: ARN, IpAddressType: 'ipv4', ...configuration }],
    ...members,
  },
});

const MISSING = `CertificateArn ${ARN}`;
const MUTUAL = { MutualTlsAuthentication: { TruststoreUri: 's3://bucket/key' } };

describe('domains of which something has no effect', () => {
  const rows: [name: string, ReturnType<typeof domain>, known: boolean, own: boolean, found: string[][]][] = [
    ['a certificate that is configured', domain({}, MUTUAL), true, false, []],
    [
      'one that is not',
      domain(),
      false,
      false,
      [[MISSING, 'certificates has no files for it: clients cannot call it by https']],
    ],
    [
      'where the gateway has one of its own',
      domain({}, MUTUAL),
      false,
      true,
      [[MISSING, 'certificates has no files for it: clients are shown that of tls']],
    ],
    [
      'mutual TLS without TLS',
      domain({}, MUTUAL),
      false,
      false,
      [
        [MISSING, 'certificates has no files for it: clients cannot call it by https'],
        ['MutualTlsAuthentication', 'without TLS its requests are refused with 403'],
      ],
    ],
    [
      'a proof of ownership, and both kinds of addresses',
      domain({ OwnershipVerificationCertificateArn: ARN, IpAddressType: 'dualstack' }),
      true,
      false,
      [
        ['OwnershipVerificationCertificateArn', 'nobody asks here who owns a name'],
        ['IpAddressType dualstack', 'the server listens where its settings say'],
      ],
    ],
  ];
  for (const [name, stored, known, hasOwnCertificate, found] of rows) {
    test(name, () => {
      const certificates = known ? KNOWN : new Map();
      assert.deepEqual(
        domainsWithoutEffect([stored], { certificates, hasOwnCertificate }).map(({ where, what, effect }) => [
          where,
          what,
          effect,
        ]),
        found.map(([what, effect]) => ['domain api.example.com', what, effect]),
      );
    });
  }

  test('accounts and regions are told when there are several', () => {
    const other = { ...domain(), region: 'eu-west-1' };
    const found = domainsWithoutEffect([domain(), other], {
      certificates: new Map(),
      hasOwnCertificate: true,
    });
    assert.deepEqual(
      found.map(({ where }) => where),
      ['000000000000 us-east-1, domain api.example.com', '000000000000 eu-west-1, domain api.example.com'],
    );
  });
});
