// What CreateRoute and UpdateRoute refuse, driven by the unmodified AWS SDK (spec/management-api.md §2.2, Appendix A).
import { deployableApi, webSocketApi } from '../../support/management-seeds.ts';
import { testRefusals } from '../../support/refusal-rows.ts';

const BAD_KEY =
  'The provided route key is not formatted properly for HTTP protocol. Format should be "[HTTP METHOD] /[RESOURCE PATH]" or "$default"';
const BAD_TARGET =
  'Unexpected or malformed target in route. Correct format should be integrations/<integration_id>.';
const NO_JWT =
  'Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer.';
const NO_CUSTOM =
  'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.';
const SCOPES =
  'Invalid Route authorization type specified. Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization types';
const CONNECT_ONLY = 'Currently, authorization is restricted to the $connect route only';
const RESERVED =
  'The provided route key is not formatted properly for WEBSOCKET protocol. Keys that begin with "$" are reserved for $connect, $disconnect and $default';

testRefusals('routes of HTTP APIs', deployableApi, [
  ...['TRACE /a', 'get /a', 'GET a', 'GET  /a', 'GET /a/', 'GET /{a+}/b', 'GET /{a}/{a}', '$connect', ''].map(
    (RouteKey) =>
      ({
        source: 'App. A',
        name: `key "${RouteKey}"`,
        call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey }),
        text: BAD_KEY,
      }) satisfies Parameters<typeof testRefusals<Awaited<ReturnType<typeof deployableApi>>>>[2][number],
  ),
  {
    source: '§1.5',
    name: 'no key',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: undefined }),
    text: 'RouteKey is a required field',
  },
  {
    source: 'App. A',
    name: 'key on update',
    call: (sdk, { ApiId, RouteId }) => sdk.updateRoute({ ApiId, RouteId, RouteKey: 'x' }),
    text: BAD_KEY,
  },
  {
    source: 'App. A',
    name: 'the same key',
    exception: 'Conflict',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: 'GET /pets/{petId}' }),
    text: 'Route with key GET /pets/{petId} already exists for this API',
  },
  {
    source: 'App. A',
    name: 'another name of a variable',
    exception: 'Conflict',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: 'GET /pets/{id}' }),
    text: 'The provided route key "GET /pets/{id}" has a conflicting variable on the same hierarchical level as "GET /pets/{petId}"',
  },
  {
    source: 'App. A',
    name: 'the same key on update',
    exception: 'Conflict',
    call: async (sdk, { ApiId }) => {
      const { RouteId } = await sdk.createRoute({ ApiId, RouteKey: 'GET /b' });
      return sdk.updateRoute({ ApiId, RouteId, RouteKey: 'GET /pets/{petId}' });
    },
    text: 'Route with key GET /pets/{petId} already exists for this API',
  },
  {
    source: 'App. A',
    name: 'malformed target',
    call: (sdk, { ApiId, IntegrationId }) =>
      sdk.createRoute({ ApiId, RouteKey: 'GET /b', Target: IntegrationId }),
    text: BAD_TARGET,
  },
  {
    source: 'App. A',
    name: 'malformed target on update',
    call: (sdk, { ApiId, RouteId }) => sdk.updateRoute({ ApiId, RouteId, Target: 'integrations/' }),
    text: BAD_TARGET,
  },
  {
    source: '§2.2.1',
    name: 'long target',
    call: (sdk, { ApiId, RouteId }) =>
      sdk.updateRoute({ ApiId, RouteId, Target: `integrations/${'x'.repeat(128)}` }),
    text: 'target must have length between 1 and 128',
  },
  {
    source: '§8.5',
    name: 'target that is not there',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: 'GET /b', Target: 'integrations/nothere' }),
    text: 'Invalid integration identifier specified: nothere',
  },
  {
    source: 'App. A',
    name: 'API key',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: 'GET /b', ApiKeyRequired: true }),
    text: 'ApiKeyRequired is not currently supported for HTTP APIs.',
  },
  {
    source: 'App. A',
    name: 'scopes without JWT',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: 'GET /b', AuthorizationScopes: ['a'] }),
    text: SCOPES,
  },
  {
    source: 'App. A',
    name: 'JWT without authorizer',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: 'GET /b', AuthorizationType: 'JWT' }),
    text: NO_JWT,
  },
  {
    source: 'App. A',
    name: 'JWT with an unknown authorizer',
    call: (sdk, { ApiId, RouteId }) =>
      sdk.updateRoute({ ApiId, RouteId, AuthorizationType: 'JWT', AuthorizerId: 'nothere' }),
    text: NO_JWT,
  },
  {
    source: 'App. A',
    name: 'CUSTOM without authorizer',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: 'GET /b', AuthorizationType: 'CUSTOM' }),
    text: NO_CUSTOM,
  },
  {
    source: '§2.2.1',
    name: 'too many scopes',
    call: (sdk, { ApiId }) =>
      sdk.createRoute({
        ApiId,
        RouteKey: 'GET /b',
        AuthorizationType: 'JWT',
        AuthorizationScopes: Array.from({ length: 11 }, (_, i) => `s${i}`),
      }),
    text: 'authorizationScopes must have at most 10 entries',
  },
  {
    source: '§8.21',
    name: 'an authorization type that is none',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: 'GET /b', AuthorizationType: 'X' as never }),
    text: 'Invalid authorizationType specified',
  },
  {
    source: '§2.2.1',
    name: 'long operation name',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: 'GET /b', OperationName: 'x'.repeat(65) }),
    text: 'operationName must have length between 1 and 64',
  },
  {
    source: 'http-api §2.1',
    name: 'models',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: 'GET /b', RequestModels: { a: 'b' } }),
    text: 'Currently, Models are not permitted for APIs with a protocol type of HTTP',
  },
  {
    source: '§2.2.1',
    name: 'request parameters',
    call: (sdk, { ApiId }) =>
      sdk.createRoute({
        ApiId,
        RouteKey: 'GET /b',
        RequestParameters: { 'route.request.header.a': { Required: true } },
      }),
    text: 'RequestParameters is not supported for protocolType HTTP',
  },
  {
    source: '§2.2.1',
    name: 'route response selection',
    call: (sdk, { ApiId }) =>
      sdk.createRoute({ ApiId, RouteKey: 'GET /b', RouteResponseSelectionExpression: '$default' }),
    text: 'RouteResponseSelectionExpression is not supported for protocolType HTTP',
  },
  {
    source: '§2.2.4',
    name: 'unknown route',
    exception: 'NotFound',
    call: (sdk, { ApiId }) => sdk.updateRoute({ ApiId, RouteId: 'nothere', RouteKey: 'x' }),
    text: 'Invalid Route identifier specified nothere',
  },
  {
    source: '§2.2.4',
    name: 'parameter of a route without any',
    exception: 'NotFound',
    call: (sdk, { ApiId, RouteId }) =>
      sdk.deleteRouteRequestParameter({ ApiId, RouteId, RequestParameterKey: 'k' }),
    text: 'Invalid request parameter specified k',
  },
]);

testRefusals('routes of WebSocket APIs', webSocketApi, [
  {
    source: 'websocket-api §2.4',
    name: 'model selection of something else',
    call: (sdk, { ApiId }) =>
      sdk.createRoute({ ApiId, RouteKey: 'a', ModelSelectionExpression: '$context.stage' }),
    text: 'Invalid modelSelectionExpression specified',
  },
  {
    source: '§2.2.3',
    name: 'reserved key',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: '$other' }),
    text: RESERVED,
  },
  {
    source: '§2.2.3',
    name: 'empty key',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: '' }),
    text: RESERVED,
  },
  {
    source: 'App. A',
    name: 'authorization on another route',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: 'a', AuthorizationType: 'AWS_IAM' }),
    text: CONNECT_ONLY,
  },
  {
    source: '§2.2.4',
    name: 'JWT',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: '$connect', AuthorizationType: 'JWT' }),
    text: 'AuthorizationType JWT is not supported for protocolType WEBSOCKET',
  },
  {
    source: 'App. A',
    name: 'CUSTOM without authorizer',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: '$connect', AuthorizationType: 'CUSTOM' }),
    text: NO_CUSTOM,
  },
  {
    source: 'App. A',
    name: 'scopes',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: '$connect', AuthorizationScopes: ['a'] }),
    text: SCOPES,
  },
  {
    source: 'websocket-api §2.9',
    name: 'parameters on another route',
    call: (sdk, { ApiId }) =>
      sdk.createRoute({
        ApiId,
        RouteKey: 'a',
        RequestParameters: { 'route.request.header.a': { Required: true } },
      }),
    text: 'Request parameters are only supported for the $connect route in WEBSOCKET APIs',
  },
  {
    source: '§2.2.4',
    name: 'a parameter that is none',
    call: (sdk, { ApiId }) =>
      sdk.createRoute({ ApiId, RouteKey: '$connect', RequestParameters: { 'header.a': { Required: true } } }),
    text: 'Invalid request parameter specified: header.a',
  },
  {
    source: '§8.5',
    name: 'a model that is not there',
    call: (sdk, { ApiId }) => sdk.createRoute({ ApiId, RouteKey: 'a', RequestModels: { $default: 'Nope' } }),
    text: 'Invalid model identifier specified: Nope',
  },
]);
