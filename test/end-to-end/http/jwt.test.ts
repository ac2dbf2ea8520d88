// JWT authorizers over the wire (spec/http-api.md §6.2): what is refused with which words, and what gets in.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { CreateRouteCommand, GetRoutesCommand, UpdateApiCommand } from '@aws-sdk/client-apigatewayv2';
import { createJwtApi, invalid, startJwtStand, told } from '../../support/jwt-stand.ts';
import { valuesOf } from '../../support/raw-message.ts';
import { AUDIENCE, claims, ISSUER, key, startTokenApi, token } from '../../support/token-api.ts';
import { makeKey, makeToken, secondsFromNow, startTokenIssuer } from '../../support/token-issuer.ts';

test('a token is in a header, with Bearer or without (§6.2.1)', async (t) => {
  const { api, backend, postern } = await startTokenApi(t);
  for (const scheme of ['', 'Bearer ', 'bearer ', 'BEARER ', 'Bearer   ']) {
    assert.equal(told(await api.call('/', [`Authorization: ${scheme}${token()}`])), '200', scheme);
  }
  assert.equal(backend.requests.length, 5);
  assert.deepEqual(postern.errors, []);
});

test('a token is in a query parameter (§6.2.1)', async (t) => {
  const { api } = await startTokenApi(t, undefined, {}, '$request.querystring.access_token');
  assert.equal(told(await api.call(`/?a=1&access_token=${token()}`)), '200');
  assert.equal(told(await api.call(`/?access_token=Bearer%20${token()}`)), '200');
  assert.equal(told(await api.with(token())), '401 Bearer');
  assert.equal(
    told(await api.call(`/?access_token=${token()}&access_token=${token()}`)),
    invalid('token contains an invalid number of segments'),
  );
});

test('no token: 401, and nothing but the scheme (§6.2.4)', async (t) => {
  const { api, backend, issuer } = await startTokenApi(t, [{ key: 'GET /', scopes: ['read'] }]);
  for (const lines of [[], ['Authorization:'], ['Authorization: Bearer'], ['Authorization: bearer   ']]) {
    const reply = await api.call('/', lines);
    assert.equal(told(reply), '401 Bearer');
    assert.equal(reply.body, '{"message":"Unauthorized"}');
    assert.deepEqual(valuesOf(reply.headers, 'content-length'), ['26']);
    assert.deepEqual(valuesOf(reply.headers, 'content-type'), ['application/json']);
    assert.equal(valuesOf(reply.headers, 'apigw-requestid').length, 1);
  }
  assert.equal(backend.requests.length, 0);
  assert.deepEqual(issuer.asked, []);
});

test('what is refused with which words (§6.2.2, §6.2.4)', async (t) => {
  const { api, backend } = await startTokenApi(t);
  const hour = 3_600;
  const stranger = makeKey('RS256', 'stranger');
  const forger = { ...makeKey('RS256', 'one') };
  const rows: readonly (readonly [name: string, token: string, description: string])[] = [
    ['no token at all', 'x', 'token contains an invalid number of segments'],
    ['another scheme', 'Basic YTpi', 'token contains an invalid number of segments'],
    ['rubbish', 'a.b.c', 'token is malformed'],
    ['a symmetric algorithm', makeToken(key, claims(), { alg: 'HS256' }), 'signing method HS256 is invalid'],
    [
      'an algorithm whose name is none',
      makeToken(key, claims(), { alg: 'a"b' }),
      'signing method is invalid',
    ],
    ['no kid', makeToken(key, claims(), { kid: undefined }), 'unable to find a key with the specified kid'],
    ['a stranger', makeToken(stranger, claims()), 'unable to find a key with the specified kid'],
    ['a forger', makeToken(forger, claims()), 'crypto/rsa: verification error'],
    ['another issuer', token({ iss: 'https://login.example.com' }), 'the token does not have a valid issuer'],
    ['no issuer', token({ iss: undefined }), 'the token does not have a valid issuer'],
    ['another audience', token({ aud: 'cats' }), 'the token does not have a valid audience'],
    ['no audience', token({ aud: undefined }), 'the token does not have a valid audience'],
    ['an empty list of audiences', token({ aud: [] }), 'the token does not have a valid audience'],
    [
      'aud before client_id',
      token({ aud: 'cats', client_id: AUDIENCE }),
      'the token does not have a valid audience',
    ],
    [
      'a null aud before client_id',
      token({ aud: null, client_id: AUDIENCE }),
      'the token does not have a valid audience',
    ],
    ['expired', token({ exp: secondsFromNow(-1) }), 'the token has expired'],
    ['expires now', token({ exp: secondsFromNow(0) }), 'the token has expired'],
    ['no exp', token({ exp: undefined }), 'the token has expired'],
    ['an exp that is text', token({ exp: String(secondsFromNow(hour)) }), 'the token has expired'],
    [
      'an exp without end',
      makeToken(key, `{"iss":"${ISSUER}","aud":"${AUDIENCE}","exp":1e999}`),
      'the token has expired',
    ],
    ['not before later', token({ nbf: secondsFromNow(hour) }), 'the token is not valid yet'],
    ['a nbf that is text', token({ nbf: '0' }), 'the token is not valid yet'],
    ['issued later', token({ iat: secondsFromNow(hour) }), 'the token is not valid yet'],
    ['signature before issuer', makeToken(forger, claims({ iss: 'x' })), 'crypto/rsa: verification error'],
    ['issuer before audience', token({ iss: 'x', aud: 'x' }), 'the token does not have a valid issuer'],
    ['audience before time', token({ aud: 'x', exp: 1 }), 'the token does not have a valid audience'],
  ];
  for (const [name, text, description] of rows) {
    for (let time = 0; time < 2; time++) {
      const reply = await api.call('/', [
        `Authorization: ${text.startsWith('Basic') ? '' : 'Bearer '}${text}`,
      ]);
      assert.equal(told(reply), invalid(description), name);
      assert.equal(reply.body, '{"message":"Unauthorized"}', name);
    }
  }
  assert.equal(backend.requests.length, 0);
});

test('what gets in (§6.2.2 (4) to (6))', async (t) => {
  const { api } = await startTokenApi(t);
  const rows: readonly (readonly [name: string, token: string])[] = [
    ['one audience', token()],
    ['one audience of several', token({ aud: ['cats', AUDIENCE] })],
    ['client_id where there is no aud', token({ aud: undefined, client_id: AUDIENCE })],
    ['aud, whatever client_id is', token({ client_id: 'cats' })],
    ['times in the past', token({ nbf: secondsFromNow(0), iat: secondsFromNow(0) })],
    ['fractions of seconds', token({ exp: Date.now() / 1_000 + 60.5 })],
    ['a stated type', makeToken(key, claims(), { typ: 'at+jwt' })],
    ['an ID token', token({ nonce: 'n', at_hash: 'h' })],
  ];
  for (const [name, text] of rows) assert.equal(told(await api.with(text)), '200', name);
});

test('every asymmetric algorithm gets in (§6.2.2 (2))', async (t) => {
  const { api, issuer } = await startTokenApi(t);
  const names = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
  const keys = names.map((name) => makeKey(name, name, { alg: name }));
  issuer.keys = keys;
  for (const each of keys) assert.equal(told(await api.with(makeToken(each, claims()))), '200', each.kid);
});

test('scopes: one of the route’s is enough, none is 403 (§6.2.2 (7), §6.2.4, §6.2.5)', async (t) => {
  const { api, backend } = await startTokenApi(t, [
    { key: 'GET /', scopes: ['pets:read', 'pets:write'] },
    { key: 'GET /any' },
  ]);
  for (const more of [
    { scope: 'pets:read' },
    { scope: 'openid  pets:write' },
    { scope: ['openid', 'pets:read'] },
    { scp: 'openid pets:read' },
    { scp: ['pets:write'] },
    { scope: 'openid', scp: ['pets:write'] },
  ]) {
    assert.equal(told(await api.with(token(more))), '200', JSON.stringify(more));
  }
  backend.script();
  for (const more of [
    {},
    { scope: '' },
    { scope: 'pets' },
    { scope: 'PETS:READ' },
    { scope: 'pets:read,pets:write' },
    { scope: 'pets:read\tx' },
    { scope: ['pets:read pets:write'] },
    { scope: { 'pets:read': true } },
    { scp: [['pets:read']] },
    { scopes: 'pets:read' },
  ]) {
    const reply = await api.with(token(more));
    assert.match(
      told(reply),
      /^403 Bearer scope="pets:read pets:write" error="insufficient_scope" error_description="[^"]+"$/,
      JSON.stringify(more),
    );
    assert.equal(reply.body, '{"message":"Forbidden"}');
    assert.deepEqual(valuesOf(reply.headers, 'content-length'), ['23']);
    assert.equal(backend.requests.length, 0);
  }
  assert.equal(told(await api.with(token(), '/any')), '200');
  assert.equal(
    told(await api.with(token({ exp: 1 }))),
    invalid('the token has expired', 'pets:read pets:write'),
  );
});

test('claims are in the context, as text (§4.5, §6.2.6)', async (t) => {
  const mappings = Object.fromEntries(
    ['sub', 'n', 'flag', 'list', 'map', 'nothing', 'missing', 'evil', 'scope'].map((name) => [
      `append:header.x-${name}`,
      `$context.authorizer.claims.${name}`,
    ]),
  );
  const { api, backend } = await startTokenApi(t, [{ key: 'GET /' }], {
    ...mappings,
    'append:header.x-all': '$context.authorizer.claims',
    'append:header.x-text': 'sub=${context.authorizer.claims.sub};none=${context.authorizer.claims.none}',
  });
  const json = JSON.stringify(
    claims({ flag: true, list: ['a', 'b'], map: { k: 'v' }, nothing: null, scope: 'a b' }),
  ).replace(/}$/, ',"n":12345678901234567890,"evil":"x\\r\\nX-Evil: 1"}');
  assert.equal(told(await api.with(makeToken(key, json))), '200');
  const { headers } = backend.requests[0]!;
  const seen = Object.fromEntries(headers.filter(([name]) => /^x-(?!amzn)/.test(name)));
  assert.deepEqual(seen, {
    'x-sub': 'me',
    'x-n': '12345678901234567890',
    'x-flag': 'true',
    'x-list': '[a b]',
    'x-map': 'map[k:v]',
    'x-evil': 'x  X-Evil: 1',
    'x-scope': 'a b',
    'x-text': 'sub=me;none=',
  });
});

test('both spellings of a claim are one, and a claim that is missing is not the client’s to say (§4.5, §4.13)', async (t) => {
  const { api, backend } = await startTokenApi(t, [{ key: 'GET /' }], {
    'overwrite:header.x-sub': '$context.authorizer.jwt.claims.sub',
    'overwrite:header.x-name': '${context.authorizer.jwt.claims.name}',
    'overwrite:header.x-both': '${context.authorizer.claims.sub}=${context.authorizer.jwt.claims.sub}',
    'overwrite:header.x-org': '$context.authorizer.jwt.claims.org',
    'overwrite:header.x-team': '$context.authorizer.claims.team',
    'overwrite:header.x-all': '$context.authorizer.jwt.claims',
    'overwrite:querystring.org': '$context.authorizer.claims.org',
    'append:header.x-added': '$context.authorizer.claims.org',
  });
  const forged = ['x-org', 'X-Team', 'x-sub', 'x-name', 'x-all', 'x-added'].map((name) => `${name}: forged`);
  const reply = await api.call('/?org=forged&a=1', [
    `Authorization: Bearer ${makeToken(key, claims({ sub: 'u-9', name: 'Ann' }))}`,
    ...forged,
  ]);
  assert.equal(told(reply), '200');
  const { headers, startLine } = backend.requests[0]!;
  assert.equal(startLine, 'GET /?a=1 HTTP/1.1');
  const seen = Object.fromEntries(headers.filter(([name]) => /^x-(?!amzn)/i.test(name)));
  assert.deepEqual(seen, { 'x-sub': 'u-9', 'x-name': 'Ann', 'x-both': 'u-9=u-9', 'x-added': 'forged' });
});

test('claims and scopes are in the events of functions (§3.6.2, §3.6.3, §6.2.6)', async (t) => {
  const events: string[] = [];
  const functions = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      events.push(Buffer.concat(chunks).toString());
      response.end('{"statusCode":200,"body":"ok"}');
    });
  });
  await new Promise<void>((resolve) => functions.listen(0, '127.0.0.1', resolve));
  const issuer = await startTokenIssuer(ISSUER, [key]);
  t.after(async () => {
    functions.closeAllConnections();
    functions.close();
    await issuer.close();
  });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
  const endpoint = `http://127.0.0.1:${(functions.address() as AddressInfo).port}`;
  const stand = await startJwtStand(t, [{ issuer: ISSUER, address: issuer.address, ca: undefined }], {
    lambda: { endpoint, functionEndpoints: new Map() },
  });
  const api = await createJwtApi(stand, { only: { issuer: ISSUER, audience: [AUDIENCE] } }, [
    { key: 'GET /two', lambda: '2.0' },
    { key: 'GET /one', lambda: '1.0', scopes: ['read'] },
  ]);
  const exp = secondsFromNow(600);
  const text = makeToken(
    key,
    `{"iss":"${ISSUER}","aud":"${AUDIENCE}","exp":${exp},"scope":"read write","n":12345678901234567890,"groups":["a","b"],"nothing":null}`,
  );
  const seen = {
    iss: ISSUER,
    aud: AUDIENCE,
    exp: String(exp),
    scope: 'read write',
    n: '12345678901234567890',
    groups: '[a b]',
  };
  assert.equal(told(await api.with(text, '/two')), '200');
  assert.equal(told(await api.with(text, '/one')), '200');
  const [two, one] = events.map((event) => JSON.parse(event).requestContext.authorizer);
  assert.deepEqual(two, { jwt: { claims: seen, scopes: null } });
  assert.deepEqual(one, { claims: seen, scopes: ['read', 'write'] });
});

test('a preflight at a route with an authorizer needs a token, unless OPTIONS has a route (§5.5 rows 7, 8)', async (t) => {
  const { api, backend, postern } = await startTokenApi(t, [{ key: 'ANY /{proxy+}' }]);
  const ApiId = api.apiId;
  const CorsConfiguration = { AllowOrigins: ['https://example.com'], AllowMethods: ['GET'] };
  await postern.client.send(new UpdateApiCommand({ ApiId, CorsConfiguration }));
  const lines = ['Origin: https://example.com', 'Access-Control-Request-Method: GET'];
  const refused = await api.call('/x', lines, 'OPTIONS');
  assert.equal(told(refused), '401 Bearer');
  assert.deepEqual(valuesOf(refused.headers, 'access-control-allow-origin'), ['https://example.com']);
  const { Items } = await postern.client.send(new GetRoutesCommand({ ApiId }));
  const Target = Items![0]!.Target!;
  await postern.client.send(new CreateRouteCommand({ ApiId, RouteKey: 'OPTIONS /{proxy+}', Target }));
  assert.equal(told(await api.call('/x', lines, 'OPTIONS')), '204');
  assert.equal(told(await api.call('/x', lines)), '401 Bearer');
  assert.equal(backend.requests.length, 0);
});
