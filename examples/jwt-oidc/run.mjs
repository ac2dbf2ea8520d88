// A JWT authorizer, end to end: an API whose routes ask for tokens of an OpenID provider, and calls with and without them.
import {
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { example } from '../stand.mjs';

const audience = 'https://pets.example.com';

await example(import.meta.url, async (stand) => {
  const issuer = await stand.start('issuer.mjs');
  const backend = new URL(await stand.start('../echo-backend.mjs')).host;
  await stand.startPostern({
    config: 'postern.yaml',
    change: (text) => text.replace('http://127.0.0.1:9000', issuer),
  });
  const { ApiId } = await stand.client.send(new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP' }));
  const { AuthorizerId } = await stand.client.send(
    new CreateAuthorizerCommand({
      ApiId,
      Name: 'login',
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'https://login.example.com', Audience: [audience] },
    }),
  );
  const { IntegrationId } = await stand.client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri: `http://${backend}`,
      PayloadFormatVersion: '1.0',
      RequestParameters: { 'append:header.x-caller': '$context.authorizer.claims.sub' },
    }),
  );
  for (const [RouteKey, scope] of [
    ['GET /pets', 'pets:read'],
    ['POST /pets', 'pets:write'],
  ]) {
    await stand.client.send(
      new CreateRouteCommand({
        ApiId,
        RouteKey,
        Target: `integrations/${IntegrationId}`,
        AuthorizationType: 'JWT',
        AuthorizerId,
        AuthorizationScopes: [scope],
      }),
    );
  }
  await stand.client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));

  const token = await tokenFor(audience);
  await show('GET', 'without a token');
  await show('GET', 'with a token', token);
  await show('POST', 'with a token that has not the scope', token);
  await show('GET', 'with a token for somebody else', await tokenFor('https://cats.example.com'));
  await show('GET', 'with a token whose claims were changed', withSubject(token, 'admin'));
  await fetch(`${issuer}/rotate`, { method: 'POST' });
  await show('GET', 'with a token of a new key', await tokenFor(audience));
  await show('GET', 'with the token of the old one', token);

  /** An access token of the client `shop`, with the scope pets:read. */
  async function tokenFor(resource) {
    const reply = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('shop:shop-secret').toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'pets:read', resource }),
    });
    return (await reply.json()).access_token;
  }

  async function show(method, what, bearer) {
    const headers = bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` };
    const reply = await stand.call(ApiId, '/pets', { method, headers });
    stand.say(`${method} /pets ${what}`);
    const challenge = reply.headers['www-authenticate'];
    if (challenge === undefined)
      stand.say(`  ${reply.status}, x-caller: ${JSON.parse(reply.body).headers['x-caller']}`);
    else stand.say(`  ${reply.status} ${challenge}`);
  }
});

function withSubject(text, sub) {
  const [header, claims, signature] = text.split('.');
  const changed = { ...JSON.parse(Buffer.from(claims, 'base64url')), sub };
  return [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
}
