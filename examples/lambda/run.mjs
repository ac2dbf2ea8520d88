// Three Lambda functions behind one API, in JavaScript, TypeScript and Python, and the same functions by the SDK's Lambda client.
// Needs a running Postern with postern.yaml; see README.md beside this file.
import { request } from 'node:http';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

const endpoint = process.env.POSTERN_URL ?? 'http://127.0.0.1:4700';
const settings = {
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
};
const client = new ApiGatewayV2Client(settings);
const lambda = new LambdaClient(settings);

const { ApiId } = await client.send(new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP' }));
for (const [RouteKey, name] of [
  ['GET /pets', 'list-pets'],
  ['POST /pets', 'add-pet'],
  ['GET /tags/{name}', 'name-tag'],
]) {
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
      PayloadFormatVersion: '2.0',
    }),
  );
  await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}` }));
}
await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));

await show('GET', '/pets?kind=cat');
await show('GET', '/pets');
await show('POST', '/pets', '{"name":"Mia","kind":"cat"}');
await show('POST', '/pets', '{"name":"Mia","kind":"tiger"}');
await show('GET', '/tags/Rex');
await show('GET', '/tags/Nobody');

await invoke('name-tag', { pathParameters: { name: 'Mia' } });
await invoke('name-tag', { pathParameters: { name: 'Nobody' } });

async function show(method, path, body) {
  const { status, headers, text } = await call(method, path, body);
  console.log(`${method} ${path}${body === undefined ? '' : ` ${body}`}`);
  const more = ['x-calls', 'location']
    .filter((name) => name in headers)
    .map((name) => `${name}: ${headers[name]}`);
  console.log(`  ${[status, ...more].join(', ')}\n  ${text}`);
}

/** As a test of the function alone would. */
async function invoke(FunctionName, event) {
  const { StatusCode, FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
  );
  const answer = JSON.parse(Buffer.from(Payload).toString());
  console.log(`Invoke ${FunctionName} ${JSON.stringify(event)}`);
  if (FunctionError === undefined) console.log(`  ${StatusCode}\n  ${JSON.stringify(answer)}`);
  else console.log(`  ${StatusCode}, ${FunctionError}\n  ${answer.errorType}: ${answer.errorMessage}`);
}

function call(method, path, body) {
  const { hostname, port } = new URL(endpoint);
  const Host = `${ApiId}.execute-api.localhost`;
  // A body of no text type would reach the function in base64, as on AWS.
  const headers = body === undefined ? { Host } : { Host, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    request({ hostname, port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    })
      .on('error', reject)
      .end(body);
  });
}
