// Entries of access logs: what only some calls have, and the bounds of an entry (spec/http-api.md §9.1, §9.3).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InjectedExchange } from '../net/http1/inject.ts';
import { compileLogFormat, MAX_ENTRY_BYTES } from '../stage/log-line.ts';
import { Call } from './call.ts';
import { CALL_CONTEXT } from './context.ts';
import type { HttpStage } from './stage.ts';

const STAGE: HttpStage = {
  accountId: '000000000000',
  region: 'us-east-1',
  apiId: 'a1',
  name: '$default',
  deploymentId: 'd1',
  variables: new Map([['colour', 'blue']]),
  cors: undefined,
  executeApiDisabled: false,
  throttle: undefined,
  watch: { onOver() {}, accessLogEntry: () => undefined },
  router: { match: () => undefined },
};
const CERTIFICATE = {
  clientCertPem: '-----BEGIN CERTIFICATE-----\nAB==\n-----END CERTIFICATE-----\n',
  subjectDN: 'CN="a"',
  issuerDN: 'CN=authority',
  serialNumber: '0a:1b',
  validity: { notBefore: 'May 28 12:30:02 2019 GMT', notAfter: 'Aug  5 09:36:04 2021 GMT' },
};

function callAt(path: string, certificate?: typeof CERTIFICATE): Call {
  const given = certificate === undefined ? {} : { clientCertificate: certificate };
  const exchange = new InjectedExchange({ target: '/', startedAt: 1_584_039_838_000, ...given }, () => {});
  return new Call(exchange, STAGE, { name: 'a.test', prefix: 'a', forwardedHost: 'a.test' }, path, path, '');
}

test('client certificate, matched base path and times, where a call has them', () => {
  const rows: [format: string, expected: string][] = [
    ['$context.identity.clientCert.subjectDN', 'CN="a"'],
    ['$context.identity.clientCert.issuerDN', 'CN=authority'],
    ['$context.identity.clientCert.serialNumber', '0a:1b'],
    ['$context.identity.clientCert.validity.notBefore', 'May 28 12:30:02 2019 GMT'],
    ['$context.identity.clientCert.validity.notAfter', 'Aug  5 09:36:04 2021 GMT'],
    [
      '{"pem":"$context.identity.clientCert.clientCertPem"}',
      String.raw`{"pem":"-----BEGIN CERTIFICATE-----\u000aAB==\u000a-----END CERTIFICATE-----\u000a"}`,
    ],
    ['$context.customDomain.basePathMatched', 'orders/v1'],
    ['$context.requestTime', '12/Mar/2020:19:03:58 +0000'],
    ['$context.requestTimeEpoch', '1584039838000'],
    ['$stageVariables.colour ${stageVariables.colour}', '$stageVariables.colour ${stageVariables.colour}'],
  ];
  for (const [format, expected] of rows) {
    const call = callAt('/', CERTIFICATE);
    call.basePathMatched = 'orders/v1';
    assert.equal(compileLogFormat(format, CALL_CONTEXT)(call), expected);
  }
});

test('an entry has at most 1 MB and ends with a whole character', () => {
  for (const character of ['x', 'ü', '€']) {
    const line = compileLogFormat('a$context.path', CALL_CONTEXT)(callAt(character.repeat(MAX_ENTRY_BYTES)));
    const bytes = Buffer.byteLength(line);
    assert.ok(bytes <= MAX_ENTRY_BYTES && bytes > MAX_ENTRY_BYTES - 4, character);
    assert.ok(!line.includes('\ufffd'));
  }
  const fitting = `/${'x'.repeat(MAX_ENTRY_BYTES - 1)}`;
  assert.equal(compileLogFormat('$context.path', CALL_CONTEXT)(callAt(fitting)), fitting);
});

test('no value leaves its line, and JSON stays JSON with the value in it', () => {
  const plain = compileLogFormat('a $context.path b', CALL_CONTEXT);
  const json = compileLogFormat('{"path":"$context.path"}', CALL_CONTEXT);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (path) => {
      const call = callAt(path);
      assert.doesNotMatch(plain(call), /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      assert.deepEqual(JSON.parse(json(call)), { path });
    }),
    { numRuns: 2_000 },
  );
});
