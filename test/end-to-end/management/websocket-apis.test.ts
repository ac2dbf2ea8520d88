// What else the management API states of WebSocket APIs: deployments, changes of what stands below routes and integrations,
// driven by the unmodified AWS SDK (spec/management-api.md §1.10, §2.1, §2.2, §2.4, §2.5, §2.7 to §2.9).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  type ApiGatewayV2,
  type CreateIntegrationCommandInput,
  NotFoundException,
} from '@aws-sdk/client-apigatewayv2';
import { plain, webSocketApi } from '../../support/management-seeds.ts';
import { refused, startManagementServer } from '../../support/management-server.ts';
import { testRefusals } from '../../support/refusal-rows.ts';

const FUNCTION_URI =
  'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111111111111:function:who/invocations';

async function start(t: TestContext): Promise<ApiGatewayV2> {
  const server = await startManagementServer();
  t.after(() => server.close());
  return server.client();
}

interface Seeded {
  readonly ApiId: string;
  readonly IntegrationId: string;
  readonly RouteId: string;
}

/** An API whose route `join` targets a MOCK integration. */
async function mockedApi(sdk: ApiGatewayV2): Promise<Seeded> {
  const { ApiId } = await webSocketApi(sdk);
  const { IntegrationId } = await sdk.createIntegration({ ApiId, IntegrationType: 'MOCK' });
  const { RouteId } = await sdk.createRoute({
    ApiId,
    RouteKey: 'join',
    Target: `integrations/${IntegrationId}`,
  });
  return { ApiId, IntegrationId: IntegrationId!, RouteId: RouteId! };
}

test('a manual deployment: DEPLOYED at once, of an API with any route, bound by CreateDeployment or UpdateStage (§2.9.1)', async (t) => {
  const sdk = await start(t);
  const { ApiId } = await webSocketApi(sdk);
  await sdk.createRoute({ ApiId, RouteKey: '$connect' });
  await sdk.createStage({ ApiId, StageName: 'dev' });
  const first = await sdk.createDeployment({ ApiId, StageName: 'dev', Description: 'd' });
  assert.deepEqual([first.DeploymentStatus, first.AutoDeployed, first.Description], ['DEPLOYED', false, 'd']);
  assert.equal((await sdk.getStage({ ApiId, StageName: 'dev' })).DeploymentId, first.DeploymentId);
  const second = await sdk.createDeployment({ ApiId });
  assert.equal((await sdk.getStage({ ApiId, StageName: 'dev' })).DeploymentId, first.DeploymentId);
  const { DeploymentId } = second;
  const moved = await sdk.updateStage({ ApiId, StageName: 'dev', DeploymentId });
  assert.equal(moved.DeploymentId, second.DeploymentId);
  await sdk.deleteDeployment({ ApiId, DeploymentId: first.DeploymentId });
});

test('what hangs below an integration or route goes with it (§2.3.5, §2.5)', async (t) => {
  const sdk = await start(t);
  const { ApiId, IntegrationId, RouteId } = await mockedApi(sdk);
  await sdk.createIntegrationResponse({ ApiId, IntegrationId, IntegrationResponseKey: '$default' });
  await sdk.createRouteResponse({ ApiId, RouteId, RouteResponseKey: '$default' });
  await sdk.deleteRoute({ ApiId, RouteId });
  await sdk.deleteIntegration({ ApiId, IntegrationId });
  const route = `Invalid Route identifier specified ${RouteId}`;
  await refused(sdk.getRouteResponses({ ApiId, RouteId }), NotFoundException, 404, route);
  const integration = `Invalid Integration identifier specified ${IntegrationId}`;
  await refused(sdk.getIntegrationResponses({ ApiId, IntegrationId }), NotFoundException, 404, integration);
});

test('a proxy integration may have integration responses, which do nothing (§2.4)', async (t) => {
  const sdk = await start(t);
  const { ApiId } = await webSocketApi(sdk);
  const { IntegrationId, IntegrationResponseSelectionExpression } = await sdk.createIntegration({
    ApiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: FUNCTION_URI,
    RequestTemplates: { $default: 'kept' },
  });
  assert.equal(IntegrationResponseSelectionExpression, undefined);
  const { $metadata, ...made } = await sdk.createIntegrationResponse({
    ApiId,
    IntegrationId,
    IntegrationResponseKey: '$default',
  });
  assert.equal($metadata.httpStatusCode, 201);
  assert.deepEqual(Object.keys(made).sort(), ['IntegrationResponseId', 'IntegrationResponseKey']);
  assert.deepEqual((await sdk.getIntegration({ ApiId, IntegrationId })).RequestTemplates, {
    $default: 'kept',
  });
});

test('changes replace the maps of responses, and {} empties them (§1.10)', async (t) => {
  const sdk = await start(t);
  const { ApiId, IntegrationId, RouteId } = await mockedApi(sdk);
  await sdk.createModel({ ApiId, Name: 'Reply', Schema: '{}' });
  const integrationResponse = plain(
    await sdk.createIntegrationResponse({
      ApiId,
      IntegrationId,
      IntegrationResponseKey: '$default',
      ContentHandlingStrategy: 'CONVERT_TO_TEXT',
      ResponseParameters: { 'method.response.header.a': "'1'", 'route.response.header.b': "'2'" },
      ResponseTemplates: { a: '1', b: '' },
    }),
  );
  const routeResponse = plain(
    await sdk.createRouteResponse({
      ApiId,
      RouteId,
      RouteResponseKey: '$default',
      ModelSelectionExpression: 'x',
      ResponseModels: { $default: 'Reply' },
      ResponseParameters: { 'route.response.header.a': { Required: true } },
    }),
  );
  const where = {
    integration: {
      ApiId,
      IntegrationId,
      IntegrationResponseId: String(integrationResponse.IntegrationResponseId),
    },
    route: { ApiId, RouteId, RouteResponseId: String(routeResponse.RouteResponseId) },
  };
  const rows: readonly (readonly [of: 'integration' | 'route', change: object, after: object])[] = [
    [
      'integration',
      { ResponseParameters: { 'method.response.header.c': 'integration.response.body.id' } },
      { ResponseParameters: { 'method.response.header.c': 'integration.response.body.id' } },
    ],
    ['integration', { ResponseParameters: {} }, { ResponseParameters: undefined }],
    ['integration', { ResponseTemplates: { c: '' } }, { ResponseTemplates: { c: '' } }],
    ['integration', { ResponseTemplates: {} }, { ResponseTemplates: undefined }],
    ['integration', { ContentHandlingStrategy: '' }, { ContentHandlingStrategy: undefined }],
    ['integration', {}, {}],
    [
      'route',
      { ResponseParameters: { 'route.response.header.b': { Required: false } } },
      { ResponseParameters: { 'route.response.header.b': { Required: false } } },
    ],
    ['route', { ResponseParameters: {} }, { ResponseParameters: undefined }],
    ['route', { ResponseModels: {} }, { ResponseModels: undefined }],
    ['route', { ModelSelectionExpression: '' }, { ModelSelectionExpression: undefined }],
    ['route', {}, {}],
  ];
  const expected = { integration: integrationResponse, route: routeResponse };
  for (const [of, change, after] of rows) {
    expected[of] = JSON.parse(JSON.stringify({ ...expected[of], ...after }));
    const updated =
      of === 'integration'
        ? await sdk.updateIntegrationResponse({ ...where.integration, ...change })
        : await sdk.updateRouteResponse({ ...where.route, ...change });
    assert.deepEqual(plain(updated), expected[of], JSON.stringify(change));
  }
  assert.deepEqual(plain(await sdk.getIntegrationResponse(where.integration)), expected.integration);
  assert.deepEqual(plain(await sdk.getRouteResponse(where.route)), expected.route);
});

test('what a route keeps: keys of other routes than $connect, authorizers with their type alone (§2.2.4, §8.18)', async (t) => {
  const sdk = await start(t);
  const { ApiId } = await webSocketApi(sdk);
  const { AuthorizerId } = await sdk.createAuthorizer({
    ApiId,
    Name: 'who',
    AuthorizerType: 'REQUEST',
    AuthorizerUri: FUNCTION_URI,
    IdentitySource: ['route.request.header.A', 'context.stage', 'stageVariables.b'],
  });
  const keyed = await sdk.createRoute({ ApiId, RouteKey: 'a', ApiKeyRequired: true, AuthorizerId });
  assert.deepEqual(
    [keyed.ApiKeyRequired, keyed.AuthorizationType, keyed.AuthorizerId],
    [true, 'NONE', undefined],
  );
  const { RouteId } = await sdk.createRoute({
    ApiId,
    RouteKey: '$connect',
    AuthorizationType: 'CUSTOM',
    AuthorizerId,
  });
  const detached = await sdk.updateRoute({ ApiId, RouteId, AuthorizerId: '' });
  assert.deepEqual([detached.AuthorizationType, detached.AuthorizerId], ['CUSTOM', AuthorizerId]);
  const open = await sdk.updateRoute({ ApiId, RouteId, AuthorizationType: 'AWS_IAM' });
  assert.deepEqual([open.AuthorizationType, open.AuthorizerId], ['AWS_IAM', undefined]);
});

/** What creation lets pass, and how it reads back (§2.3.3). */
const LET_PASS: readonly Partial<CreateIntegrationCommandInput>[] = [
  { IntegrationType: 'MOCK', PayloadFormatVersion: '1.0' },
  ...['function:chat', 'function:chat:live', 'function:${stageVariables.fn}'].flatMap((resource) =>
    (['AWS', 'AWS_PROXY'] as const).map((IntegrationType) => ({
      IntegrationType,
      IntegrationUri: `arn:aws:lambda:us-east-1:111122223333:${resource}`,
    })),
  ),
  {
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: FUNCTION_URI,
    RequestTemplates: { $default: '{"a": 1}' },
    TemplateSelectionExpression: '\\$default',
  },
  {
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'POST',
    IntegrationUri: 'http://a.example/',
    RequestTemplates: { other: 'x' },
    TemplateSelectionExpression: '${request.body.t}',
  },
];

test('integrations of WebSocket APIs: what is without effect is kept, function ARNs stay as given (§2.3.3)', async (t) => {
  const sdk = await start(t);
  const { ApiId } = await webSocketApi(sdk);
  // A MOCK integration takes a method and does not show it.
  const mock = await sdk.createIntegration({ ApiId, IntegrationType: 'MOCK', IntegrationMethod: 'GET' });
  assert.equal(mock.IntegrationMethod, undefined);
  for (const given of LET_PASS) {
    const { IntegrationId } = await sdk.createIntegration({
      ApiId,
      ...given,
    } as CreateIntegrationCommandInput);
    const stored = await sdk.getIntegration({ ApiId, IntegrationId });
    for (const [member, value] of Object.entries(given)) {
      assert.deepEqual(stored[member as keyof typeof stored], value, `${member} of ${JSON.stringify(given)}`);
    }
  }
});

test('expressions of WebSocket APIs: constants select routes, any text is kept of route responses (§2.1.1, §2.2.1)', async (t) => {
  const sdk = await start(t);
  const RouteSelectionExpression = '\\$default';
  const api = await sdk.createApi({ Name: 'constant', ProtocolType: 'WEBSOCKET', RouteSelectionExpression });
  assert.equal(api.RouteSelectionExpression, RouteSelectionExpression);
  const { ApiId } = api;
  for (const RouteResponseSelectionExpression of ['$default', '\\$default', '$request.body.x', 'other']) {
    const RouteKey = `key of ${RouteResponseSelectionExpression}`;
    const route = await sdk.createRoute({ ApiId, RouteKey, RouteResponseSelectionExpression });
    assert.equal(route.RouteResponseSelectionExpression, RouteResponseSelectionExpression);
  }
});

test('stages of WebSocket APIs: logging needs no role, and any name that HTTP APIs have (§2.8, §8.15)', async (t) => {
  const sdk = await start(t);
  const { ApiId } = await mockedApi(sdk);
  const stage = await sdk.createStage({
    ApiId,
    StageName: '$default',
    DefaultRouteSettings: { LoggingLevel: 'INFO' },
    RouteSettings: { join: { DataTraceEnabled: true, ThrottlingBurstLimit: 0, ThrottlingRateLimit: 0 } },
  });
  assert.deepEqual(stage.DefaultRouteSettings, {
    DataTraceEnabled: false,
    DetailedMetricsEnabled: false,
    LoggingLevel: 'INFO',
  });
  assert.deepEqual(stage.RouteSettings, {
    join: { DataTraceEnabled: true, ThrottlingBurstLimit: 0, ThrottlingRateLimit: 0 },
  });
  const changed = await sdk.updateStage({
    ApiId,
    StageName: '$default',
    ClientCertificateId: 'cert01',
    RouteSettings: { join: { LoggingLevel: 'ERROR' } },
  });
  assert.deepEqual(changed.RouteSettings, {
    join: {
      DataTraceEnabled: true,
      LoggingLevel: 'ERROR',
      ThrottlingBurstLimit: 0,
      ThrottlingRateLimit: 0,
    },
  });
  // A level that there is none of is kept (§2.8.2).
  const levels = await sdk.updateStage({
    ApiId,
    StageName: '$default',
    DefaultRouteSettings: { LoggingLevel: 'TRACE' as 'INFO' },
    RouteSettings: { join: { LoggingLevel: 'DEBUG' as 'INFO' } },
  });
  assert.equal(levels.DefaultRouteSettings!.LoggingLevel, 'TRACE');
  assert.equal(levels.RouteSettings!.join!.LoggingLevel, 'DEBUG');
  const cleared = await sdk.updateStage({ ApiId, StageName: '$default', ClientCertificateId: '' });
  assert.equal(cleared.ClientCertificateId, undefined);
});

test('GetModelTemplate is a template that can run (§2.7)', async (t) => {
  const sdk = await start(t);
  const { ApiId } = await webSocketApi(sdk);
  const { ModelId } = await sdk.createModel({ ApiId, Name: 'Join', Schema: '{"type":"object"}' });
  const { Value } = await sdk.getModelTemplate({ ApiId, ModelId });
  assert.equal(Value, "#set($inputRoot = $input.path('$'))\n$input.json('$')");
});

const LOG_GROUP = 'arn:aws:logs:eu-west-1:111111111111:log-group:chat';
const LARGE = 'x'.repeat(300 * 1024 + 1);

testRefusals('WebSocket APIs refuse', mockedApi, [
  ...(['RouteKey', 'CredentialsArn'] as const).map((member) => ({
    source: '§2.1.1',
    name: member,
    call: (sdk: ApiGatewayV2) =>
      sdk.createApi({
        Name: 'n',
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: 'a',
        [member]: 'x',
      }),
    text: `${member} is not supported for protocolType WEBSOCKET`,
  })),
  {
    source: '§2.1.1',
    name: 'another source of the API key',
    call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, ApiKeySelectionExpression: '$request.querystring.key' }),
    text: 'Invalid apiKeySelectionExpression specified',
  },
  {
    source: '§2.4',
    name: 'an unknown content handling',
    call: (sdk, { ApiId, IntegrationId }) =>
      sdk.createIntegrationResponse({
        ApiId,
        IntegrationId,
        IntegrationResponseKey: '$default',
        ContentHandlingStrategy: 'CONVERT' as never,
      }),
    text: 'Invalid contentHandlingStrategy specified',
  },
  {
    source: 'websocket-api §5.1.3',
    name: 'a large response template',
    call: (sdk, { ApiId, IntegrationId }) =>
      sdk.createIntegrationResponse({
        ApiId,
        IntegrationId,
        IntegrationResponseKey: '$default',
        ResponseTemplates: { a: LARGE },
      }),
    text: 'The template a in responseTemplates is larger than 307200 bytes',
  },
  {
    source: 'websocket-api §5.1.3',
    name: 'a large request template',
    call: (sdk, { ApiId, IntegrationId }) =>
      sdk.updateIntegration({ ApiId, IntegrationId, RequestTemplates: { a: LARGE } }),
    text: 'The template a in requestTemplates is larger than 307200 bytes',
  },
  {
    source: 'websocket-api §10.7',
    name: 'a large model',
    call: (sdk, { ApiId }) =>
      sdk.createModel({ ApiId, Name: 'Large', Schema: `{"a":"${'x'.repeat(32_761)}"}` }),
    text: 'schema must have length between 0 and 32768',
  },
  {
    source: '§8.5',
    name: 'a response model that is not there',
    call: (sdk, { ApiId, RouteId }) =>
      sdk.createRouteResponse({
        ApiId,
        RouteId,
        RouteResponseKey: '$default',
        ResponseModels: { a: 'Nope' },
      }),
    text: 'Invalid model identifier specified: Nope',
  },
  {
    source: '§2.5',
    name: 'a route response that becomes another',
    call: async (sdk, { ApiId, RouteId }) => {
      const where = { ApiId, RouteId };
      const { RouteResponseId } = await sdk.createRouteResponse({ ...where, RouteResponseKey: '$default' });
      return sdk.updateRouteResponse({ ...where, RouteResponseId, RouteResponseKey: 'x' });
    },
    text: 'Currently, only $default is supported as a RouteResponseKey.',
  },
  {
    source: '§2.4',
    name: 'an integration response that becomes another that is there',
    call: async (sdk, { ApiId, IntegrationId }) => {
      const where = { ApiId, IntegrationId };
      await sdk.createIntegrationResponse({ ...where, IntegrationResponseKey: '$default' });
      const { IntegrationResponseId } = await sdk.createIntegrationResponse({
        ...where,
        IntegrationResponseKey: '/a/',
      });
      return sdk.updateIntegrationResponse({
        ...where,
        IntegrationResponseId,
        IntegrationResponseKey: '$default',
      });
    },
    text: 'IntegrationResponse with key $default already exists for this Integration',
    exception: 'Conflict',
  },
  {
    source: '§2.7',
    name: 'a model that takes the name of another',
    call: async (sdk, { ApiId }) => {
      await sdk.createModel({ ApiId, Name: 'One', Schema: '{}' });
      const { ModelId } = await sdk.createModel({ ApiId, Name: 'Two', Schema: '{}' });
      return sdk.updateModel({ ApiId, ModelId, Name: 'One' });
    },
    text: 'Model name already exists for this API',
    exception: 'Conflict',
  },
  {
    source: '§2.7',
    name: 'another name for a model that a route has',
    call: async (sdk, { ApiId, RouteId }) => {
      const { ModelId } = await sdk.createModel({ ApiId, Name: 'One', Schema: '{}' });
      await sdk.updateRoute({ ApiId, RouteId, RequestModels: { $default: 'One' } });
      return sdk.updateModel({ ApiId, ModelId, Name: 'Two' });
    },
    text: "Cannot rename model 'One', is referenced in route: join",
    exception: 'Conflict',
  },
  {
    source: '§2.9.2',
    name: 'its own deployment for a stage with AutoDeploy',
    call: async (sdk, { ApiId }) => {
      const { DeploymentId } = await sdk.createStage({ ApiId, StageName: 'dev', AutoDeploy: true });
      return sdk.updateStage({ ApiId, StageName: 'dev', DeploymentId });
    },
    text: 'Deployment ID cannot be set on this stage because AutoDeploy is enabled',
  },
  ...(
    [
      [
        'without request id',
        '$context.status',
        'Access Log format must include either $context.requestId or $context.extendedRequestId',
      ],
      [
        'of two lines',
        '$context.requestId\nx',
        'Access Log format must be single line, new line character is allowed only at end of the format',
      ],
    ] as const
  ).map(([name, Format, text]) => ({
    source: 'websocket-api §9.4.1',
    name: `an access log format ${name}`,
    call: (sdk: ApiGatewayV2, { ApiId }: Seeded) =>
      sdk.createStage({ ApiId, StageName: 'dev', AccessLogSettings: { DestinationArn: LOG_GROUP, Format } }),
    text,
  })),
  {
    source: 'websocket-api §10.3.1',
    name: 'a stage variable with another name',
    call: (sdk, { ApiId }) => sdk.createStage({ ApiId, StageName: 'dev', StageVariables: { 'a-b': 'c' } }),
    text: 'Invalid stage variable name: a-b.  Please use names with only word characters.',
  },
  {
    source: 'websocket-api §10.2',
    name: 'a stage with another name',
    call: (sdk, { ApiId }) => sdk.createStage({ ApiId, StageName: 'a.b' }),
    text: 'Stage name only allows a-zA-Z0-9_',
  },
  {
    source: 'websocket-api §10.3.1',
    name: 'a stage variable with other characters',
    call: (sdk, { ApiId }) => sdk.createStage({ ApiId, StageName: 'dev', StageVariables: { a: 'b c' } }),
    text: "Invalid stage variable value: b c.  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.",
  },
]);
