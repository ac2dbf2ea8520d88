// Deployments and automatic deployments, driven by the unmodified AWS SDK (spec/management-api.md §2.9, §8.27).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ApiGatewayV2, BadRequestException, NotFoundException } from '@aws-sdk/client-apigatewayv2';
import type { FrozenApi } from '../../src/config/frozen.ts';
import { deployableApi, httpApi, plain, webSocketApi } from '../support/management-seeds.ts';
import {
  ACCOUNT,
  type ManagementServer,
  REGION,
  refused,
  startManagementServer,
} from '../support/management-server.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const CREATED = '2026-03-01T12:00:00.000Z';
const AUTOMATIC = 'Automatic deployment triggered by changes to the Api configuration';
const NO_ROUTES = 'Unable to deploy API because no valid routes exist in this API';

async function start(t: TestContext): Promise<{ server: ManagementServer; sdk: ApiGatewayV2 }> {
  const server = await startManagementServer(() => NOW);
  t.after(() => server.close());
  return { server, sdk: server.client() };
}

async function frozen(
  server: ManagementServer,
  apiId: string,
  deploymentId: string,
): Promise<FrozenApi | undefined> {
  const key = [ACCOUNT, REGION, 'apis', apiId, 'deployments', deploymentId, 'frozen', 'content'];
  return (await server.store.read((tx) => tx.get(key))) as FrozenApi | undefined;
}

test('CreateDeployment, read, UpdateDeployment, list in pages, DeleteDeployment (§2.9.1)', async (t) => {
  const { server, sdk } = await start(t);
  const { ApiId } = await deployableApi(sdk);
  const created = plain(await sdk.createDeployment({ ApiId, Description: 'first' }));
  const { DeploymentId } = created as { DeploymentId: string };
  assert.match(DeploymentId, /^[a-z0-9]{6}$/);
  const bare = { AutoDeployed: false, CreatedDate: CREATED, DeploymentId, DeploymentStatus: 'DEPLOYED' };
  assert.deepEqual(created, { ...bare, Description: 'first' });
  assert.deepEqual(plain(await sdk.getDeployment({ ApiId, DeploymentId })), created);
  const described = await sdk.updateDeployment({ ApiId, DeploymentId, Description: 'x' });
  assert.deepEqual(plain(described), { ...bare, Description: 'x' });
  assert.deepEqual(plain(await sdk.updateDeployment({ ApiId, DeploymentId, Description: '' })), bare);
  const second = await sdk.createDeployment({ ApiId });
  const page = await sdk.getDeployments({ ApiId, MaxResults: '1' });
  const rest = await sdk.getDeployments({ ApiId, NextToken: page.NextToken! });
  const ids = [...page.Items!, ...rest.Items!].map((deployment) => deployment.DeploymentId);
  assert.deepEqual(ids, [DeploymentId, second.DeploymentId]);
  assert.equal((await sdk.deleteDeployment({ ApiId, DeploymentId })).$metadata.httpStatusCode, 204);
  assert.equal(await frozen(server, ApiId, DeploymentId), undefined);
  const gone = 'Invalid deployment identifier specified';
  await refused(sdk.getDeployment({ ApiId, DeploymentId }), NotFoundException, 404, gone);
  await refused(sdk.deleteDeployment({ ApiId, DeploymentId }), NotFoundException, 404, gone);
});

test('a deployment is a copy of the API at its moment (§2.9.1)', async (t) => {
  const { server, sdk } = await start(t);
  const { ApiId, IntegrationId, RouteId } = await deployableApi(sdk);
  const { DeploymentId } = await sdk.createDeployment({ ApiId });
  await sdk.updateIntegration({ ApiId, IntegrationId, IntegrationUri: 'http://other.example' });
  await sdk.updateApi({ ApiId, CorsConfiguration: { AllowOrigins: ['*'] } });
  await sdk.deleteRoute({ ApiId, RouteId });
  const content = await frozen(server, ApiId, DeploymentId!);
  assert.equal(content!.Api.CorsConfiguration, undefined);
  assert.deepEqual(content!.Routes, [
    {
      ApiKeyRequired: false,
      AuthorizationType: 'NONE',
      RouteId,
      RouteKey: 'GET /pets/{petId}',
      Target: `integrations/${IntegrationId}`,
    },
  ]);
  assert.equal(content!.Integrations[0]!.IntegrationUri, 'http://backend.example/{petId}');
});

test('StageName points a stage at the new deployment, which then cannot be deleted (§2.9.1, §2.16)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId } = await deployableApi(sdk);
  await sdk.createStage({ ApiId, StageName: 'prod' });
  const { DeploymentId, ...answer } = await sdk.createDeployment({ ApiId, StageName: 'prod' });
  assert.equal('StageName' in answer, false);
  assert.equal((await sdk.getStage({ ApiId, StageName: 'prod' })).DeploymentId, DeploymentId);
  const inUse = 'Active stages pointing to this deployment must be moved or deleted';
  await refused(sdk.deleteDeployment({ ApiId, DeploymentId }), BadRequestException, 400, inUse);
  await sdk.createDeployment({ ApiId, StageName: 'prod' });
  await sdk.deleteDeployment({ ApiId, DeploymentId });
});

test('there must be something to deploy, and a stage to point (App. A)', async (t) => {
  const { sdk } = await start(t);
  const http = await httpApi(sdk);
  await refused(sdk.createDeployment(http), BadRequestException, 400, NO_ROUTES);
  await sdk.createRoute({ ...http, RouteKey: 'GET /' });
  await refused(sdk.createDeployment(http), BadRequestException, 400, NO_ROUTES);
  assert.deepEqual((await sdk.getDeployments(http)).Items, []);
  const ws = await webSocketApi(sdk);
  const noRoute = 'At least one route is required before deploying the Api';
  await refused(sdk.createDeployment(ws), BadRequestException, 400, noRoute);
  await sdk.createRoute({ ...ws, RouteKey: '$default' });
  await sdk.createDeployment(ws);
  const { ApiId } = await deployableApi(sdk);
  const noStage =
    'Stage nothere does not exist. StageName specified on a CreateDeployment request must exist so the stage can be updated with the new deployment.';
  await refused(sdk.createDeployment({ ApiId, StageName: 'nothere' }), BadRequestException, 400, noStage);
  const long = 'description must have length between 0 and 1024';
  await refused(
    sdk.createDeployment({ ApiId, Description: 'x'.repeat(1025) }),
    BadRequestException,
    400,
    long,
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

test('each change of the API makes one deployment for all stages with AutoDeploy (§2.9.2)', async (t) => {
  const { server, sdk } = await start(t);
  const { ApiId, IntegrationId, RouteId } = await deployableApi(sdk);
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

  let current = await sdk.getStage({ ApiId, StageName: 'a' });
  const Target = `integrations/${IntegrationId}`;
  const changes: readonly (readonly [name: string, change: () => Promise<unknown>, deploys: boolean])[] = [
    ['CreateRoute', () => sdk.createRoute({ ApiId, RouteKey: 'GET /b', Target }), true],
    ['UpdateRoute', () => sdk.updateRoute({ ApiId, RouteId, OperationName: 'x' }), true],
    ['UpdateRoute with nothing new', () => sdk.updateRoute({ ApiId, RouteId, OperationName: 'x' }), false],
    ['DeleteRoute', () => sdk.deleteRoute({ ApiId, RouteId }), true],
    [
      'CreateIntegration',
      () =>
        sdk.createIntegration({
          ApiId,
          IntegrationType: 'HTTP_PROXY',
          IntegrationMethod: 'GET',
          IntegrationUri: 'http://a.example',
          PayloadFormatVersion: '1.0',
        }),
      true,
    ],
    ['UpdateIntegration', () => sdk.updateIntegration({ ApiId, IntegrationId, TimeoutInMillis: 100 }), true],
    ['UpdateApi', () => sdk.updateApi({ ApiId, CorsConfiguration: { AllowOrigins: ['*'] } }), true],
    ['DeleteCorsConfiguration', () => sdk.deleteCorsConfiguration({ ApiId }), true],
    [
      'TagResource',
      () =>
        sdk.tagResource({ ResourceArn: `arn:aws:apigateway:${REGION}::/apis/${ApiId}`, Tags: { a: 'b' } }),
      false,
    ],
    ['UpdateStage', () => sdk.updateStage({ ApiId, StageName: 'a', Description: 'x' }), false],
    ['CreateDeployment', () => sdk.createDeployment({ ApiId }), false],
  ];
  for (const [name, change, deploys] of changes) {
    await change();
    const [a, b] = [
      await sdk.getStage({ ApiId, StageName: 'a' }),
      await sdk.getStage({ ApiId, StageName: 'b' }),
    ];
    assert.equal(a.DeploymentId !== current.DeploymentId, deploys, `${name} deploys: ${deploys}`);
    if (deploys) {
      assert.equal(a.DeploymentId, b.DeploymentId);
      const message = `Successfully deployed stage with deployment ID '${a.DeploymentId}'`;
      assert.deepEqual([a.LastDeploymentStatusMessage, b.LastDeploymentStatusMessage], [message, message]);
    }
    current = a;
  }
  assert.equal((await sdk.getStage({ ApiId, StageName: 'manual' })).DeploymentId, undefined);
  const content = await frozen(server, ApiId, current.DeploymentId!);
  assert.deepEqual([content!.Routes.length, content!.Integrations.length], [1, 2]);
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
  // The current id may be sent back (§8.17).
  stage = await sdk.updateStage({ ...path, DeploymentId, AutoDeploy: true });
  assert.equal(stage.DeploymentId, DeploymentId);
  stage = await sdk.updateStage({ ...path, AutoDeploy: false });
  assert.equal(stage.DeploymentId, DeploymentId);
  await sdk.createRoute({ ApiId, RouteKey: 'GET /b', Target: `integrations/${IntegrationId}` });
  assert.equal((await sdk.getStage(path)).DeploymentId, DeploymentId);
  stage = await sdk.updateStage({ ...path, AutoDeploy: true });
  assert.notEqual(stage.DeploymentId, DeploymentId);
  // A deployment of a client's making moves the stage, too.
  const made = await sdk.createDeployment(path);
  assert.equal((await sdk.getStage(path)).DeploymentId, made.DeploymentId);
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
