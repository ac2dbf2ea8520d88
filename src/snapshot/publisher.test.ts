import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bareStageMeans } from '../../test/support/stage-means.ts';
import { API_INDEX, apiKeyOf, deploymentsOf, frozenKey, stagesOf } from '../config/keys.ts';
import { CallWatch } from '../http-api/call-watch.ts';
import { createUpstreamPools } from '../net/upstream/pool.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { ChangesPrunedError, type Document, type Store } from '../store/store.ts';
import { openPublisher, type Publisher } from './publisher.ts';

const PLACE = { account: '123456789012', region: 'us-east-1' };
const API_ID = 'a1b2c3d4e5';
const API = apiKeyOf(PLACE, API_ID);

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
  readonly recovered: string[];
  deploy(
    id: string,
    routes: readonly Document[],
    integrations?: readonly Document[],
    authorizers?: readonly Document[],
  ): Promise<void>;
  stage(document: Document): Promise<void>;
}

interface Given {
  readonly feed?: (real: Store['changes']) => Store['changes'];
  readonly read?: (real: Store['read']) => Store['read'];
  readonly patienceInMillis?: number;
}

async function open(
  t: TestContext,
  { feed = (real) => real, read = (real) => real, ...given }: Given = {},
): Promise<Opened> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-publisher-'));
  const store = await openSqliteStore({ directory });
  const pools = createUpstreamPools();
  const errors: string[] = [];
  const recovered: string[] = [];
  let isOpen = false;
  const real: Store['read'] = (work) => store.read(work);
  const publisher = await openPublisher({
    ...bareStageMeans(pools),
    ...given,
    documents: {
      latestChange: () => store.latestChange(),
      changes: feed((after, signal) => store.changes(after, signal)),
      read: (work) => (isOpen ? read(real)(work) : real(work)),
    },
    onError: (_error, what) => errors.push(what),
    onRecovered: () => recovered.push('recovered'),
  });
  isOpen = true;
  t.after(async () => {
    await publisher.close();
    await pools.close();
    await store.close();
    await rm(directory, { recursive: true });
  });
  await store.transact(async (tx) => {
    await tx.put([...API_INDEX, API_ID], { Account: PLACE.account, Region: PLACE.region });
    await tx.put(API, { ApiId: API_ID, ProtocolType: 'HTTP' });
  });
  return {
    store,
    publisher,
    errors,
    recovered,
    async deploy(id, routes, integrations = [INTEGRATION], authorizers = []) {
      const content = {
        Api: { ApiId: API_ID },
        Routes: routes,
        Integrations: integrations,
        Authorizers: authorizers,
      };
      await store.transact(async (tx) => {
        await tx.put([...deploymentsOf(API), id], { DeploymentId: id });
        await tx.put(frozenKey(API, id), content);
      });
    },
    async stage(document) {
      await store.transact((tx) => tx.put([...stagesOf(API), String(document.StageName)], document));
      await publisher.caughtUp();
    },
  };
}

function liveStage(publisher: Publisher, name = 'prod') {
  const api = publisher.current.apis.get(API_ID);
  assert.notEqual(api?.kind, 'websocket');
  return api?.kind === 'http' ? api.stages.get(name) : undefined;
}

function metricsOf(stage: ReturnType<typeof liveStage>) {
  assert.ok(stage?.watch instanceof CallWatch);
  return stage.watch.parts.metrics;
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
  await deploy('d3', [route('r1', 'GET /a')], [{ ...INTEGRATION, IntegrationMethod: 'POST' }]);
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

test('a stage that does not compile keeps its executable and stops no other; its status says why', async (t) => {
  const { publisher, deploy, stage, errors } = await open(t);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  const [before] = publisher.stages;
  assert.deepEqual([before?.wanted, before?.live, before?.problem], ['d1', 'd1', undefined]);
  await stage({ ...STAGE, DeploymentId: 'not there' });
  assert.equal(liveRoute(publisher, '/a')?.key, 'GET /a');
  assert.deepEqual(errors, ['compiling stage prod of API a1b2c3d4e5']);
  const [status] = publisher.stages;
  assert.deepEqual([status?.wanted, status?.live, status?.since], ['not there', 'd1', before?.since]);
  assert.match(
    status?.problem ?? '',
    /^The stage cannot be compiled: the deployment not there has no content$/,
  );
  await stage({ ...STAGE, StageName: 'dev' });
  assert.equal(liveStage(publisher, 'dev')?.name, 'dev');
  await stage(STAGE);
  assert.deepEqual([publisher.stages[0]?.wanted, publisher.stages[0]?.problem], ['d1', undefined]);
});

test('a route that cannot be compiled refuses alone, and the status of its stage names it', async (t) => {
  const { publisher, deploy, stage, errors } = await open(t);
  const broken = {
    ...INTEGRATION,
    IntegrationId: 'i2',
    RequestParameters: { 'no such:place': '$no.source' },
  };
  await deploy(
    'd1',
    [
      route('r1', 'GET /a'),
      { ...route('r2', 'GET /b'), Target: 'integrations/i2' },
      route('r3', 'no route key'),
      { ...route('r4', 'GET /d'), AuthorizationType: 'JWT', AuthorizerId: 'u1' },
      { ...route('r5', 'GET /e'), Target: 'integrations/i3' },
    ],
    [INTEGRATION, broken],
    [{ AuthorizerId: 'u1', Name: 'u', AuthorizerType: 'JWT' }],
  );
  await stage(STAGE);
  assert.equal(liveRoute(publisher, '/a')?.key, 'GET /a');
  assert.equal(liveRoute(publisher, '/b')?.key, 'GET /b');
  assert.deepEqual(errors, []);
  assert.deepEqual(
    publisher.stages[0]?.routes.map(({ routeKey, part, reason }) => [routeKey, part, reason.split(':')[0]]),
    [
      ['no route key', 'route', 'It cannot be compiled'],
      ['GET /b', 'integration', 'It cannot be compiled'],
      ['GET /d', 'authorizer', 'It cannot be compiled'],
      ['GET /e', 'integration', "The route's integration i3 does not exist"],
    ],
  );
});

const FAILURES: readonly (readonly [what: string, error: () => Error])[] = [
  ['an error', () => new Error('the disk is away')],
  ['changes that are kept no more', () => new ChangesPrunedError(1, 5)],
];
for (const [what, error] of FAILURES) {
  test(`the feed of changes ends with ${what}: it is followed anew, and no change is lost`, async (t) => {
    let left = 3;
    const { publisher, deploy, stage, errors, recovered } = await open(t, {
      feed: (real) =>
        async function* (after, signal) {
          if (left-- > 0) throw error();
          yield* real(after, signal);
        },
    });
    await deploy('d1', [route('r1', 'GET /a')]);
    await stage(STAGE);
    assert.equal(liveRoute(publisher, '/a')?.key, 'GET /a');
    assert.deepEqual(errors, ['following the store']);
    while (recovered.length === 0) await new Promise((done) => setTimeout(done, 10));
    assert.equal(publisher.trouble, undefined);
  });
}

test('while the feed is broken writers are told after a while, and health can tell; then everything is live', async (t) => {
  let isBroken = true;
  const { publisher, store, deploy } = await open(t, {
    patienceInMillis: 100,
    feed: (real) =>
      async function* (after, signal) {
        if (isBroken) throw new Error('the disk is away');
        yield* real(after, signal);
      },
    read: (real) => (isBroken ? () => Promise.reject(new Error('the disk is away')) : real),
  });
  isBroken = true;
  await deploy('d1', [route('r1', 'GET /a')]);
  await store.transact((tx) => tx.put([...stagesOf(API), 'prod'], STAGE));
  const began = performance.now();
  assert.equal(await publisher.caughtUp(), false);
  assert.ok(performance.now() - began >= 99);
  assert.match(publisher.trouble ?? '', /^Changes are stored, but not live: the disk is away/);
  isBroken = false;
  while (!(await publisher.caughtUp()));
  assert.equal(publisher.trouble, undefined);
  assert.equal(liveRoute(publisher, '/a')?.key, 'GET /a');
});

test('what the means lead to is compiled in when they change', async (t) => {
  const { publisher, deploy, stage } = await open(t);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  const before = liveStage(publisher);
  await publisher.recompile();
  assert.notEqual(liveRoute(publisher, '/a'), before?.router.match('GET', '/a')?.route);
  assert.equal(metricsOf(liveStage(publisher)), metricsOf(before), 'what was counted stays');
});

test('each swap is told to everybody who listens, until they end that', async (t) => {
  const { publisher, deploy, stage } = await open(t);
  const heard: string[] = [];
  const tell = (who: string) => () =>
    heard.push(`${who}: ${publisher.current.apis.get(API[3]!)?.stages.size}`);
  const end = publisher.onSwap(tell('first'));
  publisher.onSwap(tell('second'));
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  assert.deepEqual(heard.splice(0).slice(-2), ['first: 1', 'second: 1']);
  end();
  await stage({ ...STAGE, StageName: 'dev' });
  assert.deepEqual(heard, ['second: 2']);
});

test('a deleted stage and a deleted API are gone', async (t) => {
  const { publisher, store, deploy, stage } = await open(t);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  await store.transact((tx) => tx.delete([...stagesOf(API), 'prod']));
  await publisher.caughtUp();
  assert.equal(liveStage(publisher), undefined);
  await store.transact((tx) => tx.delete(API));
  await publisher.caughtUp();
  assert.equal(publisher.current.apis.size, 0);
});
