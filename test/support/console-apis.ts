// APIs that the console is looked at with: the pets of the README, and a chat.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateIntegrationResponseCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface PetsBackend {
  /** `127.0.0.1:4800`. */
  readonly address: string;
  readonly seen: SeenRequest[];
}

/** Answers with what it was asked for, below `/animals/`; with a 500 for a path that ends in `broken`, with bytes for one that ends in
 *  `picture`. */
export async function startPetsBackend(t: TestContext): Promise<PetsBackend> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, reply) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const body = Buffer.concat(chunks).toString('utf8');
    seen.push({ method, url, headers, body });
    const isPicture = url.endsWith('picture');
    reply.statusCode = url.endsWith('broken') ? 500 : url.startsWith('/animals/') ? 200 : 404;
    reply.setHeader('Content-Type', isPicture ? 'image/png' : 'application/json');
    reply.end(
      isPicture ? Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255]) : JSON.stringify({ method, url, body }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** The pets of the README, behind a backend; the id of the API. Beside the mapped route there is one to nobody (`GET /nobody`),
 *  and one whose mapping has a mistake (`GET /typo/{petId}`). */
export async function makePets(client: ApiGatewayV2Client, backend: string, name = 'pets'): Promise<string> {
  const { ApiId } = await client.send(new CreateApiCommand({ Name: name, ProtocolType: 'HTTP' }));
  const mapped = JSON.parse(readFileSync('examples/mapping/integration.json', 'utf8'));
  const route = async (RouteKey: string, integration: object): Promise<void> => {
    const { IntegrationId } = await client.send(
      new CreateIntegrationCommand({ ...mapped, ResponseParameters: undefined, ...integration, ApiId }),
    );
    await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}` }));
  };
  await route('ANY /pets/{petId}', mapped);
  await route('GET /nobody', { IntegrationUri: 'http://127.0.0.1:9/', RequestParameters: undefined });
  await route('GET /typo/{petId}', {
    RequestParameters: { 'overwrite:path': '/animal/${request.path.petId}' },
  });
  await client.send(
    new CreateStageCommand({
      ApiId,
      StageName: 'prod',
      AutoDeploy: true,
      StageVariables: { backend, environment: 'blue' },
    }),
  );
  return ApiId!;
}

/** A WebSocket API whose route `say` answers what was said, in capitals of a template; the id of the API. */
export async function makeChat(client: ApiGatewayV2Client): Promise<string> {
  const { ApiId } = await client.send(
    new CreateApiCommand({
      Name: 'chat',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    }),
  );
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'MOCK',
      TemplateSelectionExpression: '200',
      RequestTemplates: { 200: '{"statusCode": 200}' },
    }),
  );
  await client.send(
    new CreateIntegrationResponseCommand({
      ApiId,
      IntegrationId,
      IntegrationResponseKey: '$default',
      TemplateSelectionExpression: '\\$default',
      ResponseTemplates: { $default: '{"heard": true}' },
    }),
  );
  const Target = `integrations/${IntegrationId}`;
  for (const RouteKey of ['$connect', '$disconnect'])
    await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target }));
  const { RouteId } = await client.send(
    new CreateRouteCommand({ ApiId, RouteKey: 'say', Target, RouteResponseSelectionExpression: '$default' }),
  );
  await client.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
  await client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true }));
  return ApiId!;
}
