// A private integration, end to end: a VPC link, an integration with a load balancer's listener, a route, eight calls.
import { readFileSync } from 'node:fs';
import {
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  CreateVpcLinkCommand,
} from '@aws-sdk/client-apigatewayv2';
import { example } from '../stand.mjs';

await example(import.meta.url, async (stand) => {
  const nameServer = await stand.start('orders.mjs');
  await stand.startPostern({
    config: 'postern.yaml',
    change: (text) => text.replace('127.0.0.1:4853', nameServer),
  });
  const { VpcLinkId } = await stand.client.send(
    new CreateVpcLinkCommand({ Name: 'orders', SubnetIds: ['subnet-1'] }),
  );
  const { ApiId } = await stand.client.send(new CreateApiCommand({ Name: 'shop', ProtocolType: 'HTTP' }));
  const integration = JSON.parse(readFileSync(new URL('integration.json', import.meta.url), 'utf8'));
  const { IntegrationId } = await stand.client.send(
    new CreateIntegrationCommand({ ApiId, ConnectionId: VpcLinkId, ...integration }),
  );
  await stand.client.send(
    new CreateRouteCommand({ ApiId, RouteKey: 'GET /orders/{id}', Target: `integrations/${IntegrationId}` }),
  );
  await stand.client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true }));

  const answers = new Map();
  for (let id = 0; id < 8; id++) {
    const { status, body } = await stand.call(ApiId, '/prod/orders/7');
    const answer = `${status}  ${body}`;
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  for (const [answer, times] of [...answers].sort()) stand.say(`${times} times  ${answer}`);
});
