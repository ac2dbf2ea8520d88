// The canonical text beside that of AWS's own signer (spec/management-api.md §1.5).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { signableOf } from './canonical-request.ts';
import { Sha256 } from './sha256.ts';
import { type Query, readQuery, type Signature } from './sigv4-claim.ts';

const DATE = '20261122T234500Z';
const SCOPE = '20261122/eu-west-1/apigateway/aws4_request';
const HASH = '0'.repeat(64);

interface Plain {
  readonly path: string;
  readonly query: string;
  /** By name in lower case, as latin1. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signedHeaders: readonly string[];
  readonly isPresigned: boolean;
}

class ShowingSigner extends SignatureV4 {
  made = { canonicalRequest: '', stringToSign: '' };

  protected override async createStringToSign(
    ...given: [date: string, scope: string, canonicalRequest: string, algorithm: string]
  ): Promise<string> {
    const stringToSign = await super.createStringToSign(...given);
    this.made = { canonicalRequest: given[2], stringToSign };
    return stringToSign;
  }
}

/** What AWS's signer makes of it. */
async function theirs({ path, query, headers, signedHeaders, isPresigned }: Plain) {
  const signer = new ShowingSigner({
    service: 'apigateway',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 's' },
    sha256: Sha256,
    applyChecksum: false,
  });
  const taken = Object.entries(headers).map(([name, value]) => [
    name,
    Buffer.from(value, 'latin1').toString('utf8'),
  ]);
  const request = {
    method: 'PATCH',
    protocol: 'http:',
    hostname: '',
    path,
    query: readQuery(`?${query}`)!,
    headers: { ...Object.fromEntries(taken), 'x-amz-content-sha256': HASH },
  };
  const options = {
    signingDate: new Date('2026-11-22T23:45:00Z'),
    signableHeaders: new Set(signedHeaders),
    unsignableHeaders: new Set([
      'x-amz-content-sha256',
      'x-amz-date',
      ...Object.keys(headers).filter((name) => !signedHeaders.includes(name)),
    ]),
  };
  if (isPresigned) {
    const unhoistableHeaders = new Set(Object.keys(request.headers));
    await signer.presign(request, { ...options, expiresIn: 60, unhoistableHeaders });
  } else await signer.sign(request, options);
  return signer.made;
}

function ours({ path, query, headers, signedHeaders, isPresigned }: Plain) {
  const signing: Query = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `AKID/${SCOPE}`,
    'X-Amz-Date': DATE,
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': signedHeaders.join(';'),
    'X-Amz-Signature': HASH,
  };
  const [date, region, service, terminator] = SCOPE.split('/') as [string, string, string, string];
  const signed: Signature = {
    scope: { accessKeyId: 'AKID', date, region, service, terminator },
    signedHeaders,
    signature: HASH,
    date: DATE,
    expiresSeconds: isPresigned ? 60 : undefined,
  };
  const request = {
    method: 'PATCH',
    target: `${path}?${query}`,
    host: headers.host!,
    headers: { joined: (name: string) => headers[name] },
  };
  const parameters = { ...readQuery(request.target)!, ...(isPresigned ? signing : {}) };
  return signableOf(request, parameters, signed, SCOPE, HASH);
}

const PIECES = [
  '/',
  '/',
  '.',
  '..',
  'a',
  'Z9',
  '-_~',
  '%2F',
  '%20',
  '%',
  '*',
  "!'()",
  ':',
  ';',
  '@',
  '+',
  'é',
];
const path = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => `/${pieces.join('')}`);
const pair = fc.constantFrom(
  'a',
  'a=',
  'a=1',
  'a=0',
  'b=%26%3D',
  'A=x+y',
  "c=!'()*",
  '%C3%A9=%E2%82%AC',
  '=',
  '',
  '1=2',
);
const value = fc
  .array(fc.constantFrom('a', 'B', ' ', '  ', '\t', ',', '"', '\u00c3\u00a9', '\u00ff'), { maxLength: 6 })
  .map((pieces) => pieces.join(''));
const NAMES = [
  'x-a',
  'accept',
  'user-agent',
  'authorization',
  'date',
  'x-amz-meta',
  'proxy-x',
  'sec-y',
  'expect',
];

test('the canonical request is that of AWS’s signer, whatever the path, query, headers and their order', async () => {
  await fc.assert(
    fc.asyncProperty(
      path,
      fc.array(pair, { maxLength: 5 }).map((pairs) => pairs.join('&')),
      fc.dictionary(fc.constantFrom(...NAMES), value),
      fc.array(fc.constantFrom('x-amz-content-sha256', 'x-amz-date', 'host', 'absent', ...NAMES), {
        maxLength: 6,
      }),
      fc.boolean(),
      async (path, query, headers, others, isPresigned) => {
        const signedHeaders = ['host', ...others];
        const plain = { path, query, headers: { ...headers, host: 'h:1' }, signedHeaders, isPresigned };
        assert.deepEqual(ours(plain), await theirs(plain));
      },
    ),
    { numRuns: NUM_RUNS },
  );
});
