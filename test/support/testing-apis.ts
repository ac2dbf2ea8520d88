// APIs for the tests of `postern/testing`, made by the SDK.
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';

const FUNCTION =
  'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:who/invocations';

export interface HttpApiParts {
  /** Of the backend. */
  readonly port: number;
  /** `GET /open`, and behind the authorizers `GET /jwt` and `GET /lambda`. */
  readonly issuer?: string;
  readonly timeoutInMillis?: number;
  readonly throttle?: { readonly rate: number; readonly burst: number };
  readonly responseParameters?: Readonly<Record<string, Record<string, string>>>;
}

export interface MadeApi {
  readonly apiId: string;
  readonly integrationId: string;
}

/** With a stage `$default`. Without an issuer it has one route, `GET /open`. */
export async function makeHttpApi(client: ApiGatewayV2Client, parts: HttpApiParts): Promise<MadeApi> {
  const { port, issuer, timeoutInMillis, throttle, responseParameters } = parts;
  const { ApiId } = await client.send(new CreateApiCommand({ Name: 'http', ProtocolType: 'HTTP' }));
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri: `http://127.0.0.1:${port}/`,
      PayloadFormatVersion: '1.0',
      TimeoutInMillis: timeoutInMillis,
      RequestParameters: { 'overwrite:header.asked': '$context.authorizer.asked' },
      ...(responseParameters === undefined ? {} : { ResponseParameters: responseParameters }),
    }),
  );
  const route = (RouteKey: string, more: object = {}) =>
    client.send(
      new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}`, ...more }),
    );
  await route('GET /open');
  if (issuer !== undefined) {
    const jwt = await client.send(
      new CreateAuthorizerCommand({
        ApiId,
        Name: 'jwt',
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Issuer: issuer, Audience: ['pets'] },
      }),
    );
    const who = await client.send(
      new CreateAuthorizerCommand({
        ApiId,
        Name: 'who',
        AuthorizerType: 'REQUEST',
        AuthorizerUri: FUNCTION,
        AuthorizerPayloadFormatVersion: '2.0',
        EnableSimpleResponses: true,
        AuthorizerResultTtlInSeconds: 300,
        IdentitySource: ['$request.header.x-key'],
      }),
    );
    await route('GET /jwt', { AuthorizationType: 'JWT', AuthorizerId: jwt.AuthorizerId });
    await route('GET /lambda', { AuthorizationType: 'CUSTOM', AuthorizerId: who.AuthorizerId });
  }
  await client.send(
    new CreateStageCommand({
      ApiId,
      StageName: '$default',
      AutoDeploy: true,
      ...(throttle === undefined
        ? {}
        : {
            DefaultRouteSettings: {
              ThrottlingRateLimit: throttle.rate,
              ThrottlingBurstLimit: throttle.burst,
            },
          }),
    }),
  );
  return { apiId: ApiId!, integrationId: IntegrationId! };
}

/** With a stage `prod`, whose route `$default` answers with what the backend does. */
export async function makeWebSocketApi(client: ApiGatewayV2Client, port: number): Promise<MadeApi> {
  const { ApiId } = await client.send(
    new CreateApiCommand({
      Name: 'sockets',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    }),
  );
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'POST',
      IntegrationUri: `http://127.0.0.1:${port}/`,
    }),
  );
  for (const RouteKey of ['$connect', '$default', '$disconnect']) {
    const { RouteId } = await client.send(
      new CreateRouteCommand({
        ApiId,
        RouteKey,
        Target: `integrations/${IntegrationId}`,
        ...(RouteKey === '$default' ? { RouteResponseSelectionExpression: '$default' } : {}),
      }),
    );
    if (RouteKey !== '$default') continue;
    await client.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
  }
  await client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true }));
  return { apiId: ApiId!, integrationId: IntegrationId! };
}
