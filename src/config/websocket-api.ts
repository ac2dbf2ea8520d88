// A frozen WebSocket API, parsed: stored documents → what the compiler works with (spec/websocket-api.md §2, §3, §4).
// Everything here was refused at write time if it was malformed.
import { parseRouteTarget } from '../grammar/route-target.ts';
import type { FrozenApi } from './frozen.ts';

type Document = FrozenApi['Api'];
type Texts = ReadonlyMap<string, string>;

export interface SocketApiConfig {
  readonly routeSelectionExpression: string;
  /** `$request.header.x-api-key` or `$context.authorizer.usageIdentifierKey`. */
  readonly apiKeySelectionExpression: string;
  readonly executeApiDisabled: boolean;
  readonly routes: readonly SocketRouteConfig[];
  readonly integrations: ReadonlyMap<string, SocketIntegrationConfig>;
  readonly authorizers: ReadonlyMap<string, SocketAuthorizerConfig>;
  /** Schemas by name. */
  readonly models: Texts;
}

export interface SocketRouteConfig {
  readonly key: string;
  readonly routeId: string;
  readonly authorizationType: string;
  readonly authorizerId: string | undefined;
  readonly apiKeyRequired: boolean;
  /** `route.request.querystring.token` of those that must be there. */
  readonly requiredParameters: readonly string[];
  readonly modelSelectionExpression: string | undefined;
  /** Model names by key. */
  readonly requestModels: Texts;
  /** It has a route response (§4.1.1). */
  readonly isTwoWay: boolean;
  readonly integrationId: string | undefined;
}

export type Passthrough = 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
export type ContentHandling = 'CONVERT_TO_BINARY' | 'CONVERT_TO_TEXT' | undefined;

export interface SocketIntegrationConfig {
  readonly type: 'AWS' | 'AWS_PROXY' | 'HTTP' | 'HTTP_PROXY' | 'MOCK';
  /** With stage variables still in it, as the next two. */
  readonly uri: string;
  readonly credentialsArn: string | undefined;
  /** Of a VPC link. */
  readonly connectionId: string | undefined;
  readonly method: string;
  readonly timeoutInMillis: number;
  /** Sources by destination: `integration.request.header.x` → `route.request.body.a`. */
  readonly requestParameters: Texts;
  readonly requestTemplates: Texts;
  readonly templateSelectionExpression: string | undefined;
  readonly passthrough: Passthrough;
  readonly contentHandling: ContentHandling;
  /** In creation order. */
  readonly responses: readonly IntegrationResponseConfig[];
}

export interface IntegrationResponseConfig {
  /** `$default`, or a pattern between slashes. */
  readonly key: string;
  readonly templates: Texts;
  readonly templateSelectionExpression: string | undefined;
  /** Sources by destination: `method.response.header.x` → `integration.response.header.y`. */
  readonly parameters: Texts;
  readonly contentHandling: ContentHandling;
}

export interface SocketAuthorizerConfig {
  readonly authorizerId: string;
  readonly name: string;
  /** With stage variables still in it, as the next. */
  readonly uri: string;
  readonly credentialsArn: string | undefined;
  /** `route.request.header.Auth`. */
  readonly identitySources: readonly string[];
}

export function parseSocketApi(frozen: FrozenApi): SocketApiConfig {
  const { Api: api, Integrations: integrations, IntegrationResponses: responses = [] } = frozen;
  const answered = new Set((frozen.RouteResponses ?? []).map((response) => String(response.RouteId)));
  return {
    routeSelectionExpression: String(api.RouteSelectionExpression),
    apiKeySelectionExpression: text(api.ApiKeySelectionExpression) ?? '$request.header.x-api-key',
    executeApiDisabled: api.DisableExecuteApiEndpoint === true,
    routes: frozen.Routes.map((route) => parseRoute(route, answered)),
    integrations: new Map(
      integrations.map((integration) => {
        const id = String(integration.IntegrationId);
        const own = responses.filter((response) => response.IntegrationId === id);
        return [id, parseIntegration(integration, own)];
      }),
    ),
    authorizers: new Map(
      (frozen.Authorizers ?? []).map((authorizer) => [
        String(authorizer.AuthorizerId),
        parseAuthorizer(authorizer),
      ]),
    ),
    models: new Map((frozen.Models ?? []).map((model) => [String(model.Name), String(model.Schema)])),
  };
}

function parseRoute(route: Document, answered: ReadonlySet<string>): SocketRouteConfig {
  const parameters = Object.entries(
    (route.RequestParameters ?? {}) as Record<string, { Required?: boolean }>,
  );
  const target = text(route.Target);
  return {
    key: String(route.RouteKey),
    routeId: String(route.RouteId),
    authorizationType: text(route.AuthorizationType) ?? 'NONE',
    authorizerId: text(route.AuthorizerId),
    apiKeyRequired: route.ApiKeyRequired === true,
    requiredParameters: parameters.filter(([, { Required }]) => Required === true).map(([name]) => name),
    modelSelectionExpression: text(route.ModelSelectionExpression),
    requestModels: texts(route.RequestModels),
    isTwoWay: answered.has(String(route.RouteId)),
    integrationId: target && parseRouteTarget(target),
  };
}

function parseIntegration(integration: Document, responses: readonly Document[]): SocketIntegrationConfig {
  return {
    type: integration.IntegrationType as SocketIntegrationConfig['type'],
    uri: text(integration.IntegrationUri) ?? '',
    credentialsArn: text(integration.CredentialsArn),
    connectionId: integration.ConnectionType === 'VPC_LINK' ? text(integration.ConnectionId) : undefined,
    method: text(integration.IntegrationMethod) ?? 'POST',
    timeoutInMillis: Number(integration.TimeoutInMillis ?? 29_000),
    requestParameters: texts(integration.RequestParameters),
    requestTemplates: texts(integration.RequestTemplates),
    templateSelectionExpression: text(integration.TemplateSelectionExpression),
    passthrough: (integration.PassthroughBehavior ?? 'WHEN_NO_MATCH') as Passthrough,
    contentHandling: text(integration.ContentHandlingStrategy) as ContentHandling,
    responses: responses.map((response) => ({
      key: String(response.IntegrationResponseKey),
      templates: texts(response.ResponseTemplates),
      templateSelectionExpression: text(response.TemplateSelectionExpression),
      parameters: texts(response.ResponseParameters),
      contentHandling: text(response.ContentHandlingStrategy) as ContentHandling,
    })),
  };
}

function parseAuthorizer(authorizer: Document): SocketAuthorizerConfig {
  return {
    authorizerId: String(authorizer.AuthorizerId),
    name: String(authorizer.Name),
    uri: String(authorizer.AuthorizerUri),
    credentialsArn: text(authorizer.AuthorizerCredentialsArn),
    identitySources: (authorizer.IdentitySource ?? []) as readonly string[],
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): Texts {
  return new Map(Object.entries((value ?? {}) as Record<string, string>));
}
