// Where the keys of JWT authorizers come from, and how long what they said holds (spec/http-api.md §6.2.3).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateAuthorizerCommand,
  DeleteRouteCommand,
  GetAuthorizersCommand,
  GetRoutesCommand,
  UpdateAuthorizerCommand,
} from '@aws-sdk/client-apigatewayv2';
import { createJwtApi, invalid, type JwtStand, startJwtStand, told } from '../../support/jwt-stand.ts';
import { startTestPostern } from '../../support/postern.ts';
import { AUDIENCE, claims, ISSUER, key, startTokenApi, token } from '../../support/token-api.ts';
import { makeKey, makeToken, secondsFromNow, startTokenIssuer } from '../../support/token-issuer.ts';

test('keys: rotation, and an issuer that is away (§6.2.3, §6.2.4)', async (t) => {
  const { api, issuer } = await startTokenApi(t);
  const next = makeKey('ES256', 'two');
  assert.equal(told(await api.with(token())), '200');
  issuer.keys = [key, next];
  assert.equal(told(await api.with(makeToken(next, claims()))), '200');
  assert.equal(issuer.asked.length, 4);
  await issuer.close();
  assert.equal(told(await api.with(token({ sub: 'you' }))), '200');
});

test('keys: discovery or key set out of reach (§6.2.4)', async (t) => {
  const { postern, backend } = await startTokenApi(t);
  const issuer = await startTokenIssuer(ISSUER, [key]);
  t.after(() => issuer.close());
  for (const [path, description] of [
    ['.well-known/openid-configuration', 'OIDC discovery endpoint communication error'],
    ['keys', 'JWKS communication error'],
  ] as const) {
    const stand = await startJwtStand(t, [{ issuer: ISSUER, address: issuer.address, ca: undefined }]);
    issuer.instead = (request, response) => {
      if (!request.url!.endsWith(path)) return false;
      response.statusCode = 500;
      response.end();
      return true;
    };
    const api = await createJwtApi(stand, { only: { issuer: ISSUER, audience: [AUDIENCE] } }, [
      { key: 'GET /' },
    ]);
    assert.equal(told(await api.with(token())), invalid(description));
    assert.equal(stand.backend.requests.length, 0);
  }
  assert.equal(backend.requests.length, 0);
  assert.deepEqual(postern.errors, []);
});

test('keys outlive a redeployment; an authorizer that changes is asked anew (§6.2.3)', async (t) => {
  const { api, issuer, postern } = await startTokenApi(t, [{ key: 'GET /' }, { key: 'GET /other' }]);
  const { client } = postern;
  const ApiId = api.apiId;
  assert.equal(told(await api.with(token())), '200');
  const routes = await client.send(new GetRoutesCommand({ ApiId }));
  const other = routes.Items!.find(({ RouteKey }) => RouteKey === 'GET /other');
  await client.send(new DeleteRouteCommand({ ApiId, RouteId: other!.RouteId! }));
  assert.equal(told(await api.with(token())), '200');
  assert.equal(issuer.asked.length, 2);
  const { Items } = await client.send(new GetAuthorizersCommand({ ApiId }));
  const kept = token();
  assert.equal(told(await api.with(kept)), '200');
  await client.send(
    new UpdateAuthorizerCommand({
      ApiId,
      AuthorizerId: Items![0]!.AuthorizerId!,
      JwtConfiguration: { Audience: ['cats'] },
    }),
  );
  assert.equal(told(await api.with(kept)), invalid('the token does not have a valid audience'));
});

test('a token that is known is over when its time is (§6.2.2 (6), Choice C50)', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const { api } = await startTokenApi(t);
  const exp = secondsFromNow(2);
  const text = token({ exp });
  assert.equal(told(await api.with(text)), '200');
  t.mock.timers.setTime(exp * 1_000 - 1);
  assert.equal(told(await api.with(text)), '200');
  t.mock.timers.setTime(exp * 1_000);
  for (let i = 0; i < 2; i++) assert.equal(told(await api.with(text)), invalid('the token has expired'));
});

test('strictIssuerCheck: an issuer that does not answer is refused when it is written (management §2.6.2)', async (t) => {
  const issuer = await startTokenIssuer(ISSUER, [key]);
  const postern = await startTestPostern({
    sections: {
      strictIssuerCheck: true,
      jwt: {
        issuers: [{ issuer: ISSUER, address: issuer.address, ca: undefined }],
        anyHttpIssuer: false,
      },
    },
  });
  t.after(() => postern.close());
  const stand = { postern, backend: { port: 1 } } as unknown as JwtStand;
  const { apiId } = await createJwtApi(stand, { good: { issuer: ISSUER, audience: ['a'] } }, []);
  await issuer.close();
  const input = {
    ApiId: apiId,
    Name: 'away',
    AuthorizerType: 'JWT' as const,
    IdentitySource: ['$request.header.Authorization'],
    JwtConfiguration: { Issuer: ISSUER, Audience: ['a'] },
  };
  await assert.rejects(postern.client.send(new CreateAuthorizerCommand(input)), {
    name: 'BadRequestException',
    message:
      'Caught exception when connecting to https://login.example.com/.well-known/openid-configuration for issuer ' +
      'https://login.example.com/. Please try again later. Error: Invalid issuer: https://login.example.com/. ' +
      "Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'",
  });
  const { Items } = await postern.client.send(new GetAuthorizersCommand({ ApiId: apiId }));
  assert.deepEqual(
    Items!.map(({ Name }) => Name),
    ['good'],
  );
});
