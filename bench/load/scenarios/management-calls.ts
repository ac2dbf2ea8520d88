// The calls of the management scenario: the same for every server.
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  GetRoutesCommand,
  UpdateIntegrationCommand,
} from '@aws-sdk/client-apigatewayv2';

/** APIs the calls are spread over, and calls of each operation. */
export const APIS = 8;
export const CALLS = 800;

export interface Ids {
  readonly ApiId: string;
  readonly IntegrationId: string;
}

/** Each makes call number `n` of its operation on one API. */
export const OPERATIONS = {
  async CreateRoute(client: ApiGatewayV2Client, { ApiId, IntegrationId }: Ids, n: number): Promise<void> {
    const Target = `integrations/${IntegrationId}`;
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: `GET /items${n}/{itemId}`, Target }));
  },
  async GetRoutes(client: ApiGatewayV2Client, { ApiId }: Ids): Promise<void> {
    const { Items } = await client.send(new GetRoutesCommand({ ApiId }));
    if (Items?.length !== CALLS / APIS) throw new Error(`GetRoutes gave ${Items?.length} routes`);
  },
  async UpdateIntegration(
    client: ApiGatewayV2Client,
    { ApiId, IntegrationId }: Ids,
    n: number,
  ): Promise<void> {
    const RequestParameters = { 'overwrite:header.x-stage': `stage${n}`, 'append:querystring.src': 'gw' };
    await client.send(new UpdateIntegrationCommand({ ApiId, IntegrationId, RequestParameters }));
  },
};

export type OperationName = keyof typeof OPERATIONS;

/** In the order in which they are measured. */
export const NAMES: readonly OperationName[] = ['CreateRoute', 'GetRoutes', 'UpdateIntegration'];

export async function createApis(client: ApiGatewayV2Client): Promise<readonly Ids[]> {
  const ids: Ids[] = [];
  for (let n = 0; n < APIS; n++) {
    const { ApiId } = await client.send(new CreateApiCommand({ Name: `api ${n}`, ProtocolType: 'HTTP' }));
    const { IntegrationId } = await client.send(
      new CreateIntegrationCommand({
        ApiId: ApiId!,
        IntegrationType: 'HTTP_PROXY',
        IntegrationMethod: 'ANY',
        IntegrationUri: 'http://127.0.0.1:9/',
        PayloadFormatVersion: '1.0',
        RequestParameters: { 'overwrite:header.x-stage': 'prod' },
      }),
    );
    ids.push({ ApiId: ApiId!, IntegrationId: IntegrationId! });
  }
  return ids;
}
