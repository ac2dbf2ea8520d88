// Laws of events and responses: whatever clients send, an event is JSON that says it; whatever functions answer, no header
// line is more than one line (spec/http-api.md §3.6).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseWithNumbers } from '../../grammar/json-text.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Call } from '../call.ts';
import { Malformed, readResponse } from '../integrations/lambda-response.ts';
import { compileEvent } from './event.ts';

const IDENTITY: StageIdentity = {
  accountId: '000000000000',
  region: 'us-east-1',
  apiId: 'a1b2c3d4e5',
  name: 'prod',
  deploymentId: 'd',
  variables: new Map([['k', 'v']]),
};
const ROUTE = { key: 'ANY /{id}', variableNames: ['id'] };
const SCOPE = { side: 'request', stageVariables: IDENTITY.variables, variableNames: ['id'] } as const;

const name = fc.oneof(
  fc.constantFrom(
    'X-A',
    'x-a',
    'Cookie',
    'Host',
    'X-Forwarded-For',
    'X-Amzn-Trace-Id',
    '__proto__',
    'Connection',
  ),
  fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,12}$/),
);
/** One line of bytes, as a head has it. */
const value = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
});
const query = fc.string({
  unit: fc.constantFrom('a', '=', '&', '%', '+', '%22', '%0A', '"', '\\', '%E2%98%95', '%zz'),
});
const path = fc.string().map((text) => `/${text}`);

function callOf(headers: readonly (readonly [string, string])[], queryText: string, pathText: string): Call {
  const call = {
    exchange: {
      method: 'POST',
      target: '/raw',
      headers: HeaderBlock.fromPairs(headers.flatMap(([key, text]) => [key, text.trim()])),
      host: 'h.example:81',
      remoteAddress: '203.0.113.7',
      scheme: 'https',
      requestId: 'JKx1abcdPHcEJKQ=',
      startedAt: 1_583_348_638_390,
    },
    stage: IDENTITY,
    domain: { name: 'h.example', prefix: 'h' },
    path: pathText,
    fullPath: `/prod${pathText}`,
    query: queryText,
    pathStart: 0,
    values: [pathText.slice(1)],
    authorization: undefined,
    traceId: 'Root=1-a-b',
  };
  return call as unknown as Call;
}

for (const format of ['1.0', '2.0'] as const) {
  test(`an event ${format} is JSON without repeated members, and tells path, query and body`, () => {
    const plan = compileEvent(format, IDENTITY, ROUTE, [], SCOPE);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, value), { maxLength: 8 }),
        query,
        path,
        fc.uint8Array(),
        (headers, queryText, pathText, bytes) => {
          const event = plan.build(callOf(headers, queryText, pathText), Buffer.from(bytes))!;
          const shown = JSON.parse(event);
          parseWithNumbers(event, () => assert.fail(`a member is repeated: ${event}`));
          assert.equal(shown.pathParameters.id, pathText.slice(1));
          if (format === '2.0') assert.equal(shown.rawQueryString, queryText);
          const body = shown.body ?? '';
          const sent = Buffer.from(body, shown.isBase64Encoded ? 'base64' : 'utf8');
          assert.deepEqual([...sent], [...bytes]);
          assert.match(
            shown.headers[format === '2.0' ? 'x-forwarded-for' : 'X-Forwarded-For'],
            /203\.0\.113\.7$/,
          );
        },
      ),
    );
  });
}

test('no answer makes more than one line of a header, or a status that is none', () => {
  const scalar = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null));
  const answer = fc.record(
    {
      statusCode: fc.oneof(fc.integer(), fc.integer({ min: 100, max: 600 }), scalar),
      headers: fc.oneof(fc.dictionary(fc.oneof(name, fc.string()), scalar), scalar),
      multiValueHeaders: fc.oneof(fc.dictionary(name, fc.array(scalar)), scalar),
      cookies: fc.oneof(fc.array(fc.string()), scalar),
      body: fc.oneof(fc.string(), scalar),
      isBase64Encoded: fc.oneof(fc.boolean(), scalar),
    },
    { requiredKeys: ['statusCode'] },
  );
  const payload = fc.oneof(
    answer.map((each) => JSON.stringify(each)),
    fc.json(),
    fc.string(),
  );
  fc.assert(
    fc.property(payload, fc.constantFrom('1.0' as const, '2.0' as const), (text, format) => {
      const response = readResponse(format, text);
      if (response instanceof Malformed) return;
      assert.ok(response.status >= 200 && response.status <= 599 && Number.isInteger(response.status));
      const { headers } = response;
      const lines = headers.text.split('\r\n');
      assert.equal(lines.length - 1, headers.count);
      for (const line of lines.slice(0, -1))
        assert.match(line, /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+: [\t\x20-\x7e\x80-\xff]*$/);
    }),
  );
});

test('the client certificate of mutual TLS is where each format has it (§10.2)', () => {
  const clientCertificate = {
    clientCertPem: '-----BEGIN CERTIFICATE-----\n…\n',
    subjectDN: 'CN="client"',
    issuerDN: 'CN=root',
    serialNumber: 'a1:b2',
    validity: { notBefore: 'May 28 12:30:02 2019 GMT', notAfter: 'Aug  5 09:36:04 2021 GMT' },
  };
  const call = callOf([], '', '/x');
  const withCertificate = { ...call, exchange: { ...call.exchange, clientCertificate } } as unknown as Call;
  const shown = (format: '1.0' | '2.0', of: Call) =>
    JSON.parse(compileEvent(format, IDENTITY, ROUTE, [], SCOPE).build(of, '')!).requestContext;
  assert.deepEqual(shown('2.0', withCertificate).authentication, { clientCert: clientCertificate });
  assert.deepEqual(shown('1.0', withCertificate).identity.clientCert, clientCertificate);
  assert.equal('authentication' in shown('2.0', call), false);
  assert.equal('clientCert' in shown('1.0', call).identity, false);
});
