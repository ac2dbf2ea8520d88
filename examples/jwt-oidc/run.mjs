// A JWT authorizer, end to end: an API whose routes ask for tokens of an OpenID provider, and calls with and without them.
// Needs a running Postern, issuer.mjs and examples/echo-backend.mjs; see README.md beside this file.
import { request } from 'node:http';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';

const endpoint = process.env.POSTERN_URL ?? 'http://127.0.0.1:4700';
const backend = process.env.BACKEND ?? '127.0.0.1:4800';
const issuer = process.env.ISSUER ?? 'http://127.0.0.1:9000';
const audience = 'https://pets.example.com';
const client = new ApiGatewayV2Client({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});

const { ApiId } = await client.send(new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP' }));
const { AuthorizerId } = await client.send(
  new CreateAuthorizerCommand({
    ApiId,
    Name: 'login',
    AuthorizerType: 'JWT',
    IdentitySource: ['$request.header.Authorization'],
    JwtConfiguration: { Issuer: 'https://login.example.com', Audience: [audience] },
  }),
);
const { IntegrationId } = await client.send(
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
  await client.send(
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
await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));

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

function withSubject(text, sub) {
  const [header, claims, signature] = text.split('.');
  const changed = { ...JSON.parse(Buffer.from(claims, 'base64url')), sub };
  return [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
}

async function show(method, what, bearer) {
  const reply = await call(method, bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` });
  console.log(`${method} /pets ${what}`);
  const challenge = reply.headers['www-authenticate'];
  if (challenge === undefined)
    console.log(`  ${reply.status}, x-caller: ${JSON.parse(reply.body).headers['x-caller']}`);
  else console.log(`  ${reply.status} ${challenge}`);
}

function call(method, headers) {
  const { hostname, port } = new URL(endpoint);
  const Host = `${ApiId}.execute-api.localhost`;
  return new Promise((resolve, reject) => {
    request({ hostname, port, method, path: '/pets', headers: { ...headers, Host } }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}
