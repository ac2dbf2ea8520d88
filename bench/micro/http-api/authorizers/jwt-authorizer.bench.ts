import { JwtAuthorizer } from '../../../../src/http-api/authorizers/jwt-authorizer.ts';
import { Issuer } from '../../../../src/identity/jwt/issuer.ts';
import { IssuerKeys } from '../../../../src/identity/jwt/issuer-keys.ts';
import { makeKey, makeToken, secondsFromNow } from '../../../../test/support/token-issuer.ts';
import { callOf } from '../../calls.ts';
import type { Suite } from '../../micro.ts';

const ISSUER = 'https://login.example.com';
const AUDIENCE = 'https://pets.example.com';

const key = makeKey('RS256', 'bench');
const issuer = new Issuer(
  ISSUER,
  new IssuerKeys({
    source: { keys: async () => JSON.stringify({ keys: [key.jwk] }) },
    now: () => performance.now(),
    onFailure: (reason) => {
      throw new Error(reason);
    },
  }),
);
const token = makeToken(key, {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'f1c2d3e4-0000-4000-8000-00000000beef',
  scope: 'openid pets:read pets:write',
  groups: ['staff', 'vets'],
  iat: secondsFromNow(-60),
  exp: secondsFromNow(3_600),
});
await issuer.verify(token);

const call = callOf();

/** The value in a text that has just been read, as of every request: nothing is known of it, its hash neither. */
function reader(): () => string {
  const line = `accept: */*\r\nauthorization: Bearer ${token}\r\n`;
  const bytes = Buffer.from(line, 'latin1');
  const start = line.indexOf('Bearer');
  return () => bytes.toString('latin1').substring(start, line.length - 2);
}

function reading(iterations: number): number {
  const read = reader();
  let length = 0;
  for (let i = 0; i < iterations; i++) length += read().length;
  return length;
}

function deciding(scopes: readonly string[]): (iterations: number) => number {
  const authorizer = new JwtAuthorizer({
    issuer,
    audience: [AUDIENCE],
    scopes,
    read: reader(),
    configured: { name: 'login', identitySource: '$request.header.Authorization' },
  });
  return (iterations) => {
    let granted = 0;
    for (let i = 0; i < iterations; i++) {
      const decision = authorizer.authorize(call);
      if (!(decision instanceof Promise) && decision.granted) granted++;
    }
    if (granted !== iterations) throw new Error(`${granted} of ${iterations} granted`);
    return granted;
  };
}

export const suite: Suite = {
  of: 'http-api/authorizers/jwt-authorizer: a known token to its decision',
  variants: [
    { name: 'reading the value alone', run: reading },
    { name: 'without scopes', run: deciding([]) },
    { name: 'one scope of three', run: deciding(['pets:read']) },
  ],
};
