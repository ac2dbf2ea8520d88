// Quick create, driven by the unmodified AWS SDK (spec/management-api.md §2.1.2, §8.16).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ApiGatewayV2, CreateApiCommandInput } from '@aws-sdk/client-apigatewayv2';
import { startManagementServer } from '../../support/management-server.ts';
import { testRefusals } from '../../support/refusal-rows.ts';

const LAMBDA = 'arn:aws:lambda:eu-west-1:111111111111:function:hello';
const ROLE = 'arn:aws:iam::111111111111:role/caller';

async function start(t: TestContext): Promise<ApiGatewayV2> {
  const server = await startManagementServer();
  t.after(() => server.close());
  return server.client();
}

async function quickCreated(sdk: ApiGatewayV2, members: Partial<CreateApiCommandInput>) {
  const api = await sdk.createApi({ Name: 'q', ProtocolType: 'HTTP', ...members });
  const ApiId = api.ApiId!;
  const { IntegrationId } = (await sdk.getIntegrations({ ApiId })).Items![0]!;
  const { RouteId } = (await sdk.getRoutes({ ApiId })).Items![0]!;
  return { api, ApiId, IntegrationId: IntegrationId!, RouteId: RouteId! };
}

test('a URL becomes an HTTP_PROXY integration, a $default route and a deployed $default stage', async (t) => {
  const sdk = await start(t);
  const { api, ApiId, IntegrationId, RouteId } = await quickCreated(sdk, {
    Target: 'http://www.example.com/',
  });
  for (const member of ['Target', 'RouteKey', 'CredentialsArn', 'ApiGatewayManaged', 'QuickCreate']) {
    assert.equal(member in api, false, `${member} is not in the answer`);
  }
  const { $metadata: _i, ...integration } = await sdk.getIntegration({ ApiId, IntegrationId });
  assert.deepEqual(integration, {
    ApiGatewayManaged: true,
    ConnectionType: 'INTERNET',
    IntegrationId,
    IntegrationMethod: 'ANY',
    IntegrationType: 'HTTP_PROXY',
    IntegrationUri: 'http://www.example.com/',
    PayloadFormatVersion: '1.0',
    TimeoutInMillis: 30_000,
  });
  const { $metadata: _r, ...route } = await sdk.getRoute({ ApiId, RouteId });
  assert.deepEqual(route, {
    ApiGatewayManaged: true,
    ApiKeyRequired: false,
    AuthorizationType: 'NONE',
    RouteId,
    RouteKey: '$default',
    Target: `integrations/${IntegrationId}`,
  });
  const stage = await sdk.getStage({ ApiId, StageName: '$default' });
  assert.deepEqual([stage.ApiGatewayManaged, stage.AutoDeploy], [true, true]);
  const { Items: deployments } = await sdk.getDeployments({ ApiId });
  assert.deepEqual(
    deployments!.map((each) => each.DeploymentId),
    [stage.DeploymentId],
  );
});

test('a function ARN becomes an AWS_PROXY integration with payload format 2.0', async (t) => {
  const sdk = await start(t);
  const { ApiId, IntegrationId, RouteId } = await quickCreated(sdk, {
    Target: LAMBDA,
    RouteKey: 'GET /pets',
    CredentialsArn: ROLE,
  });
  const integration = await sdk.getIntegration({ ApiId, IntegrationId });
  assert.deepEqual(
    [integration.IntegrationType, integration.IntegrationUri, integration.IntegrationMethod],
    ['AWS_PROXY', LAMBDA, 'POST'],
  );
  assert.deepEqual([integration.PayloadFormatVersion, integration.CredentialsArn], ['2.0', ROLE]);
  assert.equal((await sdk.getRoute({ ApiId, RouteId })).RouteKey, 'GET /pets');
});

test('UpdateApi changes the target, its kind and the route key, and deploys once', async (t) => {
  const sdk = await start(t);
  const { ApiId, IntegrationId, RouteId } = await quickCreated(sdk, { Target: 'http://a.example/' });
  const before = (await sdk.getDeployments({ ApiId })).Items!.length;
  const answer = await sdk.updateApi({
    ApiId,
    Target: 'http://b.example/',
    RouteKey: 'ANY /b',
    Description: 'b',
  });
  assert.equal(answer.Description, 'b');
  assert.equal((await sdk.getDeployments({ ApiId })).Items!.length, before + 1);
  assert.equal((await sdk.getRoute({ ApiId, RouteId })).RouteKey, 'ANY /b');
  let integration = await sdk.getIntegration({ ApiId, IntegrationId });
  assert.deepEqual(
    [integration.IntegrationUri, integration.IntegrationType],
    ['http://b.example/', 'HTTP_PROXY'],
  );
  await sdk.updateApi({ ApiId, Target: LAMBDA });
  integration = await sdk.getIntegration({ ApiId, IntegrationId });
  assert.deepEqual(
    [
      integration.IntegrationUri,
      integration.IntegrationType,
      integration.IntegrationMethod,
      integration.PayloadFormatVersion,
    ],
    [LAMBDA, 'AWS_PROXY', 'POST', '2.0'],
  );
});

test('managed integrations and routes can be updated', async (t) => {
  const sdk = await start(t);
  const { ApiId, IntegrationId, RouteId } = await quickCreated(sdk, {
    Target: 'http://a.example/',
    RouteKey: 'GET /a',
  });
  const integration = await sdk.updateIntegration({ ApiId, IntegrationId, TimeoutInMillis: 100 });
  assert.deepEqual([integration.TimeoutInMillis, integration.ApiGatewayManaged], [100, true]);
  const route = await sdk.updateRoute({ ApiId, RouteId, OperationName: 'a', RouteKey: 'GET /b' });
  assert.deepEqual([route.OperationName, route.RouteKey, route.ApiGatewayManaged], ['a', 'GET /b', true]);
});

const MANAGED_STAGE = 'A stage that quick create made cannot be changed or deleted; change its API instead';

testRefusals('what quick create made', (sdk) => quickCreated(sdk, { Target: 'http://a.example/' }), [
  {
    source: '§2.16',
    name: 'delete the integration',
    call: (sdk, { ApiId, IntegrationId }) => sdk.deleteIntegration({ ApiId, IntegrationId }),
    text: 'An integration that quick create made cannot be deleted; delete its API instead',
  },
  {
    source: '§2.16',
    name: 'delete the route',
    call: (sdk, { ApiId, RouteId }) => sdk.deleteRoute({ ApiId, RouteId }),
    text: 'A route that quick create made cannot be deleted; delete its API instead',
  },
  {
    source: '§2.16',
    name: 'delete the stage',
    call: (sdk, { ApiId }) => sdk.deleteStage({ ApiId, StageName: '$default' }),
    text: MANAGED_STAGE,
  },
  {
    source: '§8.16',
    name: 'update the stage',
    call: (sdk, { ApiId }) => sdk.updateStage({ ApiId, StageName: '$default', Description: 'x' }),
    text: MANAGED_STAGE,
  },
  {
    source: '§8.16',
    name: 'rename the $default route',
    call: (sdk, { ApiId, RouteId }) => sdk.updateRoute({ ApiId, RouteId, RouteKey: 'GET /x' }),
    text: 'The key of the $default route that quick create made cannot be changed',
  },
  {
    source: '§2.1.2',
    name: 'take the target away',
    call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, Target: '' }),
    text: 'Invalid HTTP endpoint specified for URI',
  },
]);
