// What a definition replaces, keeps and deploys (spec/openapi.md §8, Choices O12, O14, O40, O43, O52).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { contextOf, openTestStore } from '../../../test/support/test-store.ts';
import {
  apiKeyOf,
  deploymentsOf,
  documentationKey,
  frozenDocumentationKey,
  stagesOf,
} from '../../config/keys.ts';
import type { DefinedOperation, Definition } from '../../openapi/definition.ts';
import type { Document } from '../../store/store.ts';
import { createApi } from '../api/api.ts';
import type { Context } from '../context.ts';
import { listAll } from '../document-list.ts';
import { stages } from '../stage/stage.ts';
import { applyDefinition } from './apply-definition.ts';
import {
  authorizer,
  by,
  definition,
  HTTP,
  inline,
  JWT,
  LAMBDA,
  operation,
  routesIn,
  type State,
  stateOf,
  tag,
} from './definitions.test.support.ts';

/** Runs in one transaction, with an API by a definition. */
async function withApi(
  t: TestContext,
  first: Definition | ((context: Context) => Promise<string>),
  work: (context: Context, apiId: string) => Promise<void>,
) {
  const store = await openTestStore(t);
  await store.transact(async (tx) => {
    const context = contextOf(tx);
    await work(
      context,
      typeof first === 'function' ? await first(context) : (await applyDefinition(context, first)).apiId,
    );
  });
}

/** An API by a definition, a second definition for it, and the states after each. */
async function reimported(
  t: TestContext,
  first: Definition | ((context: Context) => Promise<string>),
  second: Definition,
) {
  const states: State[] = [];
  let said: readonly string[] = [];
  await withApi(t, first, async (context, apiId) => {
    states.push(await stateOf(context.tx, apiId));
    const { warnings } = await applyDefinition(context, second, apiId);
    said = warnings.map(({ text }) => text);
    states.push(await stateOf(context.tx, apiId));
  });
  return { before: states[0]!, after: states[1]!, warnings: said };
}

const ids = (documents: readonly Document[], id: string, name: string) =>
  Object.fromEntries(documents.map((document) => [document[name], document[id]]));

test('O40: a reimport keeps the ids of what stays, and the order is that of the document', async (t) => {
  const first = definition({
    authorizers: [authorizer('stays', JWT), authorizer('goes', JWT)],
    operations: [
      operation('GET /a', inline(HTTP), by('stays')),
      operation('GET /b', inline(HTTP), by('goes')),
      operation('GET /c/{x}', inline(LAMBDA)),
    ],
  });
  const second = definition({
    authorizers: [
      authorizer('new', JWT),
      authorizer('stays', { ...JWT, IdentitySource: ['$request.querystring.t'] }),
    ],
    operations: [
      operation('GET /d', inline(HTTP), by('new')),
      operation('GET /c/{y}', inline({ ...LAMBDA, TimeoutInMillis: 100 })),
      operation('GET /a', inline(HTTP), by('stays')),
    ],
  });
  const { before, after, warnings } = await reimported(t, first, second);
  assert.deepEqual(warnings, []);
  assert.deepEqual(routesIn(after), ['GET /d JWT new', 'GET /c/{y}', 'GET /a JWT stays']);
  assert.equal(ids(after.routes, 'RouteId', 'RouteKey')['GET /a'], before.routes[0]!.RouteId);
  const gone = new Set(before.routes.slice(1).map(({ RouteId }) => RouteId));
  assert.ok(after.routes.slice(0, 2).every(({ RouteId }) => !gone.has(RouteId)));
  assert.deepEqual(
    [after.authorizers[1]!.AuthorizerId, after.authorizers[1]!.IdentitySource],
    [before.authorizers[0]!.AuthorizerId, ['$request.querystring.t']],
  );
  // That of `GET /a` stays with it; the new route has the one of `GET /b`, which is gone.
  assert.deepEqual(
    [after.integrations[0]!.IntegrationId, after.integrations[2]!.IntegrationId],
    [before.integrations[1]!.IntegrationId, before.integrations[0]!.IntegrationId],
  );
  assert.notEqual(after.integrations[1]!.IntegrationId, before.integrations[2]!.IntegrationId);
});

test('O40: an integration that stays keeps its id, whichever routes call it', async (t) => {
  const one = inline(HTTP);
  const other = inline(LAMBDA);
  const named = inline(HTTP, 'named');
  const cases: readonly {
    name: string;
    first: readonly DefinedOperation[];
    second: readonly DefinedOperation[];
    /** Of the second definition's routes, in order: which of the first one's integrations they have; undefined is a new one. */
    kept: readonly (number | undefined)[];
  }[] = [
    {
      name: 'two routes that stay change theirs',
      first: [operation('GET /a', one), operation('GET /b', other)],
      second: [operation('GET /a', other), operation('GET /b', one)],
      kept: [1, 0],
    },
    {
      name: 'a new route in front shares that of one that stays',
      first: [operation('GET /b', named)],
      second: [operation('GET /a', named), operation('GET /b', named)],
      kept: [0, 0],
    },
    {
      name: 'what was shared is written out',
      first: [operation('GET /a', named), operation('GET /b', named)],
      second: [
        operation('GET /new', inline(HTTP)),
        operation('GET /a', one),
        operation('GET /b', inline(HTTP)),
      ],
      kept: [undefined, 0, undefined],
    },
    {
      name: 'a refused one takes none',
      first: [operation('GET /a', one)],
      second: [operation('GET /a', inline({ refusal: 'no' })), operation('GET /b', inline(HTTP))],
      kept: [undefined, 0],
    },
  ];
  for (const { name, first, second, kept } of cases) {
    const { before, after } = await reimported(
      t,
      definition({ operations: first }),
      definition({ operations: second }),
    );
    const old = before.integrations.map(({ IntegrationId }) => `integrations/${IntegrationId}`);
    const found = after.routes.map(({ Target }) => old.indexOf(String(Target)));
    assert.deepEqual(
      found,
      kept.map((index) => index ?? -1),
      name,
    );
  }
});

test('§8.2(3): the same document again yields an equal API', async (t) => {
  const same = definition({
    api: { Name: 'T', Description: 'd' },
    cors: { given: { AllowOrigins: ['https://a.com'], MaxAge: 3 }, offset: 4 },
    tags: [tag('a', 'b')],
    authorizers: [authorizer('jwt', JWT)],
    operations: [
      operation('GET /a', inline(HTTP, 'h'), by('jwt')),
      operation('GET /b', inline(HTTP, 'h')),
      operation('GET /c', inline(HTTP)),
      operation('$default', inline(HTTP)),
    ],
  });
  const { before, after } = await reimported(t, same, same);
  assert.deepEqual(after, before);
});

test('§8.1: what a document does not have goes, but for tags and the endpoint (O12, O14)', async (t) => {
  const { before, after } = await reimported(
    t,
    definition({
      api: {
        Name: 'old',
        Description: 'd',
        Version: '1',
        DisableExecuteApiEndpoint: true,
        IpAddressType: 'dualstack',
      },
      cors: { given: { AllowOrigins: ['*'] }, offset: 4 },
      tags: [tag('k', 'v'), tag('m', 'n')],
      authorizers: [authorizer('a', JWT)],
      operations: [operation('GET /test')],
    }),
    definition({ api: {}, tags: [tag('k', 'w')], operations: [operation('GET /update')] }),
  );
  const { Description, Version, CorsConfiguration, ...kept } = before.api;
  assert.deepEqual(after.api, { ...kept, Tags: { k: 'w', m: 'n' } });
  assert.deepEqual([routesIn(after), after.integrations.length, after.authorizers], [['GET /update'], 1, []]);
});

test('O11: a name of another kind is refused as CreateApi refuses it', async (t) => {
  await withApi(t, definition({}), async (context, apiId) => {
    await assert.rejects(applyDefinition(context, definition({ api: { Name: [] } }), apiId), {
      message: 'Invalid API name specified',
    });
  });
});

test('O16: CORS that is no object takes away what there was, with a warning', async (t) => {
  const { after, warnings } = await reimported(
    t,
    definition({ cors: { given: { AllowOrigins: ['*'] }, offset: 4 } }),
    definition({ cors: { given: true, offset: 4 } }),
  );
  assert.equal(after.api.CorsConfiguration, undefined);
  assert.deepEqual(warnings, [
    'Unable to set CORS configuration: Invalid corsConfiguration specified. Ignoring.',
  ]);
});

test('O43: what quick create made is replaced, and is managed no more', async (t) => {
  const { before, after } = await reimported(
    t,
    async (context) => {
      const Target = 'https://be.example.com/x';
      return (await createApi({ Name: 'q', ProtocolType: 'HTTP', Target }, context)).ApiId!;
    },
    definition({
      operations: [operation('$default', inline({ ...HTTP, IntegrationMethod: 'ANY' })), operation('GET /a')],
    }),
  );
  const unmanaged = ({ ApiGatewayManaged, ...document }: Document) => document;
  assert.deepEqual(after.routes[0], unmanaged(before.routes[0]!));
  assert.deepEqual(after.integrations[0], unmanaged(before.integrations[0]!));
  assert.equal(after.routes.length, 2);
  assert.equal(after.api.QuickCreate, undefined);
});

test('§8.2(1): one deployment for all stages that follow, and none for the others', async (t) => {
  await withApi(t, definition({ operations: [operation('GET /a')] }), async (context, apiId) => {
    const apiKey = apiKeyOf(context, apiId);
    for (const [StageName, AutoDeploy] of [
      ['a', true],
      ['b', true],
      ['c', false],
    ] as const) {
      await stages.create(context, { ApiId: apiId, StageName, AutoDeploy });
    }
    await applyDefinition(
      context,
      definition({ operations: ['GET /x', 'GET /y', 'GET /z'].map((key) => operation(key)) }),
      apiId,
    );
    const [deployment, ...more] = await listAll(context.tx, deploymentsOf(apiKey));
    assert.equal(more.length, 0);
    const found = await listAll(context.tx, stagesOf(apiKey));
    assert.deepEqual(
      found.map(({ DeploymentId }) => DeploymentId),
      [deployment!.DeploymentId, deployment!.DeploymentId, undefined],
    );
    // Row 139: nothing to deploy.
    await applyDefinition(
      context,
      definition({ operations: [{ ...operation('GET /x'), integration: undefined }] }),
      apiId,
    );
    const [stage] = await listAll(context.tx, stagesOf(apiKey));
    assert.deepEqual(
      [stage!.DeploymentId, stage!.LastDeploymentStatusMessage],
      [
        deployment!.DeploymentId,
        'Deployment attempt failed: Unable to deploy API because no valid routes exist in this API',
      ],
    );
  });
});

test('O52: what a definition says of routes is kept, frozen, and replaced', async (t) => {
  const documented = (text: string) =>
    definition({
      schemas: { Pet: { type: 'object' } },
      operations: [
        { ...operation('GET /a'), documentation: { summary: text } },
        { ...operation('GET /b/'), documentation: { summary: 'of no route' } },
        operation('GET /c'),
      ],
    });
  await withApi(t, documented('one'), async (context, apiId) => {
    const { tx } = context;
    const apiKey = apiKeyOf(context, apiId);
    const kept = () => tx.get(documentationKey(apiKey));
    const [route] = (await stateOf(tx, apiId)).routes;
    const said = (summary: string) => ({
      Routes: { [String(route!.RouteId)]: { summary } },
      Schemas: { Pet: { type: 'object' } },
    });
    assert.deepEqual(await kept(), said('one'));
    await stages.create(context, { ApiId: apiId, StageName: 'a', AutoDeploy: true });
    await applyDefinition(context, documented('two'), apiId);
    assert.deepEqual(await kept(), said('two'));
    const [deployment] = await listAll(tx, deploymentsOf(apiKey));
    assert.deepEqual(
      await tx.get(frozenDocumentationKey(apiKey, String(deployment!.DeploymentId))),
      said('two'),
    );
    await applyDefinition(context, definition({}), apiId);
    assert.equal(await kept(), undefined);
  });
});
