// Issuers that speak http (spec/http-api.md §6.2.3; management-api.md §2.6.2): those of this machine by default, others when the
// operator says so. `0.0.0.0` leads to this machine and is not spelt so: it stands for a host of a network.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { JwtSettings } from '../../../src/identity/jwt/settings.ts';
import { createJwtApi, invalid, startJwtStand, told } from '../../support/jwt-stand.ts';
import { AUDIENCE, claims, key } from '../../support/token-api.ts';
import { makeToken, startTokenIssuer, type TokenIssuer } from '../../support/token-issuer.ts';

/** An issuer under a host name of this machine, with its URL as authorizers name it. */
async function startIssuer(t: TestContext, host: string): Promise<TokenIssuer & { readonly url: string }> {
  const server = await startTokenIssuer(`http://${host}/realms/dev`, [key]);
  t.after(() => server.close());
  const url = `http://${host}:${new URL(server.address).port}/realms/dev`;
  server.instead = (request, response) => {
    if (!request.url!.endsWith('/.well-known/openid-configuration')) return false;
    response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/keys` }));
    return true;
  };
  return Object.assign(server, { url });
}

const token = (iss: string) => makeToken(key, claims({ iss }));

async function start(t: TestContext, issuer: string, settings: Partial<JwtSettings> = {}) {
  const stand = await startJwtStand(t, [], { jwt: { issuers: [], anyHttpIssuer: false, ...settings } });
  return createJwtApi(stand, { only: { issuer, audience: [AUDIENCE] } }, [{ key: 'GET /' }]);
}

test('tokens of an issuer on this machine get in, and `iss` is compared with its scheme', async (t) => {
  for (const host of ['127.0.0.1', 'localhost']) {
    const issuer = await startIssuer(t, host);
    const api = await start(t, issuer.url);
    assert.equal(told(await api.with(token(issuer.url))), '200');
    assert.deepEqual(issuer.asked, ['/realms/dev/.well-known/openid-configuration', '/realms/dev/keys']);
    const wrong = invalid('the token does not have a valid issuer');
    for (const iss of [issuer.url.replace('http:', 'https:'), `${issuer.url}/`, issuer.url.toUpperCase()]) {
      assert.equal(told(await api.with(token(iss))), wrong, iss);
    }
  }
});

test('an issuer elsewhere is refused when it is written', async (t) => {
  const issuer = await startIssuer(t, '0.0.0.0');
  await assert.rejects(start(t, issuer.url), {
    name: 'BadRequestException',
    message: /^Invalid issuer: Issuer is not a valid URL for JWT Authorizer/,
  });
  const other = { issuer: `${issuer.url}/other`, address: undefined, ca: undefined };
  await assert.rejects(start(t, issuer.url, { issuers: [other] }), { name: 'BadRequestException' });
});

test('an issuer elsewhere that the configuration names, or any where it says so, gets its tokens in', async (t) => {
  const issuer = await startIssuer(t, '0.0.0.0');
  const named = { issuer: issuer.url, address: undefined, ca: undefined };
  for (const settings of [{ issuers: [named] }, { anyHttpIssuer: true }]) {
    const api = await start(t, issuer.url, settings);
    assert.equal(told(await api.with(token(issuer.url))), '200');
  }
});

test('keys that the issuer names on another host, or behind a redirect, are not asked for', async (t) => {
  const elsewhere = await startIssuer(t, '0.0.0.0');
  const issuer = await startIssuer(t, '127.0.0.1');
  const own = issuer.instead!;
  issuer.instead = (request, response) => {
    if (!request.url!.includes('.well-known')) return own(request, response);
    response.end(JSON.stringify({ jwks_uri: `${elsewhere.url}/keys` }));
    return true;
  };
  const api = await start(t, issuer.url);
  assert.equal(
    told(await api.with(token(issuer.url))),
    invalid('OIDC discovery endpoint communication error'),
  );
  issuer.instead = (request, response) => {
    if (!request.url!.endsWith('/keys')) return own(request, response);
    response.writeHead(302, { Location: `${elsewhere.url}/keys` }).end();
    return true;
  };
  const another = await start(t, issuer.url);
  assert.equal(told(await another.with(token(issuer.url))), invalid('JWKS communication error'));
  assert.deepEqual(elsewhere.asked, []);
});
