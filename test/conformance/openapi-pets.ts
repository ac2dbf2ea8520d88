// The API of the rows about exports, made by single operations.
import type { CreateApiCommandInput, CreateRouteCommandInput } from '@aws-sdk/client-apigatewayv2';
import { L, type Members, made } from './openapi-language.ts';
import type { OpenApiStand } from './openapi-stand.ts';

export type Route = Partial<Omit<CreateRouteCommandInput, 'ApiId' | 'Target'>> & {
  readonly RouteKey: string;
  /** Index of an integration. */
  readonly to?: number;
};
export interface Pets {
  readonly api?: Partial<CreateApiCommandInput>;
  /** As documents spell them; `L` where there are none. */
  readonly integrations?: readonly Members[];
  /** `GET /pets` to the first where there are none. */
  readonly routes?: readonly Route[];
}

/** Makes the API by single operations. */
export async function pets(
  stand: OpenApiStand,
  { api, integrations = [L], routes }: Pets = {},
): Promise<string> {
  const { client } = stand;
  const created = await client.createApi({ Name: 'Pets', ProtocolType: 'HTTP', ...api });
  const ApiId = created.ApiId!;
  const targets: string[] = [];
  for (const integration of integrations) {
    const input = { ApiId, IntegrationType: 'AWS_PROXY' as const, ...made(integration) };
    targets.push(`integrations/${(await client.createIntegration(input)).IntegrationId}`);
  }
  for (const { to, ...route } of routes ?? [{ RouteKey: 'GET /pets', to: 0 }]) {
    await client.createRoute({ ApiId, ...route, ...(to === undefined ? {} : { Target: targets[to] }) });
  }
  return ApiId;
}

export async function deployed(stand: OpenApiStand, ApiId: string, StageName: string): Promise<void> {
  const { DeploymentId } = await stand.client.createDeployment({ ApiId });
  await stand.client.createStage({ ApiId, StageName, DeploymentId });
}
