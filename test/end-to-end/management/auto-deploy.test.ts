// Automatic deployments, driven by the unmodified AWS SDK (spec/management-api.md §2.9.2, §8.17, §8.27).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ApiGatewayV2, BadRequestException } from '@aws-sdk/client-apigatewayv2';
import type { FrozenApi } from '../../../src/config/frozen.ts';
import { apiKeyOf, frozenKey } from '../../../src/config/keys.ts';
import { deployableApi, httpApi, plain, webSocketApi } from '../../support/management-seeds.ts';
import {
  ACCOUNT,
  type ManagementServer,
  PLACE,
  REGION,
  refused,
  startManagementServer,
} from '../../support/management-server.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const CREATED = '2026-03-01T12:00:00.000Z';
const AUTOMATIC = 'Automatic deployment triggered by changes to the Api configuration';
const NO_ROUTES = 'Unable to deploy API because no valid routes exist in this API';
const FOLLOWS = 'Deployment ID cannot be set on this stage because AutoDeploy is enabled';
const FUNCTION =
  'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:f/invocations';

async function start(t: TestContext): Promise<{ server: ManagementServer; sdk: ApiGatewayV2 }> {
  const server = await startManagementServer(() => NOW);
  t.after(() => server.close());
  return { server, sdk: server.client() };
}

/** Says of calls whether each made one deployment, which the stage `a` of an API then has, or none. */
async function watched(sdk: ApiGatewayV2, ApiId: string) {
  const state = async (): Promise<readonly [string | undefined, number]> => {
    const { Items } = await sdk.getDeployments({ ApiId, MaxResults: '500' });
    const { DeploymentId } = await sdk.getStage({ ApiId, StageName: 'a' });
    // Those that are out of use are not kept for ever, so they are not left to pile up.
    const old = Items!.filter((deployment) => deployment.DeploymentId !== DeploymentId);
    for (const each of old) await sdk.deleteDeployment({ ApiId, DeploymentId: each.DeploymentId });
    return [DeploymentId, old.length];
  };
  let [current] = await state();
  const expecting =
    (deploys: boolean) =>
    async <T>(name: string, call: Promise<T>): Promise<T> => {
      const output = await call;
      const [now, made] = await state();
      assert.deepEqual([now !== current, made], deploys ? [true, 1] : [false, 0], name);
      current = now;
      return output;
    };
  return { deploys: expecting(true), doesNot: expecting(false) };
}

const backend = {
  IntegrationType: 'HTTP_PROXY',
  IntegrationMethod: 'GET',
  IntegrationUri: 'http://a.example',
  PayloadFormatVersion: '1.0',
} as const;

test('which calls deploy an HTTP API, whether they change something or not (§2.9.2)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId, IntegrationId, RouteId } = await deployableApi(sdk);
  const other = await deployableApi(sdk);
  await sdk.createStage({ ApiId, StageName: 'a', AutoDeploy: true });
  const { deploys, doesNot } = await watched(sdk, ApiId);
  const arn = `arn:aws:apigateway:${REGION}::/apis/${ApiId}`;

  const unused = await doesNot('CreateIntegration', sdk.createIntegration({ ApiId, ...backend }));
  const Target = `integrations/${unused.IntegrationId}`;
  const route = await deploys('CreateRoute', sdk.createRoute({ ApiId, RouteKey: 'GET /b', Target }));
  await deploys('UpdateRoute', sdk.updateRoute({ ApiId, RouteId, OperationName: 'x' }));
  await deploys('UpdateRoute, the value it has', sdk.updateRoute({ ApiId, RouteId, OperationName: 'x' }));
  await deploys('UpdateRoute, nothing', sdk.updateRoute({ ApiId, RouteId }));
  await deploys('DeleteRoute', sdk.deleteRoute({ ApiId, RouteId: route.RouteId }));
  await deploys('UpdateIntegration', sdk.updateIntegration({ ApiId, IntegrationId, TimeoutInMillis: 100 }));
  await deploys(
    'UpdateIntegration, the value it has',
    sdk.updateIntegration({ ApiId, IntegrationId, TimeoutInMillis: 100 }),
  );
  await deploys(
    'UpdateIntegration, a member that is dropped',
    sdk.updateIntegration({ ApiId, IntegrationId, PassthroughBehavior: 'NEVER' }),
  );
  const unusedPath = { ApiId, IntegrationId: unused.IntegrationId };
  await deploys('UpdateIntegration, unused', sdk.updateIntegration({ ...unusedPath, Description: 'd' }));
  await doesNot('DeleteIntegration', sdk.deleteIntegration(unusedPath));

  const authorizer = await doesNot(
    'CreateAuthorizer',
    sdk.createAuthorizer({
      ApiId,
      Name: 'jwt',
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'https://issuer.example', Audience: ['a'] },
    }),
  );
  const authorizerPath = { ApiId, AuthorizerId: authorizer.AuthorizerId };
  await deploys('UpdateAuthorizer, its own name', sdk.updateAuthorizer({ ...authorizerPath, Name: 'jwt' }));
  await deploys('UpdateAuthorizer', sdk.updateAuthorizer({ ...authorizerPath, Name: 'other' }));
  await doesNot('DeleteAuthorizer', sdk.deleteAuthorizer(authorizerPath));

  await deploys('UpdateApi', sdk.updateApi({ ApiId, CorsConfiguration: { AllowOrigins: ['*'] } }));
  await deploys('UpdateApi, nothing', sdk.updateApi({ ApiId }));
  await deploys('DeleteCorsConfiguration', sdk.deleteCorsConfiguration({ ApiId }));
  await deploys('DeleteCorsConfiguration, none', sdk.deleteCorsConfiguration({ ApiId }));

  await doesNot('TagResource', sdk.tagResource({ ResourceArn: arn, Tags: { a: 'b' } }));
  await doesNot('UpdateStage', sdk.updateStage({ ApiId, StageName: 'a', Description: 'x' }));
  await doesNot('CreateStage', sdk.createStage({ ApiId, StageName: 'manual' }));
  const link = await doesNot('CreateVpcLink', sdk.createVpcLink({ Name: 'l', SubnetIds: ['s'] }));
  await doesNot('DeleteVpcLink', sdk.deleteVpcLink({ VpcLinkId: link.VpcLinkId }));
  const DomainName = 'api.example.com';
  const CertificateArn = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/c-1`;
  await sdk.createDomainName({ DomainName, DomainNameConfigurations: [{ CertificateArn }] });
  const mapping = await doesNot('CreateApiMapping', sdk.createApiMapping({ DomainName, ApiId, Stage: 'a' }));
  const { ApiMappingId } = mapping;
  await doesNot('DeleteApiMapping', sdk.deleteApiMapping({ DomainName, ApiMappingId }));
  await doesNot(
    'UpdateRoute of another API',
    sdk.updateRoute({ ApiId: other.ApiId, RouteId: other.RouteId, OperationName: 'x' }),
  );
  const badTarget = sdk.updateRoute({ ApiId, RouteId, Target: 'integrations/nothere' });
  await doesNot('UpdateRoute that is refused', assert.rejects(badTarget, BadRequestException));
});

test('which calls deploy a WebSocket API (§2.9.2)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId } = await webSocketApi(sdk);
  const { RouteId } = await sdk.createRoute({ ApiId, RouteKey: '$connect' });
  await sdk.createStage({ ApiId, StageName: 'a', AutoDeploy: true });
  const { deploys, doesNot } = await watched(sdk, ApiId);

  const integration = await doesNot(
    'CreateIntegration',
    sdk.createIntegration({ ApiId, IntegrationType: 'MOCK' }),
  );
  const path = { ApiId, IntegrationId: integration.IntegrationId };
  await deploys('UpdateIntegration, nothing', sdk.updateIntegration(path));
  const response = await deploys(
    'CreateIntegrationResponse',
    sdk.createIntegrationResponse({ ...path, IntegrationResponseKey: '$default' }),
  );
  const responsePath = { ...path, IntegrationResponseId: response.IntegrationResponseId };
  await deploys('UpdateIntegrationResponse, nothing', sdk.updateIntegrationResponse(responsePath));
  await deploys('DeleteIntegrationResponse', sdk.deleteIntegrationResponse(responsePath));
  await doesNot('DeleteIntegration', sdk.deleteIntegration(path));

  const routeResponse = await deploys(
    'CreateRouteResponse',
    sdk.createRouteResponse({ ApiId, RouteId, RouteResponseKey: '$default' }),
  );
  const routeResponsePath = { ApiId, RouteId, RouteResponseId: routeResponse.RouteResponseId };
  await deploys('UpdateRouteResponse, nothing', sdk.updateRouteResponse(routeResponsePath));
  await deploys('DeleteRouteResponse', sdk.deleteRouteResponse(routeResponsePath));

  const model = await doesNot('CreateModel', sdk.createModel({ ApiId, Name: 'm', Schema: '{}' }));
  await deploys('UpdateModel, nothing', sdk.updateModel({ ApiId, ModelId: model.ModelId }));
  await doesNot('DeleteModel', sdk.deleteModel({ ApiId, ModelId: model.ModelId }));

  const authorizer = await doesNot(
    'CreateAuthorizer',
    sdk.createAuthorizer({
      ApiId,
      Name: 'f',
      AuthorizerType: 'REQUEST',
      AuthorizerUri: FUNCTION,
      IdentitySource: [],
    }),
  );
  const authorizerPath = { ApiId, AuthorizerId: authorizer.AuthorizerId };
  await deploys('UpdateAuthorizer, nothing', sdk.updateAuthorizer(authorizerPath));
  await doesNot('DeleteAuthorizer', sdk.deleteAuthorizer(authorizerPath));

  const RequestParameterKey = 'route.request.header.x';
  const RequestParameters = { [RequestParameterKey]: { Required: true } };
  await deploys('UpdateRoute', sdk.updateRoute({ ApiId, RouteId, RequestParameters }));
  await deploys(
    'DeleteRouteRequestParameter',
    sdk.deleteRouteRequestParameter({ ApiId, RouteId, RequestParameterKey }),
  );
});

test('one deployment serves all stages with AutoDeploy, and no other (§2.9.2)', async (t) => {
  const { server, sdk } = await start(t);
  const { ApiId, RouteId } = await deployableApi(sdk);
  const first = await sdk.createStage({ ApiId, StageName: 'a', AutoDeploy: true });
  const second = await sdk.createStage({ ApiId, StageName: 'b', AutoDeploy: true });
  await sdk.createStage({ ApiId, StageName: 'manual' });
  assert.deepEqual(plain(await sdk.getDeployment({ ApiId, DeploymentId: first.DeploymentId })), {
    AutoDeployed: true,
    CreatedDate: CREATED,
    DeploymentId: first.DeploymentId,
    DeploymentStatus: 'DEPLOYED',
    Description: AUTOMATIC,
  });
  assert.notEqual(first.DeploymentId, second.DeploymentId);
  await sdk.createIntegration({ ApiId, ...backend });
  await sdk.updateRoute({ ApiId, RouteId, OperationName: 'x' });
  const a = await sdk.getStage({ ApiId, StageName: 'a' });
  const b = await sdk.getStage({ ApiId, StageName: 'b' });
  assert.ok(![first.DeploymentId, second.DeploymentId].includes(a.DeploymentId));
  assert.equal(a.DeploymentId, b.DeploymentId);
  const message = `Successfully deployed stage with deployment ID '${a.DeploymentId}'`;
  assert.deepEqual([a.LastDeploymentStatusMessage, b.LastDeploymentStatusMessage], [message, message]);
  assert.equal((await sdk.getStage({ ApiId, StageName: 'manual' })).DeploymentId, undefined);
  const key = frozenKey(apiKeyOf(PLACE, ApiId), a.DeploymentId!);
  const content = (await server.store.read((tx) => tx.get(key))) as unknown as FrozenApi;
  assert.deepEqual([content.Routes.length, content.Integrations.length], [1, 2]);
});

test('the last route gone, stages keep their deployment and say so; AutoDeploy can be switched (§2.9.2)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId, RouteId, IntegrationId } = await deployableApi(sdk);
  const path = { ApiId, StageName: 'a' };
  const { DeploymentId } = await sdk.createStage({ ...path, AutoDeploy: true });
  await sdk.deleteRoute({ ApiId, RouteId });
  let stage = await sdk.getStage(path);
  assert.deepEqual(
    [stage.DeploymentId, stage.LastDeploymentStatusMessage],
    [DeploymentId, `Deployment attempt failed: ${NO_ROUTES}`],
  );
  stage = await sdk.updateStage({ ...path, AutoDeploy: false });
  assert.equal(stage.DeploymentId, DeploymentId);
  await sdk.createRoute({ ApiId, RouteKey: 'GET /b', Target: `integrations/${IntegrationId}` });
  assert.equal((await sdk.getStage(path)).DeploymentId, DeploymentId);
  stage = await sdk.updateStage({ ...path, AutoDeploy: true });
  assert.notEqual(stage.DeploymentId, DeploymentId);
});

test('DeploymentId is not for a stage that follows its API (§2.8.1, §8.17)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId, RouteId } = await deployableApi(sdk);
  const { DeploymentId: d1 } = await sdk.createDeployment({ ApiId });
  const manual = { ApiId, StageName: 'manual' };
  const auto = { ApiId, StageName: 'auto' };
  await sdk.createStage({ ...manual, DeploymentId: d1 });
  const { DeploymentId: d5 } = await sdk.createStage({ ...auto, AutoDeploy: true });
  const refusedUpdates = [
    { ...manual, AutoDeploy: true, DeploymentId: d1 },
    { ...auto, DeploymentId: d5 },
    { ...auto, DeploymentId: d1 },
    { ...auto, AutoDeploy: true, DeploymentId: d5 },
  ];
  for (const update of refusedUpdates) {
    const before = plain(await sdk.getStage(update));
    await refused(sdk.updateStage(update), BadRequestException, 400, FOLLOWS);
    assert.deepEqual(plain(await sdk.getStage(update)), before);
  }
  const described = await sdk.updateStage({ ...auto, Description: 'x', DeploymentId: '' });
  assert.deepEqual([described.DeploymentId, described.Description, described.AutoDeploy], [d5, 'x', true]);
  const stopped = await sdk.updateStage({ ...auto, AutoDeploy: false, DeploymentId: d1 });
  assert.deepEqual([stopped.DeploymentId, stopped.AutoDeploy], [d1, false]);

  // With both, a new stage serves what it was given until the next change. An automatic deployment does as well.
  for (const [StageName, DeploymentId] of [
    ['both', d1],
    ['both-automatic', d5],
  ] as const) {
    const made = await sdk.createStage({ ApiId, StageName, AutoDeploy: true, DeploymentId });
    assert.deepEqual([made.DeploymentId, made.LastDeploymentStatusMessage], [DeploymentId, undefined]);
  }
  await sdk.updateRoute({ ApiId, RouteId, OperationName: 'x' });
  const follows = await sdk.getStage({ ApiId, StageName: 'both' });
  assert.ok(![d1, d5].includes(follows.DeploymentId));
  await refused(
    sdk.createStage({ ApiId, StageName: 'none', AutoDeploy: true, DeploymentId: 'nothere' }),
    BadRequestException,
    400,
    'Deployment id does not exist',
  );
});

test('a stage with AutoDeploy of an API without routes says why it is not deployed (§2.9.2)', async (t) => {
  const { sdk } = await start(t);
  const http = await httpApi(sdk);
  const stage = await sdk.createStage({ ...http, StageName: '$default', AutoDeploy: true });
  assert.equal(stage.DeploymentId, undefined);
  assert.equal(stage.LastDeploymentStatusMessage, `Deployment attempt failed: ${NO_ROUTES}`);
  const ws = await webSocketApi(sdk);
  const { LastDeploymentStatusMessage } = await sdk.createStage({
    ...ws,
    StageName: 'dev',
    AutoDeploy: true,
  });
  assert.equal(
    LastDeploymentStatusMessage,
    'Deployment attempt failed: At least one route is required before deploying the Api',
  );
});

test('of the automatic deployments that no stage uses the last 10 are kept (§8.27)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId, RouteId } = await deployableApi(sdk);
  const { DeploymentId: first } = await sdk.createStage({ ApiId, StageName: 'a', AutoDeploy: true });
  const manual = await sdk.createDeployment({ ApiId });
  await sdk.createStage({ ApiId, StageName: 'pinned', DeploymentId: first });
  for (let i = 0; i < 15; i++) await sdk.updateRoute({ ApiId, RouteId, OperationName: `n${i}` });
  const { Items } = await sdk.getDeployments({ ApiId });
  const automatic = Items!.filter((each) => each.AutoDeployed).map((each) => each.DeploymentId);
  // The pinned one, ten unused ones and the current one.
  assert.equal(automatic.length, 12);
  assert.equal(automatic[0], first);
  assert.equal(automatic.at(-1), (await sdk.getStage({ ApiId, StageName: 'a' })).DeploymentId);
  assert.ok(Items!.some((each) => each.DeploymentId === manual.DeploymentId));
  // One that a client deletes is not counted any more.
  await sdk.deleteDeployment({ ApiId, DeploymentId: automatic[5] });
  await sdk.updateRoute({ ApiId, RouteId, OperationName: 'last' });
  const left = (await sdk.getDeployments({ ApiId })).Items!.filter((each) => each.AutoDeployed);
  assert.equal(left.length, 12);
});
