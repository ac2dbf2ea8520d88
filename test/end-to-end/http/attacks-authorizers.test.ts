// Attacks on Lambda authorizers and AWS_IAM (spec/http-api.md §6.3, §6.4): none of them gets in, and none brings something
// of the attacker's into what backends are told about the caller.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Identity } from '../../../src/identity/identities.ts';
import { parsePolicy } from '../../../src/identity/policy.ts';
import {
  createGuardedApi,
  FORBIDDEN,
  type GivenAuthorizer,
  type GuardedApi,
  policy,
  refusalOf,
  simple,
  startAuthorizerStand,
  statement,
} from '../../support/authorizer-stand.ts';
import { ACCOUNT } from '../../support/postern.ts';
import { valuesOf } from '../../support/raw-message.ts';
import { KEY, type Signed, type Signing, sign, type Unsigned } from '../../support/signing.ts';

const CACHED: GivenAuthorizer = { AuthorizerResultTtlInSeconds: 3_600 };
const CACHED_POLICY: GivenAuthorizer = { ...CACHED, EnableSimpleResponses: false };
const TWO_SOURCES = { IdentitySource: ['$request.header.a', '$request.header.b'] };

/** Lets in the one with these identity values, and says who was asked about. */
const lettingIn =
  (...values: readonly string[]) =>
  (event: string) => {
    const { identitySource } = JSON.parse(event);
    return simple(JSON.stringify(identitySource) === JSON.stringify(values));
  };

test('a kept Allow is for nobody else', async (t) => {
  const stand = await startAuthorizerStand(t);
  const api = await createGuardedApi(stand, { authorizers: { who: CACHED } });
  stand.lambda.script(lettingIn('good'));
  assert.equal((await api.call('/', ['Authorization: good'])).status, 200);
  for (const value of ['Good', 'good ,', 'good,good', ' good x', 'goo', 'goodd', '4:good', 'good\0']) {
    const told = refusalOf(await api.call('/', [`Authorization: ${value}`]));
    assert.notEqual(told, '200', JSON.stringify(value));
  }
  assert.notEqual(refusalOf(await api.call('/', ['Authorization: good', 'Authorization: bad'])), '200');
});

test('values with separators are other keys', async (t) => {
  const stand = await startAuthorizerStand(t);
  const api = await createGuardedApi(stand, { authorizers: { who: { ...CACHED, ...TWO_SOURCES } } });
  const pairs = [
    ['x,y', 'z'],
    ['x', 'y,z'],
    ['x1:y', 'z'],
    ['x', '1:yz'],
    ['1:x', '1:y'],
    ['x2:yz', 'w'],
    ['x', 'yz2:w'],
    ['"x","y"', 'z'],
  ] as const;
  for (const [a, b] of pairs) {
    stand.lambda.script(lettingIn(a, b));
    assert.equal((await api.call('/', [`a: ${a}`, `b: ${b}`])).status, 200);
    assert.equal(stand.lambda.invocations.length, 1, `${a} ${b} was asked for`);
  }
  stand.lambda.script(simple(false));
  assert.equal(refusalOf(await api.call('/', ['a: z', 'b: x,y'])), FORBIDDEN);
});

test('a kept Allow is for its stage, its API and its authorizer alone', async (t) => {
  const stand = await startAuthorizerStand(t);
  const given = {
    authorizers: { one: CACHED, two: CACHED },
    routes: [{ key: 'GET /one' }, { key: 'GET /two', authorizer: 'two' }],
    stages: ['a', 'b'],
  };
  const [api, other] = [await createGuardedApi(stand, given), await createGuardedApi(stand, given)];
  stand.lambda.script(simple(true));
  assert.equal((await api.call('/a/one', ['Authorization: x'])).status, 200);
  stand.lambda.script(simple(false));
  for (const [each, path] of [
    [api, '/b/one'],
    [api, '/a/two'],
    [other, '/a/one'],
  ] as const) {
    assert.equal(refusalOf(await each.call(path, ['Authorization: x'])), FORBIDDEN, path);
  }
});

test('a kept policy is judged by method, path and stage of each request', async (t) => {
  const stand = await startAuthorizerStand(t);
  const api = await createGuardedApi(stand, {
    authorizers: { who: CACHED_POLICY },
    routes: [{ key: 'ANY /{proxy+}' }],
  });
  stand.lambda.script(policy(statement('Allow', `arn:aws:execute-api:*:*:*/*/GET/mine/*`)));
  assert.equal((await api.call('/mine/a', ['Authorization: x'])).status, 200);
  const paths = [
    '/yours',
    '/mine',
    '/mine%2F..%2Fyours',
    '/mine/../yours',
    '//yours',
    '/yours?/GET/mine/',
    '/yours%3F/mine/a',
    '/Mine/a',
  ];
  for (const path of paths)
    assert.notEqual(refusalOf(await api.call(path, ['Authorization: x'])), '200', path);
  assert.equal(refusalOf(await api.call('/mine/a', ['Authorization: x'], 'POST')), FORBIDDEN);
  assert.equal(
    refusalOf(await api.call('/mine/a', ['Authorization: x', 'X-HTTP-Method-Override: GET'], 'DELETE')),
    FORBIDDEN,
  );
  assert.equal(stand.lambda.invocations.length, 1);
});

test('a path with wildcards does not widen a policy that a function makes of routeArn', async (t) => {
  const stand = await startAuthorizerStand(t);
  const api = await createGuardedApi(stand, {
    authorizers: { who: CACHED_POLICY },
    routes: [{ key: 'ANY /{proxy+}' }],
  });
  for (const path of ['/*', '/%2a', '/%2A', '/?', '/%3F%3F%3F%3F%3F', '/%252A', '/$%7Bx%7D']) {
    stand.lambda.script((event) => policy(statement('Allow', JSON.parse(event).routeArn)));
    const who = `Authorization: ${path}`;
    await api.call(path, [who]);
    assert.equal(refusalOf(await api.call('/admin', [who])), FORBIDDEN, path);
    assert.equal(refusalOf(await api.call('/a', [who])), FORBIDDEN, path);
  }
});

test('what the function says cannot break out of header lines, nor reach the prototype', async (t) => {
  const stand = await startAuthorizerStand(t);
  const api = await createGuardedApi(stand, {
    mappings: {
      'overwrite:header.x-a': '$context.authorizer.a',
      'overwrite:header.x-proto': '$context.authorizer.__proto__',
      'overwrite:header.x-constructor': '$context.authorizer.constructor',
      'overwrite:querystring.q': '$context.authorizer.a',
    },
  });
  const a = 'v\r\nX-Admin: 1\r\n\r\nGET /other HTTP/1.1\r\n\u0000';
  stand.lambda.script({
    payload: `{"isAuthorized":true,"context":{"a":${JSON.stringify(a)},"__proto__":{"b":1}}}`,
  });
  assert.equal((await api.call('/', ['Authorization: x'])).status, 200);
  const [request] = stand.backend.requests;
  assert.equal(stand.backend.requests.length, 1);
  assert.deepEqual(valuesOf(request!.headers, 'x-admin'), []);
  assert.deepEqual(valuesOf(request!.headers, 'x-a'), ['v  X-Admin: 1    GET /other HTTP/1.1']);
  assert.deepEqual(valuesOf(request!.headers, 'x-proto'), ['{"b":1}']);
  assert.deepEqual(valuesOf(request!.headers, 'x-constructor'), []);
  assert.equal(({} as { b?: unknown }).b, undefined);
});

test('clients do not set what stands for the authorizer’s context', async (t) => {
  const stand = await startAuthorizerStand(t);
  const api = await createGuardedApi(stand, {
    mappings: { 'overwrite:header.x-tenant': '$context.authorizer.tenant' },
  });
  stand.lambda.script(simple(true, { tenant: 'mine' }));
  await api.call('/', ['Authorization: x', 'X-Tenant: yours', 'x-TENANT: yours']);
  assert.deepEqual(valuesOf(stand.backend.requests[0]!.headers, 'x-tenant'), ['mine']);
});

test('policies with patterns made to take long are judged at once', async (t) => {
  const stand = await startAuthorizerStand(t);
  const api = await createGuardedApi(stand, {
    authorizers: { who: { ...CACHED_POLICY } },
    routes: [{ key: 'GET /{proxy+}' }],
  });
  const patterns = ['*a'.repeat(1_000), '*a?'.repeat(680), `${'?*'.repeat(1_000)}b`];
  stand.lambda.script(
    policy(
      statement(
        'Allow',
        patterns.map((each) => `${each}b`),
      ),
    ),
  );
  // Of the processor: what else the machine does is not counted.
  const before = process.cpuUsage();
  assert.equal(refusalOf(await api.call(`/${'a'.repeat(8_000)}`, ['Authorization: x'])), FORBIDDEN);
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 5_000_000, `${user + system} µs`);
});

const READER: Identity = {
  ...KEY,
  accountId: ACCOUNT,
  policies: [
    parsePolicy({
      Statement: [statement('Allow', '*'), statement('Deny', 'arn:aws:execute-api:*:*:*/*/*/admin*')],
    }),
  ],
};

async function iamApi(t: Parameters<typeof startAuthorizerStand>[0]) {
  const stand = await startAuthorizerStand(t, [READER]);
  const routes = [
    { key: 'ANY /{proxy+}', type: 'AWS_IAM' as const },
    { key: 'GET /', type: 'AWS_IAM' as const },
  ];
  const [api, other] = [
    await createGuardedApi(stand, { routes, stages: ['$default', 'dev'] }),
    await createGuardedApi(stand, { routes }),
  ];
  return { stand, api, other };
}

const send = (api: GuardedApi, { target, lines, method, body }: Signed) =>
  api.call(target, lines, method, body);
const ORDER: Partial<Unsigned> = {
  method: 'POST',
  path: '/a/b',
  query: { x: ['1', '2'], y: 'a b' },
  headers: { 'x-signed': 'one' },
  body: '{"n":1}',
};

const CHANGES: readonly (readonly [name: string, change: (signed: Signed) => Signed])[] = [
  ['the method', (s) => ({ ...s, method: 'PUT' })],
  ['the stage', (s) => ({ ...s, target: `/dev${s.target}` })],
  ['the path', (s) => ({ ...s, target: s.target.replace('/a/b', '/a/c') })],
  ['a slash, encoded', (s) => ({ ...s, target: s.target.replace('/a/b', '/a%2Fb') })],
  ['a character, encoded', (s) => ({ ...s, target: s.target.replace('/a/b', '/%61/b') })],
  ['a path that is encoded twice', (s) => ({ ...s, target: s.target.replace('/a/b', '/%2561/b') })],
  ['a slash at the end', (s) => ({ ...s, target: s.target.replace('/a/b', '/a/b/') })],
  ['a dot at the end', (s) => ({ ...s, target: s.target.replace('/a/b', '/a/b/.') })],
  ['a dot between', (s) => ({ ...s, target: s.target.replace('/a/b', '/a/./b') })],
  ['dots that lead up', (s) => ({ ...s, target: s.target.replace('/a/b', '/x/../a/b') })],
  ['dots, encoded', (s) => ({ ...s, target: s.target.replace('/a/b', '/x/%2e%2e/a/b') })],
  ['a backslash', (s) => ({ ...s, target: s.target.replace('/a/b', '/a\\b') })],
  ['a parameter more', (s) => ({ ...s, target: `${s.target}&z=1` })],
  ['a parameter less', (s) => ({ ...s, target: s.target.replace(/&?y=a%20b/, '') })],
  ['a value', (s) => ({ ...s, target: s.target.replace('x=1', 'x=3') })],
  ['a repeated value more', (s) => ({ ...s, target: `${s.target}&x=1` })],
  ['a repeated value less', (s) => ({ ...s, target: s.target.replace('x=2&', '') })],
  ['a name from the prototype', (s) => ({ ...s, target: `${s.target}&__proto__=1` })],
  ['a name from the prototype, encoded', (s) => ({ ...s, target: `${s.target}&%5F_proto__=1` })],
  ['a second signature', (s) => ({ ...s, target: `${s.target}&X-Amz-Signature=${'0'.repeat(64)}` })],
  ['a signature in lower case', (s) => ({ ...s, target: `${s.target}&x-amz-signature=1` })],
  ['a signed header', (s) => replaced(s, 'x-signed: one', 'x-signed: two')],
  ['a signed header, twice', (s) => ({ ...s, lines: [...s.lines, 'x-signed: two'] })],
  ['a signed header, gone', (s) => ({ ...s, lines: s.lines.filter((line) => !line.startsWith('x-signed')) })],
  ['the body', (s) => ({ ...s, body: '{"n":2}' })],
  ['a body more', (s) => ({ ...s, body: `${s.body} ` })],
  ['no body', (s) => ({ ...s, body: '' })],
];

function replaced(signed: Signed, from: string, to: string): Signed {
  return { ...signed, lines: signed.lines.map((line) => (line === from ? to : line)) };
}

for (const expires of [undefined, 300]) {
  const form = expires === undefined ? 'header' : 'presigned';
  test(`a signed request that is changed on the way stays out, ${form} form`, async (t) => {
    const { api, other } = await iamApi(t);
    const signing: Signing = expires === undefined ? {} : { expires };
    const signed = await sign({ host: api.host, path: '/', ...ORDER }, signing);
    assert.equal(refusalOf(await send(api, signed)), '200');
    for (const [name, change] of CHANGES) {
      const changed = change(signed);
      assert.notDeepEqual(changed, signed, `${name} changes something`);
      assert.notEqual(refusalOf(await send(api, changed)), '200', name);
    }
    const elsewhere = replaced(signed, `host: ${api.host}`, `host: ${other.host}`);
    assert.equal(refusalOf(await send(other, elsewhere)), FORBIDDEN, 'another API');
  });
}

test('what a signature does not cover does not let in: hashes, dates, tokens, scopes', async (t) => {
  const { api } = await iamApi(t);
  const signed = await sign({ host: api.host, path: '/', ...ORDER });
  const authorization = signed.lines.find((line) => line.startsWith('authorization'))!;
  const date = signed.lines.find((line) => line.startsWith('x-amz-date'))!;
  const other = (to: string) => replaced(signed, authorization, to);
  const rows: readonly (readonly [string, Signed])[] = [
    [
      'a payload that is said to be unsigned',
      {
        ...signed,
        body: 'x',
        lines: [
          ...signed.lines.filter((l) => !/^x-amz-content/.test(l)),
          'x-amz-content-sha256: UNSIGNED-PAYLOAD',
        ],
      },
    ],
    [
      'another date',
      replaced(
        signed,
        date,
        `x-amz-date: ${new Date(Date.now() + 60_000).toISOString().replace(/[-:]|\.\d{3}/g, '')}`,
      ),
    ],
    ['a date twice', { ...signed, lines: [...signed.lines, date] }],
    ['Authorization twice', { ...signed, lines: [...signed.lines, authorization] }],
    ['a scope of another region', other(authorization.replace('us-east-1', 'us-east-2'))],
    ['a scope of another service', other(authorization.replace('execute-api', 'apigateway'))],
    ['a scope without end', other(authorization.replace('aws4_request', 'aws4'))],
    ['no signed headers', other(authorization.replace(/SignedHeaders=[^,]+/, 'SignedHeaders='))],
    ['host unsigned', other(authorization.replace('SignedHeaders=host;', 'SignedHeaders='))],
    ['an empty signature', other(authorization.replace(/Signature=.*/, 'Signature='))],
    ['a signature of zeros', other(authorization.replace(/Signature=.*/, `Signature=${'0'.repeat(64)}`))],
    [
      'a signature in capitals',
      other(authorization.replace(/Signature=(.*)/, (_, hex: string) => `Signature=${hex.toUpperCase()}`)),
    ],
    ['another algorithm', other(authorization.replace('AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA1'))],
    ['SigV4A', other(authorization.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'))],
    ['a Bearer token', other('authorization: Bearer x')],
    ['a key of the prototype', other(authorization.replace(KEY.accessKeyId, '__proto__'))],
  ];
  assert.equal(refusalOf(await send(api, signed)), '200');
  for (const [name, changed] of rows) {
    assert.notDeepEqual(changed, signed, name);
    assert.notEqual(refusalOf(await send(api, changed)), '200', name);
  }
});

test('no spelling of a path gets past a Deny', async (t) => {
  const { api } = await iamApi(t);
  const call = async (path: string) => refusalOf(await send(api, await sign({ host: api.host, path })));
  assert.equal(await call('/other'), '200');
  const paths = [
    '/admin',
    '/admin/x',
    '//admin',
    '/%61dmin',
    '/%61%64min',
    '/admin%2Fx',
    '/./admin',
    '/x/../admin',
    '/dev/admin',
    '/%2e/admin',
    '/%2Fadmin',
  ];
  for (const path of paths) assert.notEqual(await call(path), '200', path);
});

test('reordered parameters are the same request; unsigned headers come along', async (t) => {
  const { stand, api } = await iamApi(t);
  const signed = await sign({ host: api.host, path: '/a', query: { b: '1', a: '2' } });
  stand.backend.script();
  const reordered = { ...signed, target: '/a?a=2&b=1', lines: [...signed.lines, 'X-Unsigned: 1'] };
  assert.equal(refusalOf(await send(api, reordered)), '200');
  assert.deepEqual(valuesOf(stand.backend.requests[0]!.headers, 'x-unsigned'), ['1']);
});
