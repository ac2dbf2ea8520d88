// Signature Version 4 by the vectors of awslabs/aws-c-auth: requests that came signed, in the header and in the query, and
// requests that the gateway signs for services (spec/management-api.md §1.5, spec/websocket-api.md §3.4).
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { createReach } from '../../src/backends/aws/reach.ts';
import { createSignedServices } from '../../src/backends/aws/signed-services.ts';
import { verifySignature } from '../../src/identity/sigv4.ts';
import { readQuery, type SignedRequest } from '../../src/identity/sigv4-claim.ts';
import { HeaderBlock } from '../../src/net/header-block.ts';
import { suiteTest, Tally } from './corpus.ts';

interface Context {
  readonly credentials: {
    readonly access_key_id: string;
    readonly secret_access_key: string;
    readonly token?: string;
  };
  readonly normalize: boolean;
  readonly region: string;
  readonly service: string;
  readonly sign_body: boolean;
  readonly timestamp: string;
}

/** Refused, though the suite says they are signed well. */
const PATHS = 'signed over a path that is not normalised, as Amazon S3 alone has it';
const DIFFERENCES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'get-relative-relative',
      'get-relative',
      'get-slash-dot-slash',
      'get-slash-pointless-dot',
      'get-slash',
      'get-slashes',
    ].flatMap((name) =>
      [`${name}-unnormalized, header`, `${name}-unnormalized, query`].map((each) => [each, PATHS]),
    ),
  ),
  'post-sts-header-after, query':
    'a session token that was added to the query after it was signed: the query is no longer what was signed',
};

/** A request as a codec hands it over: header values without blanks around, UTF-8 as latin1. */
function requestOf(text: string): SignedRequest & { readonly pairs: readonly string[] } {
  const end = text.indexOf('\n\n');
  const head = end < 0 ? text.replace(/\n+$/, '') : text.slice(0, end);
  const body = end < 0 ? '' : text.slice(end + 2);
  const [start, ...lines] = head.replace(/\n[ \t]+/g, ' ').split('\n');
  const [method, target] = /^(\S+) (.*) HTTP\/1\.1$/.exec(start!)!.slice(1);
  const pairs = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const headers = HeaderBlock.fromPairs(pairs.map((each) => Buffer.from(each, 'utf8').toString('latin1')));
  return {
    method: method!,
    target: target!,
    host: headers.first('host')!,
    headers,
    body: Buffer.from(body),
    pairs,
  };
}

async function isVerified(
  request: SignedRequest,
  { credentials, service, timestamp }: Context,
): Promise<boolean> {
  const verdict = await verifySignature(request, {
    service,
    now: Date.parse(timestamp),
    credentialsOf: (accessKeyId) =>
      accessKeyId === credentials.access_key_id
        ? {
            accessKeyId,
            secretAccessKey: credentials.secret_access_key,
            ...(credentials.token === undefined ? {} : { sessionToken: credentials.token }),
          }
        : undefined,
  });
  return verdict.kind === 'verified';
}

/** The same with one digit of the signature changed. */
function forged(text: string): string {
  return text.replace(
    /(Signature=[0-9a-f]{10})([0-9a-f])/,
    (_, before: string, digit: string) => before + (digit === '0' ? '1' : '0'),
  );
}

suiteTest('SigV4: requests that came signed', 'sigv4', async (suite, t) => {
  const tally = new Tally();
  for (const name of suite.list()) {
    const context = suite.json<Context>(`${name}/context.json`);
    for (const form of ['header', 'query']) {
      const text = suite.text(`${name}/${form}-signed-request.txt`);
      tally.case(`${name}, ${form}`, await isVerified(requestOf(text), context));
      assert.notEqual(forged(text), text);
      assert.equal(await isVerified(requestOf(forged(text)), context), false, `${name}, ${form}, forged`);
    }
  }
  assert.deepEqual(tally.surprises(t, DIFFERENCES), []);
});

suiteTest('SigV4: requests that are signed for services', 'sigv4', async (suite, t) => {
  const tally = new Tally();
  for (const name of suite.list()) {
    const context = suite.json<Context>(`${name}/context.json`);
    const request = requestOf(suite.text(`${name}/request.txt`));
    const signed = await signedFor(request, context);
    // The hash of the body is signed here too, which most vectors leave out: theirs say what the rest must be, by the test above.
    const isRight = context.sign_body
      ? signed.authorization!.endsWith(`Signature=${suite.text(`${name}/header-signature.txt`)}`)
      : signed['x-amz-content-sha256'] !== undefined &&
        (await isVerified(
          { ...request, headers: HeaderBlock.fromPairs(Object.entries(signed).flat()) },
          context,
        ));
    tally.case(name, isRight);
  }
  assert.deepEqual(tally.surprises(t, {}), []);
});

async function signedFor(
  { method, target, host, pairs, body }: ReturnType<typeof requestOf>,
  { credentials, region, service, timestamp }: Context,
): Promise<Readonly<Record<string, string>>> {
  // It reads its own credentials once.
  const services = createSignedServices({
    assumeRoles: false,
    reach: createReach('all', {}),
    environment: {},
  });
  process.env.AWS_ACCESS_KEY_ID = credentials.access_key_id;
  process.env.AWS_SECRET_ACCESS_KEY = credentials.secret_access_key;
  process.env.AWS_SESSION_TOKEN = credentials.token ?? '';
  const headers: Record<string, string> = {};
  for (let i = 0; i < pairs.length; i += 2) {
    const lower = pairs[i]!.toLowerCase();
    headers[lower] = headers[lower] === undefined ? pairs[i + 1]! : `${headers[lower]},${pairs[i + 1]!}`;
  }
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  mock.timers.enable({ apis: ['Date'], now: Date.parse(timestamp) });
  try {
    return await services.sign(
      { method, path, query: readQuery(target) ?? {}, headers, body: Buffer.from(body) },
      { service, region, host, roleArn: undefined },
    );
  } finally {
    mock.timers.reset();
  }
}
