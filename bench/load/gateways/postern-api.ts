// APIs for Postern, made with the AWS SDK as any user makes them.
import { Agent } from 'node:http';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { accessLogFormat } from '../access-log.ts';

export interface RouteSpec {
  readonly routeKey: string;
  readonly uri: string;
  readonly request?: Record<string, string>;
  readonly response?: Record<string, Record<string, string>>;
}

/** A client for a management API on a loopback port, with keep-alive connections. */
export function managementClient(port: number): ApiGatewayV2Client {
  return new ApiGatewayV2Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    maxAttempts: 1,
    requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: 64 }), requestTimeout: 30_000 },
  });
}

/** The six changes of bench/METHOD.md. */
export const PETS_MAPPING = {
  request: {
    'append:header.x-request-id': '$context.requestId',
    'overwrite:header.x-stage': 'prod',
    'remove:header.x-secret': "''",
    'append:querystring.src': 'gw',
    'overwrite:path': '/v2/animals/$request.path.petId',
  },
  response: {
    200: { 'overwrite:statuscode': '201', 'append:header.x-powered-by': 'gw', 'remove:header.server': "''" },
  },
};

/** The routes of the mapped request: GET and POST. */
export function mappedRoutes(backendPort: number): readonly RouteSpec[] {
  const uri = `http://127.0.0.1:${backendPort}/`;
  return ['GET', 'POST'].map((method) => ({ routeKey: `${method} /pets/{petId}`, uri, ...PETS_MAPPING }));
}

/** Makes an API whose routes with equal uri and mapping share an integration, and deploys it to an auto-deploying
 *  $default stage. Routes come before the stage: one deployment, not one a route. Returns its ApiId. */
export async function createApi(
  client: ApiGatewayV2Client,
  api: {
    readonly name: string;
    readonly routes: readonly RouteSpec[];
    readonly stageVariables?: Record<string, string>;
  },
): Promise<string> {
  const { ApiId } = await client.send(new CreateApiCommand({ Name: api.name, ProtocolType: 'HTTP' }));
  const integrations = new Map<string, Promise<string>>();
  const integrationOf = (route: RouteSpec): Promise<string> => {
    const kind = JSON.stringify([route.uri, route.request, route.response]);
    let made = integrations.get(kind);
    if (made === undefined) {
      made = createIntegration(client, ApiId!, route);
      integrations.set(kind, made);
    }
    return made;
  };
  await eachConcurrently(api.routes, 16, async (route) => {
    const Target = `integrations/${await integrationOf(route)}`;
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: route.routeKey, Target }));
  });
  await client.send(
    new CreateStageCommand({
      ApiId,
      StageName: '$default',
      AutoDeploy: true,
      ...(api.stageVariables === undefined ? {} : { StageVariables: api.stageVariables }),
    }),
  );
  return ApiId!;
}

/** Turns the access log of an API's `$default` stage on. Returns its file in the data directory. */
export async function logAccess(client: ApiGatewayV2Client, ApiId: string): Promise<string> {
  const DestinationArn = 'arn:aws:logs:us-east-1:000000000000:log-group:bench';
  const AccessLogSettings = { DestinationArn, Format: accessLogFormat('postern') };
  await client.send(new UpdateStageCommand({ ApiId, StageName: '$default', AccessLogSettings }));
  return 'access-logs/000000000000/us-east-1/bench.log';
}

async function createIntegration(
  client: ApiGatewayV2Client,
  ApiId: string,
  route: RouteSpec,
): Promise<string> {
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri: route.uri,
      PayloadFormatVersion: '1.0',
      ...(route.request === undefined ? {} : { RequestParameters: route.request }),
      ...(route.response === undefined ? {} : { ResponseParameters: route.response }),
    }),
  );
  return IntegrationId!;
}

/** Runs `act` on every item, at most `limit` at once. */
export async function eachConcurrently<T>(
  items: Iterable<T>,
  limit: number,
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); next.done !== true; next = rest.next()) await act(next.value);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}
