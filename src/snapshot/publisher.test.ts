import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bareStageMeans } from '../../test/support/stage-means.ts';
import { createUpstreamPools } from '../net/upstream/pool.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import type { Document, Key, Store } from '../store/store.ts';
import { API_INDEX, openPublisher, type Publisher } from './publisher.ts';

const API: Key = ['123456789012', 'us-east-1', 'apis', 'a1b2c3d4e5'];

const INTEGRATION = {
  IntegrationId: 'i1',
  IntegrationType: 'HTTP_PROXY',
  IntegrationMethod: 'ANY',
  IntegrationUri: 'http://${stageVariables.backend}/',
  PayloadFormatVersion: '1.0',
};

function route(id: string, key: string): Document {
  return { RouteId: id, RouteKey: key, AuthorizationType: 'NONE', Target: 'integrations/i1' };
}

interface Opened {
  readonly store: Store;
  readonly publisher: Publisher;
  readonly errors: string[];
  deploy(id: string, routes: readonly Document[], integration?: Document): Promise<void>;
  stage(document: Document): Promise<void>;
}

async function open(t: TestContext): Promise<Opened> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-publisher-'));
  const store = await openSqliteStore({ directory });
  const pools = createUpstreamPools();
  const errors: string[] = [];
  const publisher = await openPublisher({
    ...bareStageMeans(pools),
    store,
    onError: (_error, what) => errors.push(what),
  });
  t.after(async () => {
    await publisher.close();
    await pools.close();
    await store.close();
    await rm(directory, { recursive: true });
  });
  await store.transact(async (tx) => {
    await tx.put([...API_INDEX, API[3]!], { Account: API[0], Region: API[1] });
    await tx.put(API, { ApiId: API[3], ProtocolType: 'HTTP' });
  });
  return {
    store,
    publisher,
    errors,
    async deploy(id, routes, integration = INTEGRATION) {
      const content = { Api: { ApiId: API[3] }, Routes: routes, Integrations: [integration] };
      await store.transact(async (tx) => {
        await tx.put([...API, 'deployments', id], { DeploymentId: id });
        await tx.put([...API, 'deployments', id, 'frozen', 'content'], content);
      });
    },
    async stage(document) {
      await store.transact((tx) => tx.put([...API, 'stages', String(document.StageName)], document));
      await publisher.caughtUp();
    },
  };
}

function liveStage(publisher: Publisher, name = 'prod') {
  return publisher.current.apis.get(API[3]!)?.stages.get(name);
}

function liveRoute(publisher: Publisher, path: string) {
  return liveStage(publisher)?.router.match('GET', path)?.route;
}

const STAGE = { StageName: 'prod', DeploymentId: 'd1', StageVariables: { backend: '127.0.0.1:9' } };

test('a stage is live once its document names a deployment (§8)', async (t) => {
  const { publisher, deploy, stage } = await open(t);
  await stage({ StageName: 'prod' });
  assert.equal(liveStage(publisher), undefined);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  assert.equal(liveRoute(publisher, '/a')?.key, 'GET /a');
});

test('a new deployment takes over the routes that did not change, and only those', async (t) => {
  const { publisher, deploy, stage } = await open(t);
  await deploy('d1', [route('r1', 'GET /a'), route('r2', 'GET /b')]);
  await stage(STAGE);
  const [a, b] = [liveRoute(publisher, '/a'), liveRoute(publisher, '/b')];
  await deploy('d2', [route('r1', 'GET /a'), route('r2', 'GET /c')]);
  await stage({ ...STAGE, DeploymentId: 'd2' });
  assert.equal(liveRoute(publisher, '/a'), a);
  assert.equal(liveRoute(publisher, '/b'), undefined);
  assert.notEqual(liveRoute(publisher, '/c'), b);
  await deploy('d3', [route('r1', 'GET /a')], { ...INTEGRATION, IntegrationMethod: 'POST' });
  await stage({ ...STAGE, DeploymentId: 'd3' });
  assert.notEqual(liveRoute(publisher, '/a'), a);
});

test('changed stage variables compile every route anew', async (t) => {
  const { publisher, deploy, stage } = await open(t);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  const before = liveRoute(publisher, '/a');
  await stage({ ...STAGE, StageVariables: { backend: '127.0.0.1:10' } });
  assert.notEqual(liveRoute(publisher, '/a'), before);
});

test('a setting that changes nothing executable keeps the stage', async (t) => {
  const { publisher, deploy, stage } = await open(t);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  const before = liveStage(publisher);
  await stage({ ...STAGE, Description: 'x' });
  assert.equal(liveStage(publisher), before);
});

test('a stage that does not compile keeps its executable and stops no other', async (t) => {
  const { publisher, deploy, stage, errors } = await open(t);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  await deploy('d2', [route('r1', 'no route key')]);
  await stage({ ...STAGE, DeploymentId: 'd2' });
  assert.equal(liveRoute(publisher, '/a')?.key, 'GET /a');
  assert.deepEqual(errors, ['compiling stage prod of API a1b2c3d4e5']);
  await stage({ ...STAGE, StageName: 'dev' });
  assert.equal(liveStage(publisher, 'dev')?.name, 'dev');
});

test('a deleted stage and a deleted API are gone', async (t) => {
  const { publisher, store, deploy, stage } = await open(t);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  await store.transact((tx) => tx.delete([...API, 'stages', 'prod']));
  await publisher.caughtUp();
  assert.equal(liveStage(publisher), undefined);
  await store.transact((tx) => tx.delete(API));
  await publisher.caughtUp();
  assert.equal(publisher.current.apis.size, 0);
});
