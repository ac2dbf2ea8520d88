// Data mapping, end to end: an unmodified AWS SDK client configures an HTTP API, then three calls show what the backend saw
// and what the caller got. Needs a running Postern and examples/echo-backend.mjs; see README.md beside this file.
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';

const endpoint = process.env.POSTERN_URL ?? 'http://127.0.0.1:4700';
const backend = process.env.BACKEND ?? '127.0.0.1:4800';
const client = new ApiGatewayV2Client({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});

const { ApiId } = await client.send(new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP' }));
const integration = JSON.parse(readFileSync(new URL('integration.json', import.meta.url), 'utf8'));
const { IntegrationId } = await client.send(new CreateIntegrationCommand({ ApiId, ...integration }));
await client.send(
  new CreateRouteCommand({ ApiId, RouteKey: 'GET /pets/{petId}', Target: `integrations/${IntegrationId}` }),
);
await client.send(
  new CreateStageCommand({
    ApiId,
    StageName: 'prod',
    AutoDeploy: true,
    StageVariables: { backend, environment: 'blue' },
  }),
);

for (const petId of ['42', 'broken', 'missing']) {
  const reply = await call(`/prod/pets/${petId}`, { 'X-Version': '7' });
  const seen = JSON.parse(reply.body);
  console.log(`GET /prod/pets/${petId}`);
  console.log(`  backend saw   ${seen.method} ${seen.url}`);
  console.log(
    `                x-client-version: ${seen.headers['x-client-version']}, x-version: ${seen.headers['x-version'] ?? '(gone)'}`,
  );
  console.log(
    `                x-request-id is ${seen.headers['x-request-id'] === reply.headers['apigw-requestid'] ? 'the' : 'NOT the'} caller's Apigw-Requestid`,
  );
  console.log(`  caller got    ${reply.status}`);
  if (reply.headers['x-environment'] !== undefined)
    console.log(`                x-environment: ${reply.headers['x-environment']}`);
  if (reply.headers['x-request-id'] !== undefined) console.log('                x-request-id added');
}

function call(path, headers) {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    request(
      { hostname, port, path, headers: { ...headers, Host: `${ApiId}.execute-api.localhost` } },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      },
    )
      .on('error', reject)
      .end();
  });
}
