// Routes of both protocols, driven by the unmodified AWS SDK (spec/management-api.md §2.2, §1.10).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ApiGatewayV2, NotFoundException } from '@aws-sdk/client-apigatewayv2';
import { apiKeyOf, modelsOf } from '../../../src/config/keys.ts';
import { deployableApi, httpApi, plain, webSocketApi } from '../../support/management-seeds.ts';
import { PLACE, refused, startManagementServer } from '../../support/management-server.ts';

async function start(t: TestContext): Promise<ApiGatewayV2> {
  const server = await startManagementServer();
  t.after(() => server.close());
  return server.client();
}

const BARE = { ApiKeyRequired: false, AuthorizationType: 'NONE' };

test('a route with nothing but its key (§2.2.1)', async (t) => {
  const sdk = await start(t);
  const { ApiId } = await httpApi(sdk);
  for (const RouteKey of ['$default', 'GET /', 'ANY /a/{b}/{proxy+}', 'OPTIONS /a.b_c-d']) {
    const created = plain(await sdk.createRoute({ ApiId, RouteKey }));
    const { RouteId } = created as { RouteId: string };
    assert.match(RouteId, /^[a-z0-9]{7}$/);
    assert.deepEqual(created, { ...BARE, RouteId, RouteKey });
    assert.deepEqual(plain(await sdk.getRoute({ ApiId, RouteId })), created);
  }
});

test('every member of an HTTP route comes back, is changed and cleared (§1.10)', async (t) => {
  const sdk = await start(t);
  const { ApiId, IntegrationId } = await deployableApi(sdk);
  const Target = `integrations/${IntegrationId}`;
  const given = { RouteKey: 'GET /a', OperationName: 'a', Target, AuthorizationType: 'AWS_IAM' } as const;
  const created = plain(await sdk.createRoute({ ApiId, ...given, ApiKeyRequired: false }));
  const { RouteId } = created as { RouteId: string };
  assert.deepEqual(created, { ...given, ApiKeyRequired: false, RouteId });
  assert.deepEqual(plain(await sdk.updateRoute({ ApiId, RouteId })), created);
  const AuthorizationScopes: string[] = [];
  const terraform = { AuthorizationType: 'NONE', AuthorizerId: '', AuthorizationScopes } as const;
  const changed = await sdk.updateRoute({
    ApiId,
    RouteId,
    RouteKey: 'ANY /b',
    OperationName: '',
    ...terraform,
  });
  assert.deepEqual(plain(changed), { ...BARE, RouteId, RouteKey: 'ANY /b', Target });
  assert.deepEqual(plain(await sdk.updateRoute({ ApiId, RouteId, Target: '' })), {
    ...BARE,
    RouteId,
    RouteKey: 'ANY /b',
  });
  assert.equal((await sdk.deleteRoute({ ApiId, RouteId })).$metadata.httpStatusCode, 204);
  const text = `Invalid Route identifier specified ${RouteId}`;
  await refused(sdk.getRoute({ ApiId, RouteId }), NotFoundException, 404, text);
  await refused(sdk.deleteRoute({ ApiId, RouteId }), NotFoundException, 404, text);
});

test('a key is free again when its route is renamed or deleted, and keys of the same shape follow each other (§2.2.2)', async (t) => {
  const sdk = await start(t);
  const { ApiId } = await httpApi(sdk);
  const { RouteId } = await sdk.createRoute({ ApiId, RouteKey: 'GET /a/{x}' });
  // Renaming a variable of a route does not conflict with itself.
  assert.equal((await sdk.updateRoute({ ApiId, RouteId, RouteKey: 'GET /a/{y}' })).RouteKey, 'GET /a/{y}');
  await assert.rejects(sdk.createRoute({ ApiId, RouteKey: 'GET /a/{x}' }), { name: 'ConflictException' });
  await sdk.updateRoute({ ApiId, RouteId, RouteKey: 'GET /b' });
  const second = await sdk.createRoute({ ApiId, RouteKey: 'GET /a/{x}' });
  await sdk.deleteRoute({ ApiId, RouteId: second.RouteId });
  await sdk.createRoute({ ApiId, RouteKey: 'GET /a/{z}' });
  // ANY is a method of its own, a greedy variable another shape (§8.7).
  await sdk.createRoute({ ApiId, RouteKey: 'ANY /a/{q}' });
  await sdk.createRoute({ ApiId, RouteKey: 'GET /a/{q+}' });
  const { Items } = await sdk.getRoutes({ ApiId });
  assert.deepEqual(
    Items!.map((route) => route.RouteKey),
    ['GET /b', 'GET /a/{z}', 'ANY /a/{q}', 'GET /a/{q+}'],
  );
});

test('routes are paged (§1.9)', async (t) => {
  const sdk = await start(t);
  const { ApiId } = await httpApi(sdk);
  const keys = ['GET /a', 'GET /b', 'GET /c'];
  for (const RouteKey of keys) await sdk.createRoute({ ApiId, RouteKey });
  const first = await sdk.getRoutes({ ApiId, MaxResults: '2' });
  const second = await sdk.getRoutes({ ApiId, MaxResults: '2', NextToken: first.NextToken! });
  assert.deepEqual(
    [...first.Items!, ...second.Items!].map((route) => route.RouteKey),
    keys,
  );
  assert.equal(second.NextToken, undefined);
});

test('every member of a WebSocket route comes back, is merged and cleared (§2.2.1, §1.10)', async (t) => {
  const server = await startManagementServer();
  t.after(() => server.close());
  const sdk = server.client();
  const { ApiId } = await webSocketApi(sdk);
  // No operation makes models yet; routes only look whether one is there.
  await server.store.transact((tx) =>
    tx.put([...modelsOf(apiKeyOf(PLACE, ApiId)), 'm'], { ModelId: 'm', Name: 'Message' }),
  );
  const given = {
    RouteKey: '$connect',
    ApiKeyRequired: true,
    AuthorizationType: 'AWS_IAM',
    ModelSelectionExpression: '$request.body.kind',
    OperationName: 'connect',
    RequestModels: { $default: 'Message' },
    RequestParameters: { 'route.request.header.a': { Required: true } },
    RouteResponseSelectionExpression: '$default',
  } as const;
  const created = plain(await sdk.createRoute({ ApiId, ...given }));
  const { RouteId } = created as { RouteId: string };
  assert.deepEqual(created, { ...given, RouteId });
  const b = { 'route.request.querystring.b': { Required: false } };
  const merged = plain(await sdk.updateRoute({ ApiId, RouteId, RequestParameters: b }));
  assert.deepEqual(merged, { ...created, RequestParameters: { ...given.RequestParameters, ...b } });
  const cleared = await sdk.updateRoute({
    ApiId,
    RouteId,
    ModelSelectionExpression: '',
    OperationName: '',
    RequestModels: {},
    RequestParameters: {},
    RouteResponseSelectionExpression: '',
    ApiKeyRequired: false,
    AuthorizationType: 'NONE',
  });
  assert.deepEqual(plain(cleared), {
    ...BARE,
    RouteId,
    RouteKey: '$connect',
    RequestParameters: merged.RequestParameters,
  });
});

test('DeleteRouteRequestParameter removes one parameter by its full name (§2.2.4)', async (t) => {
  const sdk = await start(t);
  const { ApiId } = await webSocketApi(sdk);
  const a = { 'route.request.header.a': { Required: true } };
  const b = { 'route.request.querystring.b': { Required: false } };
  const { RouteId } = await sdk.createRoute({
    ApiId,
    RouteKey: '$connect',
    RequestParameters: { ...a, ...b },
  });
  const remove = (RequestParameterKey: string) =>
    sdk.deleteRouteRequestParameter({ ApiId, RouteId, RequestParameterKey });
  assert.equal((await remove('route.request.header.a')).$metadata.httpStatusCode, 204);
  assert.deepEqual((await sdk.getRoute({ ApiId, RouteId })).RequestParameters, b);
  const text = 'Invalid request parameter specified route.request.header.a';
  await refused(remove('route.request.header.a'), NotFoundException, 404, text);
  await remove('route.request.querystring.b');
  assert.equal((await sdk.getRoute({ ApiId, RouteId })).RequestParameters, undefined);
});

test('WebSocket keys are any text; the same key twice is refused (§2.2.3)', async (t) => {
  const sdk = await start(t);
  const { ApiId } = await webSocketApi(sdk);
  for (const RouteKey of ['$connect', '$disconnect', '$default', 'send message', 'a/b', 'GET /a/{x}', 'é']) {
    assert.equal((await sdk.createRoute({ ApiId, RouteKey })).RouteKey, RouteKey);
    await assert.rejects(sdk.createRoute({ ApiId, RouteKey }), {
      name: 'ConflictException',
      message: `Route with key ${RouteKey} already exists for this API`,
    });
  }
});
