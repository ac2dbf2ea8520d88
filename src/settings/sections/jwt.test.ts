// `jwt:` of the configuration file (docs/reference/settings.md).
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TEST_CERTIFICATE } from '../../../test/support/certificate.ts';
import { parseConfig } from '../parse-config.test.support.ts';
import { NO_SECTIONS } from '../sections.ts';
import { UsageError } from '../usage-error.ts';

const read = (issuers: string, directory = '/etc') =>
  parseConfig(`jwt:\n  issuers: ${issuers}\n`, 'postern.yaml', directory).sections.jwt.issuers;

test('jwt: nothing is no issuers', () => {
  assert.deepEqual(NO_SECTIONS.jwt, { issuers: [], anyHttpIssuer: false });
  assert.deepEqual(read('{}'), []);
});

test('jwt: an address and an authority', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-test-'));
  t.after(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'ca.pem'), TEST_CERTIFICATE);
  assert.deepEqual(
    read(
      '{ "https://a.example/x": { address: "http://127.0.0.1:9000/", ca: ca.pem }, "https://b.example": {} }',
      directory,
    ),
    [
      { issuer: 'https://a.example/x', address: 'http://127.0.0.1:9000', ca: TEST_CERTIFICATE },
      { issuer: 'https://b.example', address: undefined, ca: undefined },
    ],
  );
});

test('jwt: an issuer of http is named by being there; any may be allowed', () => {
  assert.deepEqual(read('{ "http://keycloak:8080/realms/dev": {} }'), [
    { issuer: 'http://keycloak:8080/realms/dev', address: undefined, ca: undefined },
  ]);
  const any = (value: string) => parseConfig(`jwt: { anyHttpIssuer: ${value} }`, 'postern.yaml', '/etc');
  assert.deepEqual(any('true').sections.jwt, { issuers: [], anyHttpIssuer: true });
  assert.throws(() => any('sometimes'), /jwt\.anyHttpIssuer is true or false, not "sometimes"/);
});

const refused: readonly (readonly [what: string, issuers: string, says: RegExp])[] = [
  ['a list', '[]', /jwt\.issuers is a mapping/],
  ['an issuer that is no URL', '{ login: { address: "http://a:1" } }', /is named by no URL of an issuer/],
  ['an issuer of another scheme', '{ "ftp://a.example": {} }', /is named by no URL of an issuer/],
  [
    'an address that is no URL',
    '{ "https://a.example": { address: "a:1" } }',
    /is an http or https URL, not "a:1"/,
  ],
  [
    'an address with a path',
    '{ "https://a.example": { address: "http://a:1/keys" } }',
    /is scheme, host and port, such as http:\/\/127\.0\.0\.1:9000, not "http:\/\/a:1\/keys"/,
  ],
  [
    'an address with a name',
    '{ "https://a.example": { address: "http://b@a:1" } }',
    /is scheme, host and port/,
  ],
  [
    'a file that is not there',
    '{ "https://a.example": { ca: /no/such } }',
    /names the file \/no\/such, which does not exist/,
  ],
  ['a file that is a directory', '{ "https://a.example": { ca: / } }', /which cannot be read \(EISDIR\)/],
  [
    'a file without certificate',
    '{ "https://a.example": { ca: /etc/hostname } }',
    /has no certificate in PEM form|does not exist/,
  ],
  ['a word that is not known', '{ "https://a.example": { adress: "http://a:1" } }', /Did you mean address\?/],
];

test('jwt: what is wrong is said with its place', async (t) => {
  for (const [what, issuers, says] of refused) {
    await t.test(what, () => {
      assert.throws(
        () => read(issuers),
        (error) =>
          error instanceof UsageError && says.test(error.message) && /^postern\.yaml:2:/.test(error.message),
      );
    });
  }
});
