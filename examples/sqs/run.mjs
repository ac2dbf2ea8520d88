// Orders go to an SQS queue without code between: an unmodified AWS SDK client configures the API, then its callers send,
// receive and delete messages. Needs a running Postern with AWS_ENDPOINT_URL_SQS set and queue.mjs; see README.md.
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
const queueUrl = process.env.QUEUE_URL ?? 'https://sqs.us-east-1.amazonaws.com/000000000000/orders';
const client = new ApiGatewayV2Client({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});

const { ApiId } = await client.send(new CreateApiCommand({ Name: 'orders', ProtocolType: 'HTTP' }));
const integrations = JSON.parse(readFileSync(new URL('integrations.json', import.meta.url), 'utf8'));
for (const [RouteKey, integration] of Object.entries(integrations)) {
  const { IntegrationId } = await client.send(new CreateIntegrationCommand({ ApiId, ...integration }));
  await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}` }));
}
await client.send(
  new CreateStageCommand({
    ApiId,
    StageName: '$default',
    AutoDeploy: true,
    StageVariables: { queueUrl },
  }),
);

const sent = await call('POST', '/orders', { 'X-Customer': 'ada' }, '{"order":{"pet":"cat","count":2}}');
console.log(`POST /orders            ${sent.status} ${sent.headers['content-type']}`);
console.log(
  `  x-queue-request is ${sent.headers['x-queue-request'] === sent.headers['x-amzn-requestid'] ? 'the' : 'NOT the'} queue's own request id`,
);
const empty = await call('POST', '/orders', {}, '{}');
console.log(`POST /orders, no order  ${empty.status} ${empty.body}`);
const received = await call('GET', '/orders');
const receipt = textIn('ReceiptHandle', received.body);
console.log(`GET /orders             ${received.status} ${textIn('Body', received.body)}`);
for (const [, name, text] of received.body.matchAll(
  /<Name>(.*?)<\/Name>\s*<Value>.*?<StringValue>(.*?)<\/StringValue>/gs,
)) {
  console.log(`  ${name} = ${text}`);
}
const deleted = await call('DELETE', `/orders/${encodeURIComponent(receipt)}`);
console.log(`DELETE /orders/…        ${deleted.status}`);
console.log(
  `GET /orders             ${(await call('GET', '/orders')).body.includes('<Message>') ? 'still there' : 'empty'}`,
);

function textIn(name, xml) {
  const text = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml)?.[1] ?? '';
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function call(method, path, headers = {}, data = '') {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    request(
      { hostname, port, method, path, headers: { ...headers, Host: `${ApiId}.execute-api.localhost` } },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      },
    )
      .on('error', reject)
      .end(data);
  });
}
