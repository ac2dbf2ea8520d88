// An issuer of tokens, and an API whose routes ask for them.
import type { TestContext } from 'node:test';
import { createJwtApi, type JwtApi, type JwtRoute, type JwtStand, startJwtStand } from './jwt-stand.ts';
import { makeKey, makeToken, secondsFromNow, startTokenIssuer, type TokenIssuer } from './token-issuer.ts';

export const ISSUER = 'https://login.example.com/';
export const AUDIENCE = 'pets';
export const key = makeKey('RS256', 'one');

interface Running extends JwtStand {
  readonly issuer: TokenIssuer;
  readonly api: JwtApi;
}

export async function startTokenApi(
  t: TestContext,
  routes: readonly JwtRoute[] = [{ key: 'GET /' }],
  mappings: Readonly<Record<string, string>> = {},
  source = '$request.header.Authorization',
): Promise<Running> {
  const issuer = await startTokenIssuer(ISSUER, [key]);
  t.after(() => issuer.close());
  const stand = await startJwtStand(t, [{ issuer: ISSUER, address: issuer.address, ca: undefined }]);
  const authorizer = { issuer: ISSUER, audience: ['other', AUDIENCE], source };
  return { ...stand, issuer, api: await createJwtApi(stand, { first: authorizer }, routes, mappings) };
}

export function claims(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { iss: ISSUER, aud: AUDIENCE, sub: 'me', exp: secondsFromNow(600), ...more };
}

export const token = (more: Readonly<Record<string, unknown>> = {}) => makeToken(key, claims(more));
