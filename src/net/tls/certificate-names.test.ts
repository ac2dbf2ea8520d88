// Which names a certificate is for (spec/management-api.md §2.10.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issueCertificate } from '../../../test/support/certificates.ts';
import { coversName } from './certificate-names.ts';

const rows: readonly (readonly [names: readonly string[], domain: string, covers: boolean])[] = [
  [['api.example.org'], 'api.example.org', true],
  [['API.Example.org'], 'api.example.org', true],
  [['other.org', 'api.example.org'], 'api.example.org', true],
  [['*.example.org'], 'api.example.org', true],
  [['*.example.net'], 'api.example.org', false],
  [['*.example.org'], 'a.api.example.org', false],
  [['*.example.org'], 'example.org', false],
  [['example.org'], 'api.example.org', false],
  [['*.example.org'], '*.example.org', true],
  [['api.example.org'], '*.example.org', false],
  [['*.example.org'], '*.api.example.org', false],
  [['*.org'], 'example.org', true],
];
for (const [names, domain, covers] of rows) {
  test(`${names.join(', ')} ${covers ? 'covers' : 'does not cover'} ${domain}`, () => {
    assert.equal(coversName(issueCertificate({ names }).cert, domain), covers);
  });
}

test('the common name counts where there are no others, and the first certificate of a chain', () => {
  const leaf = issueCertificate({ subject: 'O=Example,CN=*.example.org' }).cert;
  const authority = issueCertificate({ subject: 'CN=ca.example.net', names: ['ca.example.net'] }).cert;
  assert.equal(coversName(leaf + authority, 'api.example.org'), true);
  assert.equal(coversName(leaf + authority, 'ca.example.net'), false);
  const both = issueCertificate({ subject: 'CN=api.example.org', names: ['other.example'] }).cert;
  assert.equal(coversName(both, 'api.example.org'), false);
});
