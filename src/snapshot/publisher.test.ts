// What a change in the store leads to: what is compiled anew, what is kept, what is told. The feed of changes itself is in
// publisher-feed.test.ts.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  API,
  API_ID,
  INTEGRATION,
  liveRoute,
  liveStage,
  openStand,
  PLACE,
  putApi,
  putDomain,
  route,
  STAGE,
  silent,
} from '../../test/support/publisher-stand.ts';
import {
  API_INDEX,
  apiMappingsOf,
  deploymentsOf,
  domainIndexKey,
  domainKeyOf,
  stagesOf,
} from '../config/keys.ts';
import { CallWatch } from '../http-api/call-watch.ts';
import type { Document, Store, Transaction } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { type InTurn, openPublisher, type Publisher } from './publisher.ts';

function metricsOf(stage: ReturnType<typeof liveStage>) {
  assert.ok(stage?.watch instanceof CallWatch);
  return stage.watch.parts.metrics;
}

test('a stage is live once its document names a deployment (§8)', async (t) => {
  const { publisher, deploy, stage } = await openStand(t);
  await stage({ StageName: 'prod' });
  assert.equal(liveStage(publisher), undefined);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  assert.equal(liveRoute(publisher, '/a')?.key, 'GET /a');
});

test('a new deployment takes over the routes that did not change, and only those', async (t) => {
  const { publisher, deploy, stage } = await openStand(t);
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

/** Whatever is compiled takes so long, by the clock. */
function compilingTakes(t: TestContext): (millis: number) => void {
  let step = 0;
  let now = 0;
  t.mock.method(performance, 'now', () => {
    now += step;
    return now;
  });
  return (millis) => {
    step = millis;
  };
}

test('a stage that took long waits for its turn, serves meanwhile, and is compiled once, as it is by then', async (t) => {
  const takes = compilingTakes(t);
  const turns: (() => void)[] = [];
  const inTurn: InTurn = (compile) => new Promise((resolve) => turns.push(() => resolve(compile())));
  const asked = async () => {
    while (turns.length === 0) await new Promise(setImmediate);
    return turns.shift()!;
  };
  const { publisher, store, deploy, stage } = await openStand(t, { inTurn });
  const deployed = async (id: string, path: string) => {
    await deploy(id, [route('r1', `GET ${path}`)]);
    const document = { ...STAGE, DeploymentId: id };
    await store.transact((tx) => tx.put([...stagesOf(API), 'prod'], document));
    return { live: publisher.caughtUp() };
  };
  takes(21);
  await deploy('d1', [route('r1', 'GET /a')]);
  // Nobody knows what it takes yet.
  await stage(STAGE);
  const { live: second } = await deployed('d2', '/b');
  const begin = await asked();
  assert.equal(liveRoute(publisher, '/a')?.key, 'GET /a');
  const { live: third } = await deployed('d3', '/c');
  begin();
  await second;
  const compiled = liveStage(publisher);
  assert.deepEqual([liveRoute(publisher, '/b'), liveRoute(publisher, '/c')?.key], [undefined, 'GET /c']);
  (await asked())();
  await third;
  assert.equal(liveStage(publisher), compiled);
  // From here on it is cheap, which is known once it was compiled so.
  takes(20);
  const { live: fourth } = await deployed('d4', '/d');
  (await asked())();
  await fourth;
  await stage({ ...STAGE, DeploymentId: 'd1' });
  assert.equal(liveRoute(publisher, '/a')?.key, 'GET /a');
  assert.deepEqual(turns, []);
});

test('a stage that waits for its first call asks for no turn; when everything is compiled anew, one that took long does', async (t) => {
  const takes = compilingTakes(t);
  const { means, deploy, stage } = await openStand(t);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  let turns = 0;
  const inTurn: InTurn = (compile) => {
    turns++;
    return compile();
  };
  takes(21);
  const publisher = await openPublisher({ ...means, inTurn });
  t.after(() => publisher.close());
  await publisher.recompile();
  const before = liveStage(publisher);
  assert.notEqual(before, undefined);
  assert.equal(turns, 0);
  await publisher.recompile();
  assert.notEqual(liveStage(publisher), before);
  assert.equal(turns, 1);
});

test('changed stage variables compile every route anew', async (t) => {
  const { publisher, deploy, stage } = await openStand(t);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  const before = liveRoute(publisher, '/a');
  await stage({ ...STAGE, StageVariables: { backend: '127.0.0.1:10' } });
  assert.notEqual(liveRoute(publisher, '/a'), before);
});

test('a setting that changes nothing executable keeps the stage', async (t) => {
  const { publisher, deploy, stage } = await openStand(t);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  const before = liveStage(publisher);
  await stage({ ...STAGE, Description: 'x' });
  assert.equal(liveStage(publisher), before);
});

test('a stage that does not compile keeps its executable and stops no other; its status says why', async (t) => {
  const { publisher, deploy, stage, errors } = await openStand(t);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  const [before] = await publisher.stages();
  assert.deepEqual([before?.wanted, before?.live, before?.problem], ['d1', 'd1', undefined]);
  await stage({ ...STAGE, DeploymentId: 'not there' });
  assert.equal(liveRoute(publisher, '/a')?.key, 'GET /a');
  assert.deepEqual(errors, ['compiling stage prod of API a1b2c3d4e5']);
  const [status] = await publisher.stages();
  assert.deepEqual([status?.wanted, status?.live, status?.since], ['not there', 'd1', before?.since]);
  assert.match(
    status?.problem ?? '',
    /^The stage cannot be compiled: the deployment not there has no content$/,
  );
  await stage({ ...STAGE, StageName: 'dev' });
  assert.equal(liveStage(publisher, 'dev')?.name, 'dev');
  await stage(STAGE);
  assert.deepEqual(
    [(await publisher.stages())[0]?.wanted, (await publisher.stages())[0]?.problem],
    ['d1', undefined],
  );
});

test('a route that cannot be compiled refuses alone, and the status of its stage names it', async (t) => {
  const { publisher, deploy, stage, errors } = await openStand(t);
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
    (await publisher.stages())[0]?.routes.map(({ routeKey, part, reason }) => [
      routeKey,
      part,
      reason.split(':')[0],
    ]),
    [
      ['no route key', 'route', 'It cannot be compiled'],
      ['GET /b', 'integration', 'It cannot be compiled'],
      ['GET /d', 'authorizer', 'It cannot be compiled'],
      ['GET /e', 'integration', "The route's integration i3 does not exist"],
    ],
  );
});

test('what the means lead to is compiled in when they change', async (t) => {
  const { publisher, deploy, stage } = await openStand(t);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  const before = liveStage(publisher);
  await publisher.recompile();
  assert.notEqual(liveRoute(publisher, '/a'), before?.router.match('GET', '/a')?.route);
  assert.equal(metricsOf(liveStage(publisher)), metricsOf(before), 'what was counted stays');
});

test('each swap is told to everybody who listens, until they end that', async (t) => {
  const { publisher, deploy, stage } = await openStand(t);
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
  const { publisher, store, deploy, stage } = await openStand(t);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  await store.transact((tx) => tx.delete([...stagesOf(API), 'prod']));
  await publisher.caughtUp();
  assert.equal(liveStage(publisher), undefined);
  await store.transact((tx) => tx.delete(API));
  await publisher.caughtUp();
  assert.equal(publisher.current.apis.size, 0);
});

const SHOP = 'shop.example.com';

function domainsOf({ current }: Publisher): string[] {
  return [...current.domains.exact.keys()];
}

interface Led {
  /** How often listeners hear of a swap. */
  readonly swaps: number;
  /** Whether the stage that was live stays. */
  readonly keepsStage: boolean;
  readonly domains: readonly string[];
  readonly told: readonly string[];
}

const putMapping = (tx: Transaction) =>
  tx.put([...apiMappingsOf(domainKeyOf(PLACE, SHOP)), 'm1'], {
    ...{ ApiMappingId: 'm1', ApiId: API_ID, Stage: 'prod' },
  });
const putVariables = (tx: Transaction) =>
  tx.put([...stagesOf(API), 'prod'], { ...STAGE, StageVariables: { backend: '127.0.0.1:10' } });
const UNREADABLE: Document = { DomainNameConfigurations: null };
const told = [`compiling custom domain ${SHOP}`];

const CHANGES: readonly (readonly [
  what: string,
  before: (tx: Transaction) => Promise<void>,
  change: (tx: Transaction) => Promise<void>,
  leadsTo: Partial<Led>,
])[] = [
  ['nothing that is served', async () => {}, (tx) => tx.put([...deploymentsOf(API), 'd9'], {}), { swaps: 0 }],
  ['a stage variable', async () => {}, putVariables, { keepsStage: false }],
  ['a new custom domain', async () => {}, (tx) => putDomain(tx, SHOP), { domains: [SHOP] }],
  [
    'a domain that is deleted',
    (tx) => putDomain(tx, SHOP),
    (tx) => tx.delete(domainKeyOf(PLACE, SHOP)),
    { domains: [] },
  ],
  [
    'an API, a domain and its mapping at once',
    async () => {},
    async (tx) => {
      await putApi(tx, 'other');
      await putDomain(tx, SHOP);
      await putMapping(tx);
      await putVariables(tx);
    },
    { domains: [SHOP], keepsStage: false },
  ],
  [
    'a domain that cannot be compiled, beside a stage',
    async () => {},
    async (tx) => {
      await putDomain(tx, SHOP, UNREADABLE);
      await putVariables(tx);
    },
    { keepsStage: false, told },
  ],
  [
    'a domain that cannot be compiled any more',
    (tx) => putDomain(tx, SHOP),
    (tx) => putDomain(tx, SHOP, UNREADABLE),
    { domains: [SHOP], told },
  ],
];
for (const [what, before, change, leadsTo] of CHANGES) {
  test(`changed is ${what}: what follows, and what stays`, async (t) => {
    const { publisher, deploy, stage, errors, recovered, ...opened } = await openStand(t);
    await deploy('d1', [route('r1', 'GET /a')]);
    await stage(STAGE);
    await opened.change(before);
    const stayed = liveStage(publisher);
    let swaps = 0;
    publisher.onSwap(() => swaps++);
    await opened.change(change);
    const led: Led = {
      swaps,
      keepsStage: liveStage(publisher) === stayed,
      domains: domainsOf(publisher),
      told: errors,
    };
    assert.deepEqual(led, { swaps: 1, keepsStage: true, domains: [], told: [], ...leadsTo });
    assert.deepEqual(recovered, [], 'nothing had failed');
  });
}

test('what is superseded is let go, once everybody has heard of the swap', async (t) => {
  const { publisher, deploy, stage, pools, change } = await openStand(t);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  const order: string[] = [];
  publisher.onSwap(() => order.push('heard'));
  t.mock.method(pools, 'release', () => order.push('let go'));
  await change(putVariables);
  await publisher.recompile();
  assert.deepEqual(order, ['heard', 'let go', 'heard', 'let go']);
});

/** The documents of an API cannot be read. */
const failing =
  (error: Error) =>
  (real: Store['read']): Store['read'] =>
  (work) =>
    real((tx) =>
      work({
        get: (key) => tx.get(key),
        texts: (keys) => (keys.some((key) => key[3] === API_ID) ? Promise.reject(error) : tx.texts(keys)),
        list: (collection, page) => tx.list(collection, page),
        lists: (collections) => tx.lists(collections),
      }),
    );
const DAMAGE = new StoreError('corrupt', 'It is damaged.');
const AWAY = new StoreError('io', 'The disk is away.');

const READ_ANEW: readonly (readonly [
  what: string,
  error: StoreError,
  leadsTo: { swaps: number; rejected?: string; problem?: string; told: string[]; domains: string[] },
])[] = [
  [
    'damaged documents of an API',
    DAMAGE,
    { swaps: 1, problem: DAMAGE.message, told: [`reading API ${API_ID}`], domains: [SHOP] },
  ],
  ['a disk that is away', AWAY, { swaps: 0, rejected: AWAY.message, told: [], domains: [] }],
];
for (const [what, error, leadsTo] of READ_ANEW) {
  test(`everything is read anew and meets ${what}: the stage stays, and the next time all is well`, async (t) => {
    let isBroken = false;
    const { publisher, deploy, store, errors } = await openStand(t, {
      read: (real) => (isBroken ? failing(error)(real) : real),
      feed: () => silent,
    });
    await deploy('d1', [route('r1', 'GET /a')]);
    await store.transact((tx) => tx.put([...stagesOf(API), 'prod'], STAGE));
    await publisher.recompile();
    const stayed = liveStage(publisher);
    assert.ok(stayed);
    await store.transact((tx) => putDomain(tx, SHOP));
    let swaps = 0;
    const end = publisher.onSwap(() => swaps++);
    isBroken = true;
    const rejected = await publisher.recompile().then(
      () => undefined,
      (reason: Error) => reason.message,
    );
    isBroken = false;
    end();
    const [status] = await publisher.stages();
    assert.deepEqual(
      { swaps, rejected, problem: status?.problem, told: errors, domains: domainsOf(publisher) },
      { rejected: undefined, problem: undefined, ...leadsTo },
    );
    assert.equal(liveStage(publisher), stayed);
    await publisher.recompile();
    assert.equal((await publisher.stages())[0]?.problem, undefined);
    assert.notEqual(liveStage(publisher), stayed);
    assert.deepEqual(domainsOf(publisher), [SHOP]);
  });
}

test('what was deleted is gone once everything is read anew', async (t) => {
  const { publisher, store } = await openStand(t, { feed: () => silent });
  await store.transact((tx) => putDomain(tx, SHOP));
  await publisher.recompile();
  assert.deepEqual([[...publisher.current.apis.keys()], domainsOf(publisher)], [[API_ID], [SHOP]]);
  await store.transact(async (tx) => {
    for (const key of [[...API_INDEX, API_ID], API]) await tx.delete(key);
    for (const key of [domainIndexKey(PLACE.region, SHOP), domainKeyOf(PLACE, SHOP)]) await tx.delete(key);
  });
  await publisher.recompile();
  assert.deepEqual([[...publisher.current.apis.keys()], domainsOf(publisher)], [[], []]);
});

test('a publisher does not open over damaged documents', async (t) => {
  const { means } = await openStand(t);
  const { documents } = means;
  const damaged = { ...documents, read: failing(DAMAGE)((work) => documents.read(work)) };
  await assert.rejects(openPublisher({ ...means, documents: damaged }), DAMAGE);
});
