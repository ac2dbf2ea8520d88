// What management tests start from.
import type { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';

/** An output of the SDK without its metadata, as plain data: timestamps as ISO strings. */
export function plain(output: object): Record<string, unknown> {
  const { $metadata, ...members } = JSON.parse(JSON.stringify(output));
  return members;
}

export async function httpApi(sdk: ApiGatewayV2): Promise<{ ApiId: string }> {
  const { ApiId } = await sdk.createApi({ Name: 'http', ProtocolType: 'HTTP' });
  return { ApiId: ApiId! };
}

export async function webSocketApi(sdk: ApiGatewayV2): Promise<{ ApiId: string }> {
  const { ApiId } = await sdk.createApi({
    Name: 'ws',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  });
  return { ApiId: ApiId! };
}

export interface Seeded {
  readonly ApiId: string;
  readonly IntegrationId: string;
  /** Of `GET /pets/{petId}`, which targets the integration. */
  readonly RouteId: string;
}

/** An HTTP API with one integration and one route. */
export async function deployableApi(sdk: ApiGatewayV2): Promise<Seeded> {
  const { ApiId } = await httpApi(sdk);
  const { IntegrationId } = await sdk.createIntegration({
    ApiId,
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'ANY',
    IntegrationUri: 'http://backend.example/{petId}',
    PayloadFormatVersion: '1.0',
  });
  const { RouteId } = await sdk.createRoute({
    ApiId,
    RouteKey: 'GET /pets/{petId}',
    Target: `integrations/${IntegrationId}`,
  });
  return { ApiId, IntegrationId: IntegrationId!, RouteId: RouteId! };
}
