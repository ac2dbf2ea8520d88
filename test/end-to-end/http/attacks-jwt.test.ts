// Tokens of people who should not get in (RFC 8725; spec/http-api.md §6.2). None reaches the backend.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  api,
  claims,
  ec,
  ed,
  good,
  ISSUER,
  issuer,
  mine,
  OTHER_ISSUER,
  refuses,
  rsa,
  signedAs,
  stand,
} from '../../support/attacked-api.ts';
import { told } from '../../support/jwt-stand.ts';
import { makeKey, makeToken, secondsFromNow, segment, signatureOf } from '../../support/token-issuer.ts';

test('the signature of a stranger under a known kid', () =>
  refuses({
    rsa: makeToken(mine, claims()),
    ec: makeToken(makeKey('ES256', 'ec'), claims()),
    ed: makeToken(makeKey('EdDSA', 'ed'), claims()),
  }));

test('alg none, in every spelling, with and without a signature', async () => {
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', ' none', 'null']) {
    const signed = `${segment({ alg, kid: 'rsa' })}.${segment(claims())}`;
    await refuses({
      [`${alg} without`]: `${signed}.`,
      [`${alg} without its dot`]: signed,
      [`${alg} with`]: `${signed}.${good().split('.')[2]}`,
    });
  }
  const noAlg = `${segment({ kid: 'rsa' })}.${segment(claims())}.${good().split('.')[2]}`;
  await refuses({ 'no alg': noAlg, 'empty signature': `${good().split('.').slice(0, 2).join('.')}.` });
});

test('HS256 with the public key as its secret, in every form of the key', async () => {
  const forms = {
    spki: rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    'spki without the last line break': rsa.publicKey
      .export({ format: 'pem', type: 'spki' })
      .toString()
      .trim(),
    pkcs1: rsa.publicKey.export({ format: 'pem', type: 'pkcs1' }).toString(),
    jwk: JSON.stringify(rsa.jwk),
    modulus: String(rsa.jwk.n),
    'the secret that is published': 'secret',
    nothing: '',
  };
  for (const [form, text] of Object.entries(forms)) {
    for (const kid of ['rsa', 'secret']) {
      for (const alg of ['HS256', 'HS384', 'HS512']) {
        await refuses({ [`${alg}, ${kid}, ${form}`]: signedAs({ alg, kid }, alg, text) });
      }
      // The signature of one algorithm under the name of another.
      await refuses({ [`RS256, ${kid}, ${form}`]: signedAs({ alg: 'RS256', kid }, 'HS256', text) });
    }
  }
});

test('the algorithm of another kind of key', async () => {
  for (const kid of ['rsa', 'ec', 'ed', 'secret']) {
    for (const [made, key] of [
      ['RS256', mine],
      ['ES256', makeKey('ES256', 'x')],
      ['EdDSA', makeKey('EdDSA', 'x')],
    ] as const) {
      for (const alg of ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519', 'HS256']) {
        await refuses({ [`${alg} by ${made} with ${kid}`]: signedAs({ alg, kid }, made, key.privateKey) });
      }
    }
  }
  // The right key, but its signature is of another algorithm than the header says.
  for (const alg of ['RS384', 'RS512', 'PS256', 'ES256']) {
    await refuses({ [`RS256 as ${alg}`]: signedAs({ alg, kid: 'rsa' }, 'RS256', rsa.privateKey) });
  }
});

test('a kid that is a path, a query, or another name of the key', async () => {
  const kids = [
    '../../../dev/null',
    '/dev/null',
    "rsa' OR '1'='1",
    'rsa; DROP TABLE keys',
    'rsa\0',
    'RSA',
    ' rsa',
    'rsa ',
    '',
    '*',
    '__proto__',
    'constructor',
    'toString',
    '0',
    'rsa,ec',
    `${issuer.address}/keys`,
    '$(id)',
    '%72sa',
    'r\u200bsa',
    'ｒｓａ',
  ];
  for (const kid of kids) {
    const asked = issuer.asked.length;
    await refuses({
      [`${kid} by a stranger`]: makeToken(mine, claims(), { kid }),
      [`${kid} by the issuer`]: makeToken(rsa, claims(), { kid }),
      [`${kid} with an empty secret`]: signedAs({ alg: 'HS256', kid }, 'HS256', ''),
    });
    assert.ok(
      issuer.asked.slice(asked).every((path) => /^\/(\.well-known\/openid-configuration|keys)$/.test(path)),
    );
  }
  for (const kid of [null, 0, true, ['rsa'], { rsa: true }]) {
    await refuses({ [JSON.stringify(kid)]: makeToken(rsa, claims(), { kid }) });
  }
  // However many unknown ids there were: the issuer was asked once for the first authorizer's keys, and once more.
  assert.equal(issuer.asked.length, 4);
});

test('a key that the token brings along: jwk, jku, x5u, x5c', async (t) => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked++;
    response.end(JSON.stringify({ keys: [mine.jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  const der = mine.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  for (const kid of ['rsa', 'mine', undefined]) {
    await refuses({
      jwk: makeToken(mine, claims(), { kid, jwk: mine.jwk }),
      jku: makeToken(mine, claims(), { kid, jku: url }),
      x5u: makeToken(mine, claims(), { kid, x5u: url }),
      x5c: makeToken(mine, claims(), { kid, x5c: [der] }),
      'x5t#S256': makeToken(mine, claims(), { kid, 'x5t#S256': 'AA', x5t: 'AA' }),
      all: makeToken(mine, claims(), { kid, jwk: mine.jwk, jku: url, x5u: url, x5c: [der] }),
      'an iss that serves keys': makeToken(mine, claims({ iss: url }), { kid, iss: url }),
    });
  }
  assert.equal(asked, 0);
});

test('critical extensions, unencoded payloads, compression, nesting', () =>
  refuses({
    'crit b64': makeToken(rsa, claims(), { crit: ['b64'], b64: false }),
    'crit exp': makeToken(rsa, claims(), { crit: ['exp'], exp: 1 }),
    'crit that is empty': makeToken(rsa, claims(), { crit: [] }),
    'crit that is null': makeToken(rsa, claims(), { crit: null }),
    'two algs': makeToken(rsa, claims(), `{"alg":"none","kid":"rsa","alg":"RS256"}`),
    'two kids': makeToken(rsa, claims(), `{"alg":"RS256","kid":"ec","kid":"rsa"}`),
    'an alg in an escape': makeToken(rsa, claims(), `{"alg":"RS256","kid":"rsa","\\u0061lg":"RS256"}`),
    'a token in a token': makeToken(rsa, segment(good())),
    'an encrypted token': 'eyJhbGciOiJSU0EtT0FFUCJ9.AA.AA.AA.AA',
    'the JSON form': segment(JSON.stringify({ payload: segment(claims()), signatures: [] })),
  }));

test('the issuer or audience of somebody else', async () => {
  await refuses({
    'another issuer': good({ iss: OTHER_ISSUER }),
    'a slash more': good({ iss: `${ISSUER}/` }),
    'in capitals': good({ iss: ISSUER.toUpperCase() }),
    'a list of issuers': good({ iss: [ISSUER] }),
    'behind a blank': good({ iss: ` ${ISSUER}` }),
    'with a suffix': good({ iss: `${ISSUER}.evil.example.com` }),
    'no issuer': good({ iss: undefined }),
    'another audience': good({ aud: 'cats' }),
    'the beginning of the audience': good({ aud: 'pet' }),
    'several audiences in one text': good({ aud: 'cats pets' }),
    'an object': good({ aud: { pets: true } }),
    'a list in a list': good({ aud: [['pets']] }),
    'two aud, the last counts': makeToken(
      rsa,
      `{"iss":"${ISSUER}","aud":"pets","aud":"x","exp":${secondsFromNow(60)}}`,
    ),
  });
});

test('times: over, not begun, and none that are none', () =>
  refuses({
    expired: good({ exp: secondsFromNow(-1) }),
    'long ago': good({ exp: 0 }),
    'a negative time': good({ exp: -1 }),
    'no exp': good({ exp: undefined }),
    'null exp': good({ exp: null }),
    'exp as text': good({ exp: '9999999999' }),
    'exp as a list': good({ exp: [9_999_999_999] }),
    'endless exp': makeToken(rsa, `{"iss":"${ISSUER}","aud":"pets","exp":1e400}`),
    'nbf to come': good({ nbf: secondsFromNow(60) }),
    'nbf as text': good({ nbf: '0' }),
    'nbf without end': makeToken(
      rsa,
      `{"iss":"${ISSUER}","aud":"pets","exp":${secondsFromNow(60)},"nbf":-1e400}`,
    ),
    'null nbf': good({ nbf: null }),
    'iat to come': good({ iat: secondsFromNow(60) }),
  }));

test('a good token, cut or bent anywhere', async () => {
  const text = good();
  const [header, payload, signature] = text.split('.') as [string, string, string];
  await refuses({
    'cut in the signature': text.slice(0, -1),
    'cut at the signature': text.slice(0, -signature.length),
    'cut in the claims': text.slice(0, header.length + 10),
    'a character more': `${text}A`,
    'a dot more': `${text}.`,
    'a dot before': `.${text}`,
    'the signature of another token': `${header}.${payload}.${good({ sub: 'you' }).split('.')[2]}`,
    'the claims of another token': `${header}.${segment(claims({ sub: 'admin' }))}.${signature}`,
    'the header of another token': `${segment({ alg: 'RS256', kid: 'rsa', typ: 'x' })}.${payload}.${signature}`,
    'the signature with padding': `${text}==`,
    'base64 characters': `${header}.${payload}.${signature.replaceAll('-', '+').replaceAll('_', '/')}+`,
    'two tokens': `${text} ${text}`,
    'two tokens with a comma': `${text},${text}`,
    'a blank inside': `${header}. ${payload}.${signature}`,
    'quotes around': `"${text}"`,
    'letters in other case': `${header}.${payload}.${signature.toLowerCase()}`,
    'fullwidth dots': Buffer.from(`${header}．${payload}．${signature}`).toString('latin1'),
    'a letter with a mark': Buffer.from(text.replace('e', 'é')).toString('latin1'),
    'the last byte in latin1': `${text.slice(0, -1)}\u00e9`,
  });
  assert.equal(told(await api.with(text)), '200');
});

test('any change of one character of a token is no token', async () => {
  const text = good();
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom(...'ABCabc019-_.~!'), async (at, character) => {
      fc.pre(text[at] !== character);
      await refuses({ [`${at} ${character}`]: text.slice(0, at) + character + text.slice(at + 1) });
    }),
    { numRuns: 150 },
  );
});

test('ECDSA: zeros, DER, a longer and a shorter signature', async () => {
  const text = makeToken(ec, claims());
  const signed = text.slice(0, text.lastIndexOf('.'));
  const raw = Buffer.from(text.slice(signed.length + 1), 'base64url');
  const signatures = {
    zeros: Buffer.alloc(64),
    'r of zero': Buffer.concat([Buffer.alloc(32), raw.subarray(32)]),
    's of zero': Buffer.concat([raw.subarray(0, 32), Buffer.alloc(32)]),
    none: Buffer.alloc(0),
    'a byte': Buffer.alloc(1),
    ones: Buffer.alloc(64, 0xff),
    shorter: raw.subarray(0, 63),
    longer: Buffer.concat([raw, Buffer.alloc(1)]),
    twice: Buffer.concat([raw, raw]),
  };
  for (const [what, signature] of Object.entries(signatures)) {
    await refuses({ [what]: `${signed}.${signature.toString('base64url')}` });
  }
  assert.equal(told(await api.with(text)), '200');
});

test('EdDSA: zeros, and the identity as a point', async () => {
  const text = makeToken(ed, claims());
  const signed = text.slice(0, text.lastIndexOf('.'));
  const identity = Buffer.alloc(64);
  identity[0] = 1;
  for (const signature of [Buffer.alloc(64), identity, Buffer.alloc(0), Buffer.alloc(32), Buffer.alloc(65)]) {
    await refuses({ [signature.toString('hex')]: `${signed}.${signature.toString('base64url')}` });
  }
});

test('keys that changed hands: a secret hash, another curve, an RSA key of the attacker by HMAC', async () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  const signed = `${segment({ alg: 'ES256', kid: 'ec' })}.${segment(claims())}`;
  await refuses({
    'another curve': `${signed}.${signatureOf('ES256', pair.privateKey, signed).toString('base64url')}`,
    hmac: `${signed}.${createHmac('sha512', 'secret').update(signed).digest('base64url')}`,
  });
});

test('after all of that the door is as it was', async () => {
  assert.equal(told(await api.with(good())), '200');
  assert.deepEqual(stand.postern.errors, []);
});
