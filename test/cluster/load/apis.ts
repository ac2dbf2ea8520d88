// The APIs that the load of a cluster calls, made through the AWS SDK.
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateIntegrationResponseCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';

export interface LoadedApis {
  /** An HTTP API with a route and an integration for each writer. */
  readonly http: { readonly apiId: string; readonly integrations: Readonly<Record<string, string>> };
  /** An HTTP API that is not deployed, in which things are made. */
  readonly made: string;
  /** A WebSocket API whose backend hears of every connect and disconnect, and which answers with the connection's id. */
  readonly sockets: string;
  /** A WebSocket API whose connects want a key. */
  readonly keyed: string;
}

export const STAGE = 'prod';
export const hostOf = (apiId: string): string => `${apiId}.execute-api.localhost`;

/** A local function that waits as long as it is told to. */
export const HELLO_FUNCTION = `export const handler = async ({ queryStringParameters }) => {
  await new Promise((resolve) => setTimeout(resolve, Number(queryStringParameters?.millis ?? 0)));
  return { statusCode: 200, body: 'hello' };
};
`;

/** What all calls of `/limited` have together. */
export interface LoadedBucket {
  readonly rate: number;
  readonly burst: number;
}

/** The mappings that show a change: each of its three parts has the same number. */
export function mappingsOf(value: number) {
  return {
    RequestParameters: { 'overwrite:header.x-one': String(value), 'overwrite:header.x-two': String(value) },
    ResponseParameters: { '200': { 'overwrite:header.x-three': String(value) } },
  };
}

export async function makeApis(
  client: ApiGatewayV2Client,
  backend: string,
  writers: readonly string[],
  bucket: LoadedBucket,
): Promise<LoadedApis> {
  return {
    http: await makeHttpApi(client, backend, writers, bucket),
    made: (await client.send(new CreateApiCommand({ Name: 'made', ProtocolType: 'HTTP' }))).ApiId!,
    sockets: await makeSocketApi(client, backend, { tells: true }),
    keyed: await makeSocketApi(client, backend, { tells: false }),
  };
}

async function makeHttpApi(
  client: ApiGatewayV2Client,
  backend: string,
  writers: readonly string[],
  { rate, burst }: LoadedBucket,
): Promise<LoadedApis['http']> {
  const { ApiId } = await client.send(new CreateApiCommand({ Name: 'loaded', ProtocolType: 'HTTP' }));
  const integrations: Record<string, string> = {};
  const makeRoute = async (path: string, value: number): Promise<string> => {
    const { IntegrationId } = await client.send(
      new CreateIntegrationCommand({
        ...{ ApiId, IntegrationType: 'HTTP_PROXY', IntegrationMethod: 'GET', PayloadFormatVersion: '1.0' },
        ...{ IntegrationUri: `${backend}/echo`, ...mappingsOf(value) },
      }),
    );
    const Target = `integrations/${IntegrationId}`;
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: `GET /${path}`, Target }));
    return IntegrationId!;
  };
  for (const writer of writers) integrations[writer] = await makeRoute(writer, 0);
  await makeRoute('limited', 0);
  const hello = await client.send(
    new CreateIntegrationCommand({
      ...{ ApiId, IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' },
      IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:hello',
    }),
  );
  const Target = `integrations/${hello.IntegrationId}`;
  await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /hello', Target }));
  await client.send(
    new CreateStageCommand({
      ...{ ApiId, StageName: '$default', AutoDeploy: true },
      RouteSettings: { 'GET /limited': { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } },
    }),
  );
  return { apiId: ApiId!, integrations };
}

const TELL = '{"id":"$context.connectionId","requestId":"$context.requestId"}';
/** By way of an override, as responses of MOCK see no message. */
const WHO =
  '#set($context.responseOverride.header.said = "$context.connectionId $input.path(\'$.n\')"){"statusCode": 200}';

async function makeSocketApi(
  client: ApiGatewayV2Client,
  backend: string,
  { tells }: { readonly tells: boolean },
): Promise<string> {
  const { ApiId } = await client.send(
    new CreateApiCommand({
      ...{ Name: 'sockets', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
      ApiKeySelectionExpression: '$request.header.x-api-key',
    }),
  );
  const template = { TemplateSelectionExpression: 'all' };
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ...{ ApiId, IntegrationType: 'MOCK', ...template, RequestTemplates: { all: WHO } },
    }),
  );
  await client.send(
    new CreateIntegrationResponseCommand({
      ...{ ApiId, IntegrationId, IntegrationResponseKey: '$default', ...template },
      ResponseTemplates: { all: '$context.responseOverride.header.said' },
    }),
  );
  const { RouteId } = await client.send(
    new CreateRouteCommand({
      ...{ ApiId, RouteKey: '$default', RouteResponseSelectionExpression: '$default' },
      Target: `integrations/${IntegrationId}`,
    }),
  );
  await client.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
  if (tells) {
    for (const what of ['connect', 'disconnect']) {
      const made = await client.send(
        new CreateIntegrationCommand({
          ...{ ApiId, IntegrationType: 'HTTP', IntegrationMethod: 'POST' },
          ...{ IntegrationUri: `${backend}/${what}`, ...template, RequestTemplates: { all: TELL } },
        }),
      );
      const Target = `integrations/${made.IntegrationId}`;
      await client.send(new CreateRouteCommand({ ApiId, RouteKey: `$${what}`, Target }));
    }
  } else {
    const made = await client.send(
      new CreateIntegrationCommand({
        ...{ ApiId, IntegrationType: 'MOCK', ...template, RequestTemplates: { all: '{"statusCode": 200}' } },
      }),
    );
    const Target = `integrations/${made.IntegrationId}`;
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: '$connect', ApiKeyRequired: true, Target }));
  }
  await client.send(new CreateStageCommand({ ApiId, StageName: STAGE, AutoDeploy: true }));
  return ApiId!;
}
