// What the machine under all kinds does with a write: what is stored, which rules run in which order, and what is deployed
// (spec/management-api.md §1.5, §1.10, §2.9.2). The rules are the test's own.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ACCOUNT, REGION } from '../../test/support/postern.ts';
import { contextOf, openTestStore } from '../../test/support/test-store.ts';
import type { FrozenApi } from '../config/frozen.ts';
import { apiKeyOf, deploymentsOf, domainKeyOf, frozenKey, routesOf, stagesOf } from '../config/keys.ts';
import type { Document } from '../store/store.ts';
import { badRequest } from '../wire/errors.ts';
import type { AnyInput } from '../wire/parse.ts';
import type { Context } from './context.ts';
import { listAll } from './document-list.ts';
import { clearable } from './patch.ts';
import { resource } from './resource.ts';

interface Route {
  readonly RouteId: string;
  readonly RouteKey: string;
  readonly OperationName?: string;
  readonly ModelSelectionExpression?: string;
  readonly Target?: string;
}

const ApiId = 'a1';
const STORED = { RouteId: 'r1', RouteKey: 'GET /', OperationName: 'one', Target: 'integrations/i1' };
const PATH = { ApiId, RouteId: 'r1' };

/** Routes by rules that note when they run, in an API with a route and a stage with AutoDeploy. */
async function start(t: TestContext, deploys: readonly ('create' | 'update' | 'delete')[]) {
  const store = await openTestStore(t);
  const ran: string[] = [];
  const stateOf = (route: Route | undefined): string =>
    route?.OperationName ?? (route === undefined ? 'none' : 'unnamed');
  const routes = resource<'Route', Route, readonly [Document]>('Route', {
    idLength: 7,
    notStored: ['AuthorizationScopes'],
    patch: { OperationName: clearable, ModelSelectionExpression: clearable },
    deploys,
    async settle(draft, { previous, id, path }) {
      ran.push(`settle ${stateOf(previous)} of ${path[0].ApiId}`);
      if (draft.OperationName === 'wrong') throw badRequest('wrong');
      return { ...draft, RouteId: id, RouteKey: draft.RouteKey ?? '$default' };
    },
    upkeep: async (document, { previous }) =>
      void ran.push(`upkeep ${stateOf(previous)} to ${stateOf(document)}`),
    refuseUpdate: (previous) => void ran.push(`may update ${stateOf(previous)}`),
    refuseDelete: async (document) => {
      ran.push(`may delete ${stateOf(document)}`);
      if (document.OperationName === 'used') throw badRequest('used');
    },
    print: (document) => ({ ...document, RouteId: 'printed' }),
  });
  await store.transact(async (tx) => {
    const apiKey = apiKeyOf(contextOf(tx), ApiId);
    await tx.put(apiKey, { ApiId, ProtocolType: 'HTTP' });
    await tx.put([...stagesOf(apiKey), 's'], { StageName: 's', AutoDeploy: true });
    await tx.put([...routesOf(apiKey), 'r0'], {
      RouteId: 'r0',
      RouteKey: 'GET /0',
      Target: 'integrations/i1',
    });
    await tx.put([...routesOf(apiKey), 'r1'], STORED);
    await tx.put([...routesOf(apiKey), 'r1', 'routeresponses', 'x'], {});
  });
  return { store, ran, routes };
}

type Routes = Awaited<ReturnType<typeof start>>['routes'];
type Do = (routes: Routes, context: Context) => Promise<unknown>;

const create =
  (given: object): Do =>
  (routes, context) =>
    routes.operations.CreateRoute({ ApiId, ...given } as never, context);
const update =
  (given: object): Do =>
  (routes, context) =>
    routes.operations.UpdateRoute({ ...PATH, ...given } as never, context);
const remove: Do = (routes, context) => routes.operations.DeleteRoute(PATH as never, context);
const rulesCreate =
  (given: object, extra = {}): Do =>
  (routes, context) =>
    routes.create(context, { ApiId, ...given } as AnyInput, extra);
const rulesUpdate =
  (given: object, extra = {}): Do =>
  (routes, context) =>
    routes.update(context, { ...PATH, ...given } as AnyInput, extra);
const rulesRewrite =
  (given: object): Do =>
  (routes, context) =>
    routes.rewrite(context, { ...PATH, ...given } as AnyInput);
const rulesDiscard =
  (mayBeUsed: boolean): Do =>
  (routes, context) =>
    routes.discard(context, PATH, mayBeUsed);
const rulesDelete: Do = (routes, context) => routes.delete(context, PATH);

/** Without its id; false: there is none. */
type After = Omit<Route, 'RouteId'> | false;
const UNNAMED = { RouteKey: 'GET /', Target: 'integrations/i1' };
const AS_IT_WAS = { ...UNNAMED, OperationName: 'one' };
const NEW = { RouteKey: 'GET /new', OperationName: 'new' };

const rows: readonly (readonly [
  source: string,
  name: string,
  act: Do,
  ran: readonly string[],
  /** The new route, or the one that was stored. */
  after: After,
  deploys: boolean,
])[] = [
  ['§2.9.2', 'CreateRoute', create(NEW), ['settle none of a1', 'upkeep none to new'], NEW, true],
  [
    '§1.10',
    'CreateRoute, what is not stored and what is empty',
    create({ ...NEW, OperationName: '', AuthorizationScopes: ['a'] }),
    ['settle none of a1', 'upkeep none to unnamed'],
    { RouteKey: 'GET /new' },
    true,
  ],
  [
    '§2.9.2',
    'UpdateRoute',
    update({ OperationName: 'two' }),
    ['may update one', 'settle one of a1', 'upkeep one to two'],
    { ...AS_IT_WAS, OperationName: 'two' },
    true,
  ],
  [
    '§1.10',
    'UpdateRoute that clears',
    update({ OperationName: '' }),
    ['may update one', 'settle one of a1', 'upkeep one to unnamed'],
    UNNAMED,
    true,
  ],
  [
    '§2.9.2',
    'UpdateRoute that changes nothing deploys',
    update({ OperationName: 'one' }),
    ['may update one', 'settle one of a1'],
    AS_IT_WAS,
    true,
  ],
  [
    '§1.10',
    'UpdateRoute that clears what is not there',
    update({ ModelSelectionExpression: '' }),
    ['may update one', 'settle one of a1'],
    AS_IT_WAS,
    true,
  ],
  [
    '§6.4',
    'rules that remove what is not there',
    rulesUpdate({}, { ModelSelectionExpression: undefined }),
    ['settle one of a1'],
    AS_IT_WAS,
    false,
  ],
  ['§2.9.2', 'DeleteRoute', remove, ['may delete one', 'upkeep one to none'], false, true],
  [
    '§6.4',
    'rules that create',
    rulesCreate(NEW, { Target: 'integrations/i9' }),
    ['settle none of a1', 'upkeep none to new'],
    { ...NEW, Target: 'integrations/i9' },
    false,
  ],
  [
    '§6.4',
    'rules that update',
    rulesUpdate({ OperationName: 'two' }, { Target: undefined }),
    ['settle one of a1', 'upkeep one to two'],
    { RouteKey: 'GET /', OperationName: 'two' },
    false,
  ],
  [
    '§6.4',
    'rules that change nothing',
    rulesUpdate({ OperationName: 'one' }),
    ['settle one of a1'],
    AS_IT_WAS,
    false,
  ],
  [
    'definitions.md §5.1.5',
    'rules that rewrite',
    rulesRewrite(NEW),
    ['settle none of a1', 'upkeep one to new'],
    NEW,
    false,
  ],
  [
    'definitions.md §5.1.5',
    'rules that rewrite what is the same',
    rulesRewrite(AS_IT_WAS),
    ['settle none of a1'],
    AS_IT_WAS,
    false,
  ],
  [
    'definitions.md §11.6',
    'rules that discard what clients may delete',
    rulesDiscard(false),
    ['may delete one', 'upkeep one to none'],
    false,
    false,
  ],
  [
    'definitions.md §11.3.4',
    'rules that discard whatever uses it',
    rulesDiscard(true),
    ['upkeep one to none'],
    false,
    false,
  ],
  ['§6.4', 'rules that delete', rulesDelete, ['upkeep one to none'], false, false],
];

for (const [source, name, act, ran, after, deploys] of rows) {
  for (const allDeploy of [true, false]) {
    test(`${source}: ${name}, where writes ${allDeploy ? 'deploy' : 'do not deploy'}`, async (t) => {
      const stand = await start(t, allDeploy ? ['create', 'update', 'delete'] : []);
      await stand.store.transact((tx) => act(stand.routes, contextOf(tx)));
      assert.deepEqual(stand.ran, ran);
      await stand.store.read(async (tx) => {
        const apiKey = apiKeyOf({ account: ACCOUNT, region: REGION }, ApiId);
        const stored = (await listAll<Route>(tx, routesOf(apiKey))).slice(1);
        const found = stored.at(-1);
        const { RouteId, ...members } = found ?? { RouteId: undefined };
        assert.deepEqual(found === undefined ? false : members, after);
        if (stored.length === 2) assert.match(RouteId!, /^[a-z0-9]{7}$/);
        const [deployment] = await listAll<{ DeploymentId: string }>(tx, deploymentsOf(apiKey));
        assert.equal(deployment !== undefined, deploys && allDeploy);
        if (deployment === undefined) return;
        // What is deployed is what is stored then.
        const frozen = (await tx.get(frozenKey(apiKey, deployment.DeploymentId))) as unknown as FrozenApi;
        assert.deepEqual(frozen.Routes.slice(1), stored);
      });
    });
  }
}

const REFUSED: readonly (readonly [
  source: string,
  name: string,
  act: Do,
  error: { code: string; message?: string },
])[] = [
  [
    '§1.5',
    'a path that leads nowhere',
    (routes, context) => routes.operations.UpdateRoute({ ...PATH, RouteId: 'r9' } as never, context),
    { code: 'NotFoundException', message: 'Invalid Route identifier specified r9' },
  ],
  [
    '§1.5',
    'an API that is not there',
    (routes, context) => routes.operations.CreateRoute({ ApiId: 'a9' } as never, context),
    { code: 'NotFoundException' },
  ],
  [
    '§1.5',
    'rules, a path that leads nowhere',
    (routes, context) => routes.delete(context, { ...PATH, RouteId: 'r9' }),
    { code: 'NotFoundException' },
  ],
  ['§1.5', 'rules, without what the model requires', rulesCreate({}), { code: 'BadRequestException' }],
  [
    '§1.5',
    'a draft that its rules refuse',
    update({ OperationName: 'wrong' }),
    { code: 'BadRequestException', message: 'wrong' },
  ],
];
for (const [source, name, act, error] of REFUSED) {
  test(`${source}: refused and nothing stored: ${name}`, async (t) => {
    const { store, routes, ran } = await start(t, ['update']);
    const before = await store.latestChange();
    await assert.rejects(
      store.transact((tx) => act(routes, contextOf(tx))),
      error,
    );
    assert.equal(await store.latestChange(), before);
    assert.ok(!ran.some((each) => each.startsWith('upkeep')));
  });
}

test('definitions.md §6.1.2: a new document has the id that rules wish, unless it is taken', async (t) => {
  const { store, routes } = await start(t, []);
  await store.transact(async (tx) => {
    const create = (RouteId: string) =>
      routes.create(contextOf(tx), { ApiId, RouteKey: 'GET /new' } as AnyInput, { RouteId });
    assert.equal((await create('wished1')).RouteId, 'wished1');
    assert.match((await create('r1')).RouteId, /^[a-z0-9]{7}$/);
  });
});

test('definitions.md §11.6: nothing is discarded, and nothing rewritten, that is not there', async (t) => {
  const { store, routes, ran } = await start(t, []);
  await store.transact(async (tx) => {
    const context = contextOf(tx);
    for (const path of [
      { ApiId, RouteId: 'r9' },
      { ApiId: 'a9', RouteId: 'r1' },
    ]) {
      await routes.discard(context, path, false);
      assert.equal(await routes.rewrite(context, { ...path, RouteKey: 'GET /' } as AnyInput), undefined);
    }
  });
  assert.deepEqual(ran, []);
});

test('§2.16: a client may not delete what is used, rules may, and what is below goes with it', async (t) => {
  const { store, routes } = await start(t, []);
  const used = update({ OperationName: 'used' });
  await store.transact((tx) => used(routes, contextOf(tx)));
  await assert.rejects(
    store.transact((tx) => remove(routes, contextOf(tx))),
    { message: 'used' },
  );
  await store.transact(async (tx) => {
    await rulesDelete(routes, contextOf(tx));
    const apiKey = apiKeyOf(contextOf(tx), ApiId);
    assert.equal(await tx.get([...routesOf(apiKey), 'r1', 'routeresponses', 'x']), undefined);
  });
});

test('clients see what is printed, one by one and in lists', async (t) => {
  const { store, routes } = await start(t, []);
  const seen = await store.transact(async (tx) => {
    const context = contextOf(tx);
    const { CreateRoute, GetRoute, GetRoutes, UpdateRoute } = routes.operations;
    const made = await CreateRoute({ ApiId, RouteKey: '$default' } as never, context);
    const page = await GetRoutes({ ApiId, MaxResults: '2' } as never, context);
    const rest = await GetRoutes({ ApiId, MaxResults: '2', NextToken: page.NextToken } as never, context);
    const singles = [made, await GetRoute(PATH as never, context), await UpdateRoute(PATH as never, context)];
    assert.deepEqual([page.Items!.length, rest.Items!.length, rest.NextToken], [2, 1, undefined]);
    return [...singles, ...page.Items!, ...rest.Items!];
  });
  assert.deepEqual(
    seen.map(({ RouteId }) => RouteId),
    Array(6).fill('printed'),
  );
});

test('PutX replaces what UpdateX would keep, its id aside (§1.10)', async (t) => {
  const store = await openTestStore(t);
  type Rule = { readonly RoutingRuleId: string; readonly Priority?: number; readonly Conditions?: unknown };
  const rules = resource<'RoutingRule', Rule, readonly [Document]>('RoutingRule', {
    patch: {},
    settle: async (draft) => draft as Rule,
  });
  const documents = await store.transact(async (tx) => {
    const context = contextOf(tx);
    const key = [...domainKeyOf(context, 'a.example'), 'routingrules', 'r1'];
    await tx.put(domainKeyOf(context, 'a.example'), { DomainName: 'a.example' });
    await tx.put(key, { RoutingRuleId: 'r1', Priority: 1, Conditions: [] });
    const given = { DomainName: 'a.example', RoutingRuleId: 'r1', Priority: 2 };
    await rules.operations.PutRoutingRule(given as never, context);
    return tx.get(key);
  });
  assert.deepEqual(documents, { RoutingRuleId: 'r1', Priority: 2 });
});
