// What CreateApi, UpdateApi and lists refuse, driven by the unmodified AWS SDK (spec/management-api.md §2.1, §1.9, Appendix A).
import type { Cors } from '@aws-sdk/client-apigatewayv2';
import { httpApi, webSocketApi } from '../../support/management-seeds.ts';
import { ACCOUNT } from '../../support/management-server.ts';
import { type RefusalRow, testRefusals } from '../../support/refusal-rows.ts';

const NO_CREDENTIALS = "allow-credentials is not supported if 'allow-origin' is *";
const CREDENTIALS_FOR_ALL = { AllowCredentials: true, AllowOrigins: ['*'] };
const BAD_ORIGIN = 'https://*.example.org';

testRefusals('refusals of APIs without a subject', async () => undefined, [
  {
    source: 'App. A',
    name: 'no name',
    call: (sdk) => sdk.createApi({ Name: '', ProtocolType: 'HTTP' }),
    text: 'Invalid API name specified',
  },
  {
    source: '§2.1.1',
    name: 'no name at all',
    call: (sdk) => sdk.createApi({ Name: undefined, ProtocolType: 'HTTP' }),
    text: 'Invalid API name specified',
  },
  {
    source: '§8.21',
    name: 'long name',
    call: (sdk) => sdk.createApi({ Name: 'n'.repeat(129), ProtocolType: 'HTTP' }),
    text: 'name must have length between 1 and 128',
  },
  {
    source: '§8.21',
    name: 'long description',
    call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', Description: 'd'.repeat(1025) }),
    text: 'description must have length between 0 and 1024',
  },
  {
    source: '§8.21',
    name: 'long version',
    call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', Version: 'v'.repeat(65) }),
    text: 'version must have length between 1 and 64',
  },
  {
    source: '§8.21',
    name: 'bad address type',
    call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', IpAddressType: 'ipv6' as never }),
    text: 'Invalid ipAddressType specified',
  },
  {
    source: 'App. A',
    name: 'bad protocol',
    call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'GRPC' as never }),
    text: 'Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]',
  },
  {
    source: 'App. A',
    name: 'WebSocket without selection',
    call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'WEBSOCKET' }),
    text: 'Invalid routeSelectionExpression',
  },
  {
    source: 'App. A',
    name: 'HTTP with another selection',
    call: (sdk) =>
      sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', RouteSelectionExpression: '$request.body.action' }),
    text: `Route selection expression is currently limited to "\${request.method} \${request.path}"`,
  },
  {
    source: '§2.1.1',
    name: 'another API key selection',
    call: (sdk) =>
      sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', ApiKeySelectionExpression: '$request.header.key' }),
    text: 'Invalid apiKeySelectionExpression specified',
  },
  {
    source: 'App. A',
    name: 'CORS on WebSocket',
    call: (sdk) =>
      sdk.createApi({
        Name: 'n',
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: '$request.body.a',
        CorsConfiguration: { AllowOrigins: ['*'] },
      }),
    text: 'Cors is not supported for WEBSOCKET protocolType',
  },
  {
    source: 'App. A',
    name: 'credentials with any origin',
    call: (sdk) =>
      sdk.createApi({
        Name: 'n',
        ProtocolType: 'HTTP',
        CorsConfiguration: { AllowOrigins: ['*'], AllowCredentials: true },
      }),
    text: "allow-credentials is not supported if 'allow-origin' is *",
  },
  {
    source: 'App. A',
    name: 'origin of another scheme',
    call: (sdk) =>
      sdk.createApi({
        Name: 'n',
        ProtocolType: 'HTTP',
        CorsConfiguration: { AllowOrigins: ['capacitor://localhost'] },
      }),
    text: 'Invalid format for origin capacitor://localhost',
  },
  {
    source: 'http-api §5.1',
    name: 'origin without scheme',
    call: (sdk) =>
      sdk.createApi({
        Name: 'n',
        ProtocolType: 'HTTP',
        CorsConfiguration: { AllowOrigins: ['example.com'] },
      }),
    text: 'Invalid format for origin example.com',
  },
  {
    source: '§2.1.3',
    name: 'max age out of range',
    call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', CorsConfiguration: { MaxAge: 86_401 } }),
    text: 'maxAge must be between -1 and 86400',
  },
  {
    source: '§2.1.3',
    name: 'a method that is none',
    call: (sdk) =>
      sdk.createApi({
        Name: 'n',
        ProtocolType: 'HTTP',
        CorsConfiguration: { AllowMethods: ['GET\r\nx: y'] },
      }),
    text: 'Invalid method GET\r\nx: y in allowMethods',
  },
  {
    source: '§2.1.3',
    name: 'a header name that is none',
    call: (sdk) =>
      sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', CorsConfiguration: { AllowHeaders: ['a b'] } }),
    text: 'Invalid header name a b in allowHeaders',
  },
  ...(
    [
      ['credentials before maxAge', { ...CREDENTIALS_FOR_ALL, MaxAge: 90_000 }, NO_CREDENTIALS],
      ['credentials before methods', { ...CREDENTIALS_FOR_ALL, AllowMethods: ['BREW'] }, NO_CREDENTIALS],
      ['credentials before headers', { ...CREDENTIALS_FOR_ALL, ExposeHeaders: ['a b'] }, NO_CREDENTIALS],
      ['credentials before origins', { ...CREDENTIALS_FOR_ALL, AllowOrigins: ['x', '*'] }, NO_CREDENTIALS],
      [
        'origins before methods, headers and maxAge',
        { AllowOrigins: [BAD_ORIGIN], AllowMethods: ['BREW'], AllowHeaders: ['a b'], MaxAge: 90_000 },
        `Invalid format for origin ${BAD_ORIGIN}`,
      ],
      [
        'methods before headers and maxAge',
        { AllowMethods: ['BREW'], AllowHeaders: ['a b'], MaxAge: 90_000 },
        'Invalid method BREW in allowMethods',
      ],
      [
        'headers before maxAge',
        { ExposeHeaders: ['a b'], MaxAge: 90_000 },
        'Invalid header name a b in exposeHeaders',
      ],
    ] satisfies readonly (readonly [string, Cors, string])[]
  ).map(
    ([name, CorsConfiguration, text]): RefusalRow<undefined> => ({
      source: '§2.1.3',
      name,
      call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', CorsConfiguration }),
      text,
    }),
  ),
  {
    source: '§2.1.3',
    name: 'credentials of an update, with the origin that is stored',
    call: async (sdk) => {
      const { ApiId } = await sdk.createApi({
        Name: 'n',
        ProtocolType: 'HTTP',
        CorsConfiguration: { AllowOrigins: ['*'] },
      });
      return sdk.updateApi({ ApiId, CorsConfiguration: { AllowCredentials: true, MaxAge: 90_000 } });
    },
    text: NO_CREDENTIALS,
  },
  {
    source: '§1.9',
    name: 'page of nothing',
    call: (sdk) => sdk.getApis({ MaxResults: '0' }),
    text: 'Invalid maxResults specified',
  },
  {
    source: '§1.9',
    name: 'token of nobody',
    call: (sdk) => sdk.getApis({ NextToken: 'nonsense' }),
    text: 'Invalid nextToken specified',
  },
  {
    source: '§2.1.2',
    name: 'route key without target',
    call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', RouteKey: 'GET /' }),
    text: 'RouteKey can only be specified together with Target',
  },
  {
    source: '§2.1.1',
    name: 'quick create on WebSocket',
    call: (sdk) =>
      sdk.createApi({
        Name: 'n',
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: '$request.body.a',
        Target: 'http://a.example',
      }),
    text: 'Target is not supported for protocolType WEBSOCKET',
  },
  {
    source: '§2.1.2',
    name: 'quick create of nothing',
    call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', Target: 'ftp://a.example' }),
    text: 'Invalid HTTP endpoint specified for URI',
  },
  {
    source: '§2.1.2',
    name: 'quick create of a queue',
    call: (sdk) =>
      sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', Target: 'arn:aws:sqs:us-east-1:111111111111:q' }),
    text: 'Invalid function ARN or invalid uri',
  },
  {
    source: '§2.14',
    name: 'reserved tag',
    call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', Tags: { 'aws:x': 'y' } }),
    text: 'Tag keys that begin with aws: are reserved: aws:x',
  },
]);

testRefusals('refusals of UpdateApi', httpApi, [
  {
    source: 'App. A',
    name: 'empty name',
    call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, Name: '' }),
    text: 'Invalid API name specified',
  },
  {
    source: 'App. A',
    name: 'another selection',
    call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, RouteSelectionExpression: 'x' }),
    text: `Route selection expression is currently limited to "\${request.method} \${request.path}"`,
  },
  {
    source: '§2.1.2',
    name: 'target of an API that was not quick-created',
    call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, Target: 'http://a.example' }),
    text: 'Target can only be updated for an API that was created with Target',
  },
  {
    source: '§2.1.1',
    name: 'schema validation on HTTP',
    call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, DisableSchemaValidation: true }),
    text: 'DisableSchemaValidation is not supported for protocolType HTTP',
  },
  {
    source: 'App. A',
    name: 'unknown API',
    exception: 'NotFound',
    call: (sdk) => sdk.updateApi({ ApiId: 'nothere', Name: '' }),
    text: `Invalid API identifier specified ${ACCOUNT}:nothere`,
  },
  {
    source: 'App. A',
    name: 'unknown API, CORS',
    exception: 'NotFound',
    call: (sdk) => sdk.deleteCorsConfiguration({ ApiId: 'nothere' }),
    text: `Invalid API identifier specified ${ACCOUNT}:nothere`,
  },
]);

testRefusals('refusals of UpdateApi on WebSocket', webSocketApi, [
  {
    source: 'websocket-api §2.4',
    name: 'selection by a header',
    call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, RouteSelectionExpression: '$request.header.a' }),
    text: 'Invalid routeSelectionExpression',
  },
  {
    source: 'App. A',
    name: 'no selection',
    call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, RouteSelectionExpression: '' }),
    text: 'Invalid routeSelectionExpression',
  },
  {
    source: 'App. A',
    name: 'CORS',
    call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, CorsConfiguration: { MaxAge: 1 } }),
    text: 'Cors is not supported for WEBSOCKET protocolType',
  },
]);
