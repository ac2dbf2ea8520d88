// What automatic deployments make of stages and of the deployments before (spec/management-api.md §2.9.2, §8.27). Which calls
// deploy is in test/end-to-end/management/auto-deploy.test.ts.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { contextOf, openTestStore } from '../../../test/support/test-store.ts';
import { apiKeyOf, frozenKey } from '../../config/keys.ts';
import type { Document, Key, Transaction } from '../../store/store.ts';
import type { Context } from '../context.ts';
import type { StageDocument } from '../stage/stage-document.ts';
import { autoDeploy, autoDeployStage, forgetAutomatic } from './auto-deploy.ts';

const NOW = '2026-03-01T12:00:00Z';
const NO_ROUTES = 'Deployment attempt failed: Unable to deploy API because no valid routes exist in this API';
const ROUTE = { RouteId: 'r1', Target: 'integrations/i1' };

/** An API with a route and these stages, in which `work` does what it does; then its stages and deployments. */
async function inApi<T>(
  t: TestContext,
  stages: readonly Partial<StageDocument>[],
  work: (context: Context, apiKey: Key) => Promise<T>,
  routes: readonly Document[] = [ROUTE],
) {
  const store = await openTestStore(t);
  return store.transact(async (tx) => {
    const context = contextOf(tx);
    const apiKey = apiKeyOf(context, 'a1');
    await tx.put(apiKey, { ApiId: 'a1', ProtocolType: 'HTTP' });
    for (const route of routes) await tx.put([...apiKey, 'routes', String(route.RouteId)], route);
    for (const stage of stages) {
      await tx.put([...apiKey, 'stages', stage.StageName!], stage as unknown as Document);
    }
    const result = await work(context, apiKey);
    const documents = async (collection: string): Promise<readonly Document[]> =>
      (await tx.list([...apiKey, collection])).entries.map(({ document }) => document);
    return { result, stages: await documents('stages'), deployments: await documents('deployments') };
  });
}

/** `a: new` of a stage that serves what was deployed now, `b: d0` of one that serves what it served. */
function served(stages: readonly Document[], deployments: readonly Document[]): readonly string[] {
  const made = deployments
    .filter(({ AutoDeployed }) => AutoDeployed === true)
    .map((each) => each.DeploymentId);
  return stages.map(({ StageName, DeploymentId }) =>
    [StageName, made.includes(DeploymentId) ? 'new' : (DeploymentId ?? 'none')].join(': '),
  );
}

const a = { StageName: 'a', DeploymentId: 'd0', LastUpdatedDate: 'before' };
const b = { StageName: 'b', DeploymentId: 'd0' };

const rows: readonly (readonly [
  source: string,
  name: string,
  stages: readonly Partial<StageDocument>[],
  after: readonly string[],
  made: number,
])[] = [
  ['§2.9.2', 'no stage, no deployment', [], [], 0],
  ['§2.9.2', 'no stage that follows, no deployment', [a, { ...b, AutoDeploy: false }], ['a: d0', 'b: d0'], 0],
  ['§2.9.2', 'those that follow alone', [{ ...a, AutoDeploy: true }, b], ['a: new', 'b: d0'], 1],
  [
    '§2.9.2',
    'one deployment for all that follow',
    [
      { ...a, AutoDeploy: true },
      { ...b, AutoDeploy: true },
    ],
    ['a: new', 'b: new'],
    1,
  ],
  [
    '§2.9.2',
    'a stage without deployment gets its first',
    [{ StageName: 'a', AutoDeploy: true }],
    ['a: new'],
    1,
  ],
];
for (const [source, name, given, after, made] of rows) {
  test(`${source}: ${name}`, async (t) => {
    const { stages, deployments } = await inApi(t, given, autoDeploy);
    assert.deepEqual(served(stages, deployments), after);
    assert.equal(deployments.length, made);
  });
}

test('§2.9.2: what stage, deployment and frozen content are then', async (t) => {
  const given = { ...a, AutoDeploy: true, Description: 'kept' };
  const { result, stages, deployments } = await inApi(t, [given], async (context, apiKey) => {
    await autoDeploy(context, apiKey);
    const [deployment] = (await context.tx.list([...apiKey, 'deployments'])).entries;
    return context.tx.get(frozenKey(apiKey, String(deployment!.document.DeploymentId)));
  });
  const DeploymentId = String(deployments[0]!.DeploymentId);
  assert.match(DeploymentId, /^[a-z0-9]{6}$/);
  assert.deepEqual(deployments[0], {
    DeploymentId,
    AutoDeployed: true,
    CreatedDate: NOW,
    DeploymentStatus: 'DEPLOYED',
    Description: 'Automatic deployment triggered by changes to the Api configuration',
  });
  assert.deepEqual(stages[0], {
    ...given,
    DeploymentId,
    LastUpdatedDate: NOW,
    LastDeploymentStatusMessage: `Successfully deployed stage with deployment ID '${DeploymentId}'`,
  });
  assert.deepEqual((result as { Routes: unknown }).Routes, [ROUTE]);
});

test('§2.9.2: an attempt that fails is told in the stage, which keeps its deployment and its date', async (t) => {
  const given = { ...a, AutoDeploy: true };
  const { stages, deployments } = await inApi(t, [given], autoDeploy, []);
  assert.deepEqual(stages, [{ ...given, LastDeploymentStatusMessage: NO_ROUTES }]);
  assert.deepEqual(deployments, []);
});

test('§2.9.2: an attempt that fails as the one before is no change of the stage', async (t) => {
  const written: Key[] = [];
  const noting = (tx: Transaction): Transaction => ({
    get: (key) => tx.get(key),
    texts: (keys) => tx.texts(keys),
    list: (collection, page) => tx.list(collection, page),
    lists: (collections) => tx.lists(collections),
    delete: (key) => tx.delete(key),
    put: (key, document) => {
      written.push(key);
      return tx.put(key, document);
    },
  });
  const said = { ...a, AutoDeploy: true, LastDeploymentStatusMessage: NO_ROUTES };
  const silent = { ...b, AutoDeploy: true };
  await inApi(
    t,
    [said, silent],
    (context, apiKey) => autoDeploy({ ...context, tx: noting(context.tx) }, apiKey),
    [],
  );
  assert.deepEqual(
    written.map((key) => key.slice(4)),
    [['stages', 'b']],
  );
});

test('§2.9.2: a stage that begins to follow is deployed alone', async (t) => {
  const { result, stages, deployments } = await inApi(t, [{ ...a, AutoDeploy: true }, b], (context, apiKey) =>
    autoDeployStage(context, apiKey, { ...b, AutoDeploy: true } as StageDocument),
  );
  assert.deepEqual(served(stages, deployments), ['a: d0', 'b: new']);
  assert.deepEqual(result, stages[1]);
});

test('what is no refusal is no failed attempt: it ends the change', async (t) => {
  const attempt = inApi(t, [{ ...a, AutoDeploy: true }], (context, apiKey) =>
    autoDeploy(
      {
        ...context,
        tx: {
          ...context.tx,
          get: (key) => context.tx.get(key),
          list: (collection, page) =>
            collection.at(-1) === 'routes'
              ? Promise.reject(new Error('the disk is away'))
              : context.tx.list(collection, page),
        } as Transaction,
      },
      apiKey,
    ),
  );
  await assert.rejects(attempt, { message: 'the disk is away' });
});

const KEPT: readonly (readonly [
  source: string,
  name: string,
  deploys: number,
  /** What a client does with the automatic deployments after so many. */
  also: { readonly after: number; readonly deletes?: number; readonly pins?: number } | undefined,
  /** Which of them are left, by number from 1. */
  left: readonly number[],
])[] = [
  ['§8.27', 'ten that are out of use are kept', 11, undefined, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  ['§8.27', 'the oldest is the eleventh', 12, undefined, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  [
    '§8.27',
    'one that a stage has is kept and not counted',
    14,
    { after: 2, pins: 1 },
    [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
  ],
  [
    '§8.27',
    'one that a client has deleted is not counted',
    12,
    { after: 5, deletes: 3 },
    [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  ],
];
for (const [source, name, deploys, also, left] of KEPT) {
  test(`${source}: ${name}`, async (t) => {
    const { result, deployments } = await inApi(t, [{ ...a, AutoDeploy: true }], async (context, apiKey) => {
      const made: string[] = [];
      const idOf = async (): Promise<string> =>
        String((await context.tx.get([...apiKey, 'stages', 'a']))!.DeploymentId);
      await context.tx.put([...apiKey, 'deployments', 'd0'], { DeploymentId: 'd0', AutoDeployed: false });
      for (let i = 1; i <= deploys; i++) {
        await autoDeploy(context, apiKey);
        made.push(await idOf());
        if (i !== also?.after) continue;
        const id = made[(also.pins ?? also.deletes!) - 1]!;
        if (also.pins !== undefined) {
          await context.tx.put([...apiKey, 'stages', 'pin'], { StageName: 'pin', DeploymentId: id });
          continue;
        }
        await context.tx.delete([...apiKey, 'deployments', id]);
        await forgetAutomatic(context, apiKey, id);
      }
      return made;
    });
    const [client, ...automatic] = deployments.map(({ DeploymentId }) => String(DeploymentId));
    assert.equal(client, 'd0', 'what a client made is not counted and kept');
    assert.deepEqual(
      automatic.map((id) => result.indexOf(id) + 1),
      left,
    );
  });
}
