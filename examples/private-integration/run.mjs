// A private integration, end to end: a VPC link, an integration with a load balancer's listener, a route, eight calls.
// Needs a running Postern with the postern.yaml beside this file, and orders.mjs; see README.md.
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  CreateVpcLinkCommand,
} from '@aws-sdk/client-apigatewayv2';

const endpoint = process.env.POSTERN_URL ?? 'http://127.0.0.1:4700';
const client = new ApiGatewayV2Client({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});

const { VpcLinkId } = await client.send(
  new CreateVpcLinkCommand({ Name: 'orders', SubnetIds: ['subnet-1'] }),
);
const { ApiId } = await client.send(new CreateApiCommand({ Name: 'shop', ProtocolType: 'HTTP' }));
const integration = JSON.parse(readFileSync(new URL('integration.json', import.meta.url), 'utf8'));
const { IntegrationId } = await client.send(
  new CreateIntegrationCommand({ ApiId, ConnectionId: VpcLinkId, ...integration }),
);
await client.send(
  new CreateRouteCommand({ ApiId, RouteKey: 'GET /orders/{id}', Target: `integrations/${IntegrationId}` }),
);
await client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true }));

const answers = new Map();
for (let id = 0; id < 8; id++) {
  const answer = await call('/prod/orders/7');
  answers.set(answer, (answers.get(answer) ?? 0) + 1);
}
for (const [answer, times] of [...answers].sort()) console.log(`${times} times  ${answer}`);

function call(path) {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers: { Host: `${ApiId}.execute-api.localhost` } }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve(`${response.statusCode}  ${body}`));
    })
      .on('error', reject)
      .end();
  });
}
