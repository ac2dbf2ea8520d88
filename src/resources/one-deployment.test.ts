// What rules write for another operation: many resources in one transaction, with every index kept, and one deployment at the
// end. An importer is built upon this.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FrozenApi } from '../config/frozen.ts';
import {
  API_INDEX,
  apiKeyOf,
  deploymentsOf,
  frozenKey,
  integrationsOf,
  routeShapeKey,
  routesOf,
  routesTargetingOf,
  stagesOf,
} from '../config/keys.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Key, ReadTransaction, Store, Transaction } from '../store/store.ts';
import { ServiceError } from '../wire/errors.ts';
import { apis } from './api/api.ts';
import { authorizers } from './authorizer/authorizer.ts';
import type { Context } from './context.ts';
import { autoDeploy } from './deployment/auto-deploy.ts';
import { deployments } from './deployment/deployment.ts';
import { listAll } from './document-list.ts';
import { integrations } from './integration/integration.ts';
import { routes } from './route/route.ts';
import { stages } from './stage/stage.ts';

const PLACE = { account: '000000000000', region: 'us-east-1' };
const ROUTES = 100;
const INTEGRATIONS = 20;

function contextOf(tx: Transaction): Context {
  return { tx, ...PLACE, now: new Date(0), endpoint: (apiId) => `http://${apiId}.example` };
}

async function openStore(t: TestContext): Promise<Store> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-rules-'));
  const store = await openSqliteStore({ directory });
  t.after(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  return store;
}

interface Made {
  readonly apiId: string;
  readonly routeIds: readonly string[];
  readonly integrationIds: readonly string[];
}

/** What an importer does in its transaction. */
async function makeApi(context: Context): Promise<Made> {
  const { ApiId } = await apis.create(context, { Name: 'imported', ProtocolType: 'HTTP' });
  const integrationIds: string[] = [];
  for (let i = 0; i < INTEGRATIONS; i++) {
    const { IntegrationId } = await integrations.create(context, {
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri: `http://127.0.0.1:4800/${i}`,
      PayloadFormatVersion: '1.0',
    });
    integrationIds.push(IntegrationId);
  }
  const authorizerIds: string[] = [];
  for (const Name of ['first', 'second']) {
    const { AuthorizerId } = await authorizers.create(context, {
      ApiId,
      Name,
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: `https://${Name}.example`, Audience: ['pets'] },
    });
    authorizerIds.push(AuthorizerId);
  }
  await stages.create(context, { ApiId, StageName: 'prod', AutoDeploy: true });
  const routeIds: string[] = [];
  for (let i = 0; i < ROUTES; i++) {
    const { RouteId } = await routes.create(context, {
      ApiId,
      RouteKey: `GET /pets/${i}/{id}`,
      Target: `integrations/${integrationIds[i % INTEGRATIONS]}`,
      AuthorizationType: 'JWT',
      AuthorizerId: authorizerIds[i % 2],
    });
    routeIds.push(RouteId);
  }
  await autoDeploy(context, apiKeyOf(context, ApiId));
  return { apiId: ApiId, routeIds, integrationIds };
}

const sizeOf = async (tx: ReadTransaction, collection: Key): Promise<number> =>
  (await tx.list(collection)).entries.length;

test('a hundred routes in one transaction are one deployment, and the indexes find each of them', async (t) => {
  const store = await openStore(t);
  const { apiId, routeIds, integrationIds } = await store.transact((tx) => makeApi(contextOf(tx)));
  const apiKey = apiKeyOf(PLACE, apiId);
  await store.read(async (tx) => {
    assert.deepEqual(await tx.get([...API_INDEX, apiId]), { Account: PLACE.account, Region: PLACE.region });
    const [deployment, ...more] = await listAll<{ DeploymentId: string }>(tx, deploymentsOf(apiKey));
    assert.equal(more.length, 0);
    const frozen = await tx.get(frozenKey(apiKey, deployment!.DeploymentId));
    const { Routes } = frozen as unknown as FrozenApi;
    assert.deepEqual(
      Routes.map(({ RouteId }) => RouteId),
      routeIds,
    );
    const stage = await tx.get([...stagesOf(apiKey), 'prod']);
    assert.equal(stage?.DeploymentId, deployment!.DeploymentId);
    for (let i = 0; i < ROUTES; i++) {
      assert.deepEqual(await tx.get(routeShapeKey(apiKey, `GET /pets/${i}/{}`)), {
        RouteId: routeIds[i],
        RouteKey: `GET /pets/${i}/{id}`,
      });
    }
    for (const id of integrationIds) assert.equal(await sizeOf(tx, routesTargetingOf(apiKey, id)), 5);
  });
  const again = { ApiId: apiId, RouteKey: 'GET /pets/7/{id}' };
  await assert.rejects(
    store.transact((tx) => routes.operations.CreateRoute(again, contextOf(tx))),
    { code: 'ConflictException', message: 'Route with key GET /pets/7/{id} already exists for this API' },
  );
});

test('what rules delete is off the indexes, and clients may have its keys', async (t) => {
  const store = await openStore(t);
  const { apiId, routeIds, integrationIds } = await store.transact((tx) => makeApi(contextOf(tx)));
  const ApiId = apiId;
  const apiKey = apiKeyOf(PLACE, apiId);
  await store.transact(async (tx) => {
    const context = contextOf(tx);
    for (let i = 0; i < ROUTES; i += 2) await routes.delete(context, { ApiId, RouteId: routeIds[i] });
    for (let i = 0; i < INTEGRATIONS; i += 2) {
      await integrations.delete(context, { ApiId, IntegrationId: integrationIds[i] });
    }
    await routes.update(context, { ApiId, RouteId: routeIds[1], RouteKey: 'GET /renamed' });
    await apis.update(context, { ApiId, Name: 'reimported' }, { Tags: { from: 'a definition' } });
    await autoDeploy(context, apiKey);
  });
  await store.read(async (tx) => {
    assert.equal(await sizeOf(tx, routesOf(apiKey)), ROUTES / 2);
    assert.equal(await sizeOf(tx, integrationsOf(apiKey)), INTEGRATIONS / 2);
    assert.equal(await sizeOf(tx, deploymentsOf(apiKey)), 2);
    for (let i = 0; i < ROUTES; i++) {
      const isThere = i % 2 === 1 && i !== 1;
      const found = await tx.get(routeShapeKey(apiKey, `GET /pets/${i}/{}`));
      assert.equal(found?.RouteId, isThere ? routeIds[i] : undefined);
    }
    assert.equal((await tx.get(routeShapeKey(apiKey, 'GET /renamed')))?.RouteId, routeIds[1]);
    for (let i = 0; i < INTEGRATIONS; i++) {
      const targeting = await sizeOf(tx, routesTargetingOf(apiKey, integrationIds[i]!));
      assert.equal(targeting, i % 2 === 0 ? 0 : 5);
    }
    const api = await tx.get(apiKey);
    assert.deepEqual([api?.Name, api?.Tags], ['reimported', { from: 'a definition' }]);
  });
  for (const RouteKey of ['GET /pets/0/{id}', 'GET /pets/1/{id}']) {
    await store.transact((tx) => routes.operations.CreateRoute({ ApiId, RouteKey }, contextOf(tx)));
  }
  await store.transact((tx) => apis.delete(contextOf(tx), { ApiId }));
  await store.read(async (tx) => {
    assert.equal(await tx.get([...API_INDEX, apiId]), undefined);
    assert.equal(await sizeOf(tx, routesOf(apiKey)), 0);
  });
});

test('rules delete what clients may not, and hear of wrong input as clients do (§1.5)', async (t) => {
  const store = await openStore(t);
  await store.transact(async (tx) => {
    const context = contextOf(tx);
    const { ApiId } = await apis.create(context, { Name: 'a', ProtocolType: 'HTTP' });
    const made = { ApiGatewayManaged: true };
    const { RouteId } = await routes.create(context, { ApiId, RouteKey: '$default' }, made);
    await assert.rejects(routes.operations.DeleteRoute({ ApiId, RouteId }, context), ServiceError);
    await routes.delete(context, { ApiId, RouteId });
    const notFound = { code: 'NotFoundException' };
    await assert.rejects(routes.delete(context, { ApiId, RouteId }), notFound);
    await assert.rejects(routes.create(context, { ApiId: 'none' }), notFound);
    await assert.rejects(routes.create(context, { ApiId }), { code: 'BadRequestException' });
    await assert.rejects(integrations.create(context, { ApiId, IntegrationType: 'FTP' }), {
      code: 'BadRequestException',
    });
    // A deployment of the rules is as whole as a client's.
    await assert.rejects(deployments.create(context, { ApiId }), { code: 'BadRequestException' });
  });
});
