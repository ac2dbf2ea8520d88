import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { Sha256 } from './sha256.ts';
import type { Credentials, Verdict, VerifyOptions } from './sigv4.ts';
import { verifySignature } from './sigv4.ts';
import type { SignedRequest } from './sigv4-claim.ts';
import { parseCredentialScope } from './sigv4-claim.ts';

const NOW = Date.parse('2026-11-22T23:45:00Z');
const KEY: Credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG',
  accountId: '111122223333',
};
const TOKEN_KEY: Credentials = { accessKeyId: 'ASIATOKEN', secretAccessKey: 's', sessionToken: 'token/+=' };
const HOST = '127.0.0.1:4700';
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
  'and signing method. Consult the service documentation for details.';

interface Plain {
  readonly method: string;
  /** Raw. */
  readonly path: string;
  readonly query?: Record<string, string | string[]>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

interface Signing {
  readonly key?: Credentials;
  readonly token?: string;
  readonly at?: number;
  readonly region?: string;
  readonly service?: string;
  readonly expires?: number;
}

function signerOf({ key = KEY, token, region = 'eu-west-1', service = 'apigateway' }: Signing): SignatureV4 {
  const credentials = { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey };
  return new SignatureV4({
    service,
    region,
    credentials: token === undefined ? credentials : { ...credentials, sessionToken: token },
    sha256: Sha256,
    applyChecksum: false,
  });
}

/** A request as a client's signer leaves it, in the form in which it arrives. */
async function signed(plain: Plain, signing: Signing = {}): Promise<Arrived> {
  const request = {
    method: plain.method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: plain.path,
    query: plain.query ?? {},
    headers: { host: HOST, ...plain.headers },
    ...(plain.body === undefined ? {} : { body: plain.body }),
  };
  const signingDate = new Date(signing.at ?? NOW);
  const signer = signerOf(signing);
  const { headers, query } =
    signing.expires === undefined
      ? await signer.sign(request, { signingDate })
      : await signer.presign(request, { signingDate, expiresIn: signing.expires });
  return {
    method: plain.method,
    target: plain.path + queryText(query ?? {}),
    headers,
    body: Buffer.from(plain.body ?? '').toString('latin1'),
  };
}

interface Arrived {
  readonly method: string;
  readonly target: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

function queryText(query: Record<string, string | string[] | null>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value ?? ''].flat().map((each) => `${encodeURIComponent(name)}=${encodeURIComponent(each)}`),
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function verify(arrived: Arrived, options: Partial<VerifyOptions> = {}): Promise<Verdict> {
  const headers = new Map(
    Object.entries(arrived.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const request: SignedRequest = {
    method: arrived.method,
    target: arrived.target,
    host: headers.get('host') ?? '',
    headers: { joined: (name) => headers.get(name) },
    body: arrived.body,
  };
  const credentialsOf = (id: string) => [KEY, TOKEN_KEY].find((each) => each.accessKeyId === id);
  return verifySignature(request, { credentialsOf, service: 'apigateway', now: NOW, ...options });
}

async function refusal(arrived: Arrived, options?: Partial<VerifyOptions>): Promise<readonly string[]> {
  const verdict = await verify(arrived, options);
  return verdict.kind === 'refused' ? [verdict.code, verdict.message] : ['verified', ''];
}

const requests: readonly (readonly [string, Plain])[] = [
  ['a GET', { method: 'GET', path: '/v2/apis' }],
  ['a query', { method: 'GET', path: '/v2/apis', query: { nextToken: 'a+/= b', maxResults: '10' } }],
  ['a repeated parameter', { method: 'DELETE', path: '/v2/tags/x', query: { tagKeys: ['b', 'a', 'é&='] } }],
  ['an empty parameter', { method: 'GET', path: '/v2/apis', query: { nextToken: '' } }],
  ['a body', { method: 'POST', path: '/v2/apis', body: '{"name":"pets","protocolType":"HTTP"}' }],
  ['a body outside ASCII', { method: 'POST', path: '/v2/apis', body: '{"name":"Zoë"}' }],
  ['an encoded label', { method: 'GET', path: '/v2/apis/a/stages/%24default' }],
  ['an encoded ARN', { method: 'GET', path: '/v2/tags/arn%3Aaws%3Aapigateway%3Aeu-west-1%3A%3A%2Fapis%2Fa' }],
  [
    'a declared payload hash',
    {
      method: 'POST',
      path: '/v2/apis',
      body: '{}',
      headers: { 'x-amz-content-sha256': createHash('sha256').update('{}').digest('hex') },
    },
  ],
  [
    'a payload that is not signed',
    {
      method: 'POST',
      path: '/v2/apis',
      body: '{}',
      headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    },
  ],
  ['spaces in a header', { method: 'GET', path: '/v2/apis', headers: { 'x-amz-meta': ' a   b ' } }],
];
for (const [name, plain] of requests) {
  for (const expires of [undefined, 300]) {
    const form = expires === undefined ? 'header' : 'presigned';
    test(`verifies ${name}, ${form} form (spec/management-api.md §1.5)`, async () => {
      const arrived = await signed(plain, expires === undefined ? {} : { expires });
      assert.deepEqual(await verify(arrived), { kind: 'verified', credentials: KEY, region: 'eu-west-1' });
    });
  }
}

test('a session token is part of what is signed and otherwise free when none is configured', async () => {
  for (const expires of [undefined, 300]) {
    const arrived = await signed(
      { method: 'GET', path: '/v2/apis' },
      { token: 'any', ...(expires && { expires }) },
    );
    assert.equal((await verify(arrived)).kind, 'verified');
  }
});

test('a configured session token must come along', async () => {
  const plain = { method: 'GET', path: '/v2/apis' };
  const right = await signed(plain, { key: TOKEN_KEY, token: 'token/+=' });
  assert.equal((await verify(right)).kind, 'verified');
  const presigned = await signed(plain, { key: TOKEN_KEY, token: 'token/+=', expires: 60 });
  assert.equal((await verify(presigned)).kind, 'verified');
  for (const signing of [{ key: TOKEN_KEY, token: 'token/+' }, { key: TOKEN_KEY }]) {
    assert.equal((await refusal(await signed(plain, signing)))[0], 'UnrecognizedClientException');
  }
});

test('a payload hash that is not the payload’s is refused', async () => {
  const arrived = await signed({
    method: 'POST',
    path: '/v2/apis',
    body: '{}',
    headers: { 'x-amz-content-sha256': '0'.repeat(64) },
  });
  assert.deepEqual(await refusal(arrived), ['InvalidSignatureException', MISMATCH]);
});

// What is changed on the way must be noticed.
const changes: readonly (readonly [string, (arrived: Arrived) => Arrived])[] = [
  ['the method', (arrived) => ({ ...arrived, method: 'PUT' })],
  ['the path', (arrived) => ({ ...arrived, target: arrived.target.replace('/apis', '/apis/x') })],
  ['the case of an escape', (arrived) => ({ ...arrived, target: arrived.target.replace('%3D', '%3d%20') })],
  ['the query', (arrived) => ({ ...arrived, target: `${arrived.target}&b=1` })],
  ['the body', (arrived) => ({ ...arrived, body: `${arrived.body} ` })],
  ['the host', (arrived) => ({ ...arrived, headers: { ...arrived.headers, host: 'elsewhere' } })],
  ['a signed header', (arrived) => ({ ...arrived, headers: { ...arrived.headers, 'x-a': '2' } })],
];
for (const [what, change] of changes) {
  for (const expires of [undefined, 60]) {
    test(`refuses a change of ${what}, ${expires === undefined ? 'header' : 'presigned'} form`, async () => {
      const plain = {
        method: 'POST',
        path: '/v2/apis',
        query: { a: '=' },
        headers: { 'x-a': '1' },
        body: '{}',
      };
      const arrived = await signed(plain, expires === undefined ? {} : { expires });
      assert.equal((await verify(arrived)).kind, 'verified');
      assert.deepEqual(await refusal(change(arrived)), ['InvalidSignatureException', MISMATCH]);
    });
  }
}

test('a header that was not signed may change', async () => {
  const arrived = await signed({ method: 'GET', path: '/v2/apis' });
  const changed = { ...arrived, headers: { ...arrived.headers, 'user-agent': 'x', via: 'y' } };
  assert.equal((await verify(changed)).kind, 'verified');
});

const plainGet = { method: 'GET', path: '/v2/apis' };
const MIN = 60_000;

// spec/management-api.md §1.5
const signings: readonly (readonly [string, Signing, string, string])[] = [
  [
    'a stranger',
    { key: { accessKeyId: 'AKIDOTHER', secretAccessKey: 's' } },
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  ],
  ['a wrong secret', { key: { ...KEY, secretAccessKey: 'guess' } }, 'InvalidSignatureException', MISMATCH],
  [
    'another service',
    { service: 'execute-api' },
    'InvalidSignatureException',
    "Credential should be scoped to correct service: 'apigateway'.",
  ],
  [
    'no region',
    { region: 'Mars' },
    'InvalidSignatureException',
    'Credential should be scoped to a valid region.',
  ],
  [
    'a signature of 15 minutes and a second ago',
    { at: NOW - 15 * MIN - 1000 },
    'InvalidSignatureException',
    'Signature expired: 20261122T232959Z is now earlier than 20261122T233000Z (20261122T234500Z - 15 min.)',
  ],
  ['a signature of 15 minutes ago', { at: NOW - 15 * MIN }, 'verified', ''],
  ['a signature 5 minutes ahead', { at: NOW + 5 * MIN }, 'verified', ''],
  [
    'a signature more than 5 minutes ahead',
    { at: NOW + 5 * MIN + 1000 },
    'InvalidSignatureException',
    'Signature not yet current: 20261122T235001Z is still later than 20261122T235000Z (20261122T234500Z + 5 min.)',
  ],
  ['a presigned request within its time', { at: NOW - 59 * MIN, expires: 3600 }, 'verified', ''],
  [
    'a presigned request after its time',
    { at: NOW - 61_000, expires: 60 },
    'InvalidSignatureException',
    'Signature expired: 20261122T234359Z is now earlier than 20261122T234400Z (20261122T234500Z - 1 min.)',
  ],
];
for (const [name, signing, code, message] of signings) {
  test(`${name}: ${code} (spec/management-api.md §1.5)`, async () => {
    assert.deepEqual(await refusal(await signed(plainGet, signing)), [code, message]);
  });
}

// spec/management-api.md §1.5: no or malformed Authorization
const malformed: readonly (readonly [string, (header: string) => string | undefined])[] = [
  ['no header', () => undefined],
  ['an empty one', () => ''],
  ['another scheme', () => 'Basic YTpi'],
  ['another algorithm', (header) => header.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256')],
  ['no signature', (header) => header.replace(/, Signature=.*/, '')],
  ['no signed headers', (header) => header.replace(/SignedHeaders=[^,]*, /, '')],
  ['no scope', (header) => header.replace(/Credential=[^,]*, /, '')],
  ['a short scope', (header) => header.replace('/aws4_request', '')],
  ['a scope without a key', (header) => header.replace('AKIDEXAMPLE/', '/')],
  ['a field twice', (header) => `${header}, Signature=${'0'.repeat(64)}`],
];
for (const [name, change] of malformed) {
  test(`${name}: MissingAuthenticationTokenException (spec/management-api.md §1.5)`, async () => {
    const arrived = await signed(plainGet);
    const { authorization, ...others } = arrived.headers;
    const changed = change(authorization!);
    const headers = changed === undefined ? others : { ...others, authorization: changed };
    assert.deepEqual(await refusal({ ...arrived, headers }), [
      'MissingAuthenticationTokenException',
      'Missing Authentication Token',
    ]);
  });
}

test('a scope of another day, and one without terminator, are refused with their sentences', async () => {
  const arrived = await signed(plainGet);
  const changed = (from: string, to: string) => ({
    ...arrived,
    headers: { ...arrived.headers, authorization: arrived.headers.authorization!.replace(from, to) },
  });
  assert.match(
    (await refusal(changed('/20261122/', '/20261121/')))[1]!,
    /^Date in Credential scope does not match/,
  );
  assert.match(
    (await refusal(changed('aws4_request', 'aws5_request')))[1]!,
    /valid terminator: 'aws4_request'/,
  );
  assert.match(
    (await refusal(changed('=host;', '=hose;')))[1]!,
    /'Host' or ':authority' must be a 'SignedHeader'/,
  );
});

test('presigned parameters given twice or out of range are malformed', async () => {
  const arrived = await signed(plainGet, { expires: 60 });
  for (const target of [
    `${arrived.target}&X-Amz-Signature=0`,
    arrived.target.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801'),
    arrived.target.replace('X-Amz-Expires=60', 'X-Amz-Expires=060'),
    arrived.target.replace('X-Amz-Expires=60&', ''),
    `${arrived.target}&x=%zz`,
  ]) {
    assert.equal((await refusal({ ...arrived, target }))[0], 'MissingAuthenticationTokenException', target);
  }
});

test('no answer holds the secret or the signature that was expected', async () => {
  const arrived = await signed(plainGet);
  const expected = /Signature=(\w+)/.exec(arrived.headers.authorization!)![1]!;
  const headers = {
    ...arrived.headers,
    authorization: arrived.headers.authorization!.replace(expected, '0'.repeat(64)),
  };
  const text = JSON.stringify(await verify({ ...arrived, headers }));
  assert.ok(!text.includes(KEY.secretAccessKey) && !text.includes(expected));
});

test('any request signed by AWS’s signer is verified, and not with its signature changed', async () => {
  const text = fc.string({ maxLength: 8, unit: 'grapheme' });
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        text.filter((each) => each !== '' && each !== '.' && each !== '..'),
        { minLength: 1, maxLength: 4 },
      ),
      fc.dictionary(
        text.filter((each) => !/^x-amz-/i.test(each)),
        fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 3 })),
        { maxKeys: 3 },
      ),
      text,
      fc.boolean(),
      async (segments, query, body, isPresigned) => {
        const path = `/v2/${segments.map(encodeURIComponent).join('/')}`;
        const arrived = await signed(
          { method: 'POST', path, query, body },
          isPresigned ? { expires: 60 } : {},
        );
        assert.equal((await verify(arrived)).kind, 'verified');
        const end = (value: string) =>
          value.replace(
            /(Signature=[0-9a-f]{63})([0-9a-f])/,
            (_, head: string, last: string) => head + (last === '0' ? '1' : '0'),
          );
        const broken = isPresigned
          ? { ...arrived, target: end(arrived.target) }
          : {
              ...arrived,
              headers: { ...arrived.headers, authorization: end(arrived.headers.authorization!) },
            };
        assert.deepEqual(await refusal(broken), ['InvalidSignatureException', MISMATCH]);
      },
    ),
    { numRuns: NUM_RUNS },
  );
});

// decision 0013: the region of a signature that nobody verifies
const scopes: readonly (readonly [string | undefined, string, string | undefined])[] = [
  [
    'AWS4-HMAC-SHA256 Credential=AKID/20261122/eu-west-1/apigateway/aws4_request, SignedHeaders=host, Signature=00',
    '',
    'AKID eu-west-1',
  ],
  [
    'AWS4-HMAC-SHA256 Credential=a/b/20261122/eu-west-1/apigateway/aws4_request,SignedHeaders=host,Signature=00',
    '',
    'a/b eu-west-1',
  ],
  [undefined, 'X-Amz-Credential=AKID%2F20261122%2Feu-west-1%2Fapigateway%2Faws4_request', 'AKID eu-west-1'],
  [undefined, '', undefined],
  ['Bearer x', '', undefined],
  ['AWS4-HMAC-SHA256 Credential=AKID', '', undefined],
];
for (const [authorization, query, expected] of scopes) {
  test(`the scope of ${authorization ?? query} is ${expected ?? 'unknown'} (decision 0013)`, () => {
    const scope = parseCredentialScope(authorization, query);
    assert.equal(scope && `${scope.accessKeyId} ${scope.region}`, expected);
  });
}
