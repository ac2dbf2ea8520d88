// Many clients and big APIs (spec/management-api.md §1.11, §1.9), driven by the unmodified AWS SDK; and that every
// operation is either run or said not to be there yet.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ApiGatewayV2, ApiGatewayV2ServiceException } from '@aws-sdk/client-apigatewayv2';
import { handlers } from '../../../src/resources/handlers.ts';
import { notYet } from '../../../src/resources/not-yet.ts';
import { operations } from '../../../src/wire/operation.ts';
import { deployableApi, httpApi } from '../../support/management-seeds.ts';
import { type ManagementServer, startManagementServer } from '../../support/management-server.ts';

async function start(t: TestContext): Promise<{ server: ManagementServer; sdk: ApiGatewayV2 }> {
  const server = await startManagementServer();
  t.after(() => server.close());
  return { server, sdk: server.client() };
}

const times = <T>(count: number, work: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => work(i));

test('50 concurrent creates: each has an id of its own, and reads see them at once (§1.11)', async (t) => {
  const { server, sdk } = await start(t);
  const clients = times(5, () => server.client());
  const apis = await Promise.all(times(50, (i) => httpApi(clients[i % clients.length]!)));
  assert.equal(new Set(apis.map((api) => api.ApiId)).size, 50);
  assert.equal((await sdk.getApis({ MaxResults: '500' })).Items!.length, 50);

  const { ApiId, IntegrationId } = await deployableApi(sdk);
  await sdk.createStage({ ApiId, StageName: 'a', AutoDeploy: true });
  const Target = `integrations/${IntegrationId}`;
  await Promise.all(
    times(50, (i) => clients[i % clients.length]!.createRoute({ ApiId, RouteKey: `GET /r${i}`, Target })),
  );
  const { Items } = await sdk.getRoutes({ ApiId, MaxResults: '500' });
  assert.equal(new Set(Items!.map((route) => route.RouteKey)).size, 51);
});

test('of 20 concurrent creates of one route key one succeeds', async (t) => {
  const { sdk } = await start(t);
  const { ApiId } = await httpApi(sdk);
  const outcomes = await Promise.allSettled(
    times(20, (i) => sdk.createRoute({ ApiId, RouteKey: `GET /{v${i}}` })),
  );
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.equal(failures.length, 19);
  for (const { reason } of failures) assert.equal(reason.name, 'ConflictException');
});

test('concurrent changes of one stage all take effect', async (t) => {
  const { sdk } = await start(t);
  const { ApiId } = await httpApi(sdk);
  await sdk.createStage({ ApiId, StageName: 'a' });
  await Promise.all(
    times(30, (i) => sdk.updateStage({ ApiId, StageName: 'a', StageVariables: { [`v${i}`]: `${i}` } })),
  );
  const { StageVariables } = await sdk.getStage({ ApiId, StageName: 'a' });
  assert.equal(Object.keys(StageVariables!).length, 30);
});

test('a page holds 100 entries unless more are asked for, and at most 500 (§8.2)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId } = await httpApi(sdk);
  for (let from = 0; from < 510; from += 30) {
    await Promise.all(times(30, (i) => sdk.createRoute({ ApiId, RouteKey: `GET /r${from + i}` })));
  }
  const page = await sdk.getRoutes({ ApiId });
  assert.equal(page.Items!.length, 100);
  const rest = await sdk.getRoutes({ ApiId, MaxResults: '501', NextToken: page.NextToken! });
  assert.equal(rest.Items!.length, 410);
  assert.equal(rest.NextToken, undefined);
  assert.equal((await sdk.getRoutes({ ApiId, MaxResults: '1000' })).Items!.length, 500);
});

test('every operation is run or in the table of those that are not there yet, never both', () => {
  const names = operations.map((operation) => operation.name).sort();
  assert.deepEqual([...Object.keys(handlers), ...Object.keys(notYet)].sort(), names);
});

test('an operation that is not there yet answers 501 with what it will be', async (t) => {
  const { sdk } = await start(t);
  await assert.rejects(sdk.listPortals({}), (error) => {
    assert.ok(error instanceof ApiGatewayV2ServiceException);
    assert.deepEqual([error.$metadata.httpStatusCode, error.name], [501, 'NotImplementedException']);
    assert.ok(error.message.includes(notYet.ListPortals), error.message);
    return true;
  });
});
