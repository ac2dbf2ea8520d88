// An API behind JWT authorizers, for tests of who should not get in. Importing it starts everything before the file's
// tests, and ends it after them.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { createJwtApi, type JwtApi, type JwtStand, startJwtStand, told } from './jwt-stand.ts';
import {
  makeKey,
  makeToken,
  type SigningKey,
  secondsFromNow,
  segment,
  signatureOf,
  startTokenIssuer,
  type TokenIssuer,
} from './token-issuer.ts';

export const ISSUER = 'https://login.example.com';
export const OTHER_ISSUER = 'https://elsewhere.example.com';
export const rsa = makeKey('RS256', 'rsa');
export const ec = makeKey('ES256', 'ec');
export const ed = makeKey('EdDSA', 'ed');
const secret = { kty: 'oct', kid: 'secret', k: Buffer.from('secret').toString('base64url') };
/** Nobody's but the attacker's. */
export const mine = makeKey('RS256', 'rsa');

const closers: (() => Promise<void>)[] = [];
export let stand: JwtStand;
export let issuer: TokenIssuer;
let other: TokenIssuer;
export let api: JwtApi;

before(async () => {
  const published = { ...rsa, jwk: secret } satisfies SigningKey;
  issuer = await startTokenIssuer(ISSUER, [rsa, ec, ed, published]);
  other = await startTokenIssuer(OTHER_ISSUER, [makeKey('RS256', 'rsa'), rsa]);
  closers.push(
    () => issuer.close(),
    () => other.close(),
  );
  stand = await startJwtStand({ after: (close: () => Promise<void>) => void closers.push(close) }, [
    { issuer: ISSUER, address: issuer.address, ca: undefined },
    { issuer: OTHER_ISSUER, address: other.address, ca: undefined },
  ]);
  api = await createJwtApi(
    stand,
    {
      pets: { issuer: ISSUER, audience: ['pets'] },
      cats: { issuer: ISSUER, audience: ['cats'] },
      elsewhere: { issuer: OTHER_ISSUER, audience: ['pets'] },
      query: { issuer: ISSUER, audience: ['pets'], source: '$request.querystring.token' },
    },
    [
      { key: 'GET /' },
      { key: 'POST /' },
      { key: 'GET /read', scopes: ['read'] },
      { key: 'GET /write', scopes: ['write'] },
      { key: 'GET /cats', authorizer: 'cats' },
      { key: 'GET /elsewhere', authorizer: 'elsewhere' },
      { key: 'GET /query', authorizer: 'query' },
      { key: 'ANY /proxy/{path+}' },
    ],
  );
  // Keys are warm: attacks must not live on a first failure.
  assert.equal(told(await api.with(good())), '200');
});

after(async () => {
  for (const close of closers.reverse()) await close();
});

export function claims(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { iss: ISSUER, aud: 'pets', sub: 'me', exp: secondsFromNow(600), ...more };
}

export const good = (more: Readonly<Record<string, unknown>> = {}): string => makeToken(rsa, claims(more));

/** Header lines, and none of them gets in. */
export async function refusesLines(lines: readonly string[], what: string, path = '/'): Promise<void> {
  stand.backend.script();
  const reply = await api.call(path, lines);
  assert.match(told(reply), /^401 Bearer/, what);
  assert.equal(reply.body, '{"message":"Unauthorized"}', what);
  assert.equal(stand.backend.requests.length, 0, what);
}

export async function refuses(tokens: Readonly<Record<string, string>>, path = '/'): Promise<void> {
  for (const [what, token] of Object.entries(tokens)) {
    await refusesLines([`Authorization: Bearer ${token}`], what, path);
  }
}

/** A token with any header, signed by a key or a secret as an algorithm says. */
export function signedAs(header: object, algorithm: string, key: SigningKey['privateKey'] | string): string {
  const signed = `${segment(header)}.${segment(claims())}`;
  return `${signed}.${signatureOf(algorithm, key, signed).toString('base64url')}`;
}
