// Deployments that clients make, driven by the unmodified AWS SDK (spec/management-api.md §2.9.1).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ApiGatewayV2, BadRequestException, NotFoundException } from '@aws-sdk/client-apigatewayv2';
import type { FrozenApi } from '../../../src/config/frozen.ts';
import { apiKeyOf, frozenKey } from '../../../src/config/keys.ts';
import { deployableApi, httpApi, plain, webSocketApi } from '../../support/management-seeds.ts';
import {
  type ManagementServer,
  PLACE,
  refused,
  startManagementServer,
} from '../../support/management-server.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const CREATED = '2026-03-01T12:00:00.000Z';
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
  const key = frozenKey(apiKeyOf(PLACE, apiId), deploymentId);
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

test('StageName of a stage with AutoDeploy: the deployment is FAILED and the stage stays (§2.9.1)', async (t) => {
  const { server, sdk } = await start(t);
  const { ApiId, RouteId } = await deployableApi(sdk);
  const blue = { ApiId, StageName: 'blue' };
  await sdk.createStage({ ...blue, AutoDeploy: true });
  await sdk.updateRoute({ ApiId, RouteId, OperationName: 'x' });
  const before = plain(await sdk.getStage(blue));
  const created = plain(await sdk.createDeployment({ ...blue, Description: 'by hand' }));
  const { DeploymentId } = created as { DeploymentId: string };
  assert.deepEqual(created, {
    AutoDeployed: false,
    CreatedDate: CREATED,
    DeploymentId,
    DeploymentStatus: 'FAILED',
    DeploymentStatusMessage:
      'Stage blue follows the changes of its API by itself because AutoDeploy is enabled',
    Description: 'by hand',
  });
  assert.equal(await frozen(server, ApiId, DeploymentId), undefined);
  assert.deepEqual(plain(await sdk.getStage(blue)), before);
  assert.deepEqual(plain(await sdk.getDeployment({ ApiId, DeploymentId })), created);
  const described = plain(await sdk.updateDeployment({ ApiId, DeploymentId, Description: 'y' }));
  assert.deepEqual(described, { ...created, Description: 'y' });
  const unservable = 'A deployment whose status is FAILED cannot be served by a stage';
  await sdk.createStage({ ApiId, StageName: 'green' });
  for (const call of [
    sdk.updateStage({ ApiId, StageName: 'green', DeploymentId }),
    sdk.createStage({ ApiId, StageName: 'red', DeploymentId }),
  ]) {
    await refused(call, BadRequestException, 400, unservable);
  }
  // A manual stage moves; without a name no stage does.
  const moved = await sdk.createDeployment({ ApiId, StageName: 'green' });
  const unnamed = await sdk.createDeployment({ ApiId });
  assert.deepEqual([moved.DeploymentStatus, unnamed.DeploymentStatus], ['DEPLOYED', 'DEPLOYED']);
  assert.equal((await sdk.getStage({ ApiId, StageName: 'green' })).DeploymentId, moved.DeploymentId);
  assert.deepEqual(plain(await sdk.getStage(blue)), before);
  assert.equal((await sdk.deleteDeployment({ ApiId, DeploymentId })).$metadata.httpStatusCode, 204);
});

test('what cannot be deployed is refused, whatever the stage follows (§2.9.1)', async (t) => {
  const { sdk } = await start(t);
  const http = await httpApi(sdk);
  await sdk.createStage({ ...http, StageName: 'blue', AutoDeploy: true });
  await refused(sdk.createDeployment({ ...http, StageName: 'blue' }), BadRequestException, 400, NO_ROUTES);
  assert.deepEqual((await sdk.getDeployments(http)).Items, []);
});
