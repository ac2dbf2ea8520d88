// A Lambda authorizer, end to end: an API whose routes ask a function who is calling, and calls by several.
// Needs a running Postern with postern.yaml and examples/echo-backend.mjs; see README.md beside this file.
import { request } from 'node:http';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  ResetAuthorizersCacheCommand,
} from '@aws-sdk/client-apigatewayv2';

const endpoint = process.env.POSTERN_URL ?? 'http://127.0.0.1:4700';
const backend = process.env.BACKEND ?? '127.0.0.1:4800';
const client = new ApiGatewayV2Client({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});

const { ApiId } = await client.send(new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP' }));
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:who';
const { AuthorizerId } = await client.send(
  new CreateAuthorizerCommand({
    ApiId,
    Name: 'who',
    AuthorizerType: 'REQUEST',
    AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
    AuthorizerPayloadFormatVersion: '2.0',
    IdentitySource: ['$request.header.x-api-key'],
    AuthorizerResultTtlInSeconds: 300,
  }),
);
const { IntegrationId } = await client.send(
  new CreateIntegrationCommand({
    ApiId,
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'ANY',
    IntegrationUri: `http://${backend}`,
    PayloadFormatVersion: '1.0',
    RequestParameters: {
      'overwrite:header.x-tenant': '$context.authorizer.tenant',
      'overwrite:header.x-asked': '$context.authorizer.asked',
    },
  }),
);
for (const RouteKey of ['GET /pets/{petId}', 'POST /pets']) {
  await client.send(
    new CreateRouteCommand({
      ApiId,
      RouteKey,
      Target: `integrations/${IntegrationId}`,
      AuthorizationType: 'CUSTOM',
      AuthorizerId,
    }),
  );
}
await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));

await show('GET', '/pets/1');
await show('GET', '/pets/1', 'key-of-nobody');
await show('GET', '/pets/1', 'key-of-ben');
await show('GET', '/pets/2', 'key-of-ben');
await show('POST', '/pets', 'key-of-ben');
await show('POST', '/pets', 'key-of-anna');
await client.send(new ResetAuthorizersCacheCommand({ ApiId, StageName: '$default' }));
await show('GET', '/pets/1', 'key-of-ben');

async function show(method, path, key) {
  const { status, body } = await call(method, path, key === undefined ? {} : { 'x-api-key': key });
  console.log(`${method} ${path} ${key ?? 'without a key'}`);
  const headers = status === 200 ? JSON.parse(body).headers : undefined;
  if (headers === undefined) console.log(`  ${status} ${body}`);
  else console.log(`  200, x-tenant: ${headers['x-tenant']}, x-asked: ${headers['x-asked']}`);
}

function call(method, path, headers) {
  const { hostname, port } = new URL(endpoint);
  const Host = `${ApiId}.execute-api.localhost`;
  return new Promise((resolve, reject) => {
    request({ hostname, port, method, path, headers: { ...headers, Host } }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    })
      .on('error', reject)
      .end();
  });
}
