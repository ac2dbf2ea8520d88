// APIs, driven by the unmodified AWS SDK (spec/management-api.md §2.1, §1.9, §1.13).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  type ApiGatewayV2,
  type GetApisCommandOutput,
  NotFoundException,
} from '@aws-sdk/client-apigatewayv2';
import { API_INDEX, apiKeyOf, apiMappingsOf, domainKeyOf, routesOf } from '../../../src/config/keys.ts';
import { httpApi, plain } from '../../support/management-seeds.ts';
import {
  ACCOUNT,
  type ManagementServer,
  OTHER_ACCOUNT,
  PLACE,
  refused,
  startManagementServer,
} from '../../support/management-server.ts';

const NOW = Date.parse('2026-03-01T12:00:00.750Z');

async function start(t: TestContext): Promise<{ server: ManagementServer; sdk: ApiGatewayV2 }> {
  const server = await startManagementServer(() => NOW);
  t.after(() => server.close());
  return { server, sdk: server.client() };
}

test('a new HTTP API has the documented defaults; only CreateApi does not speak of absent tags (§2.1.1, §1.4)', async (t) => {
  const { sdk } = await start(t);
  const created = plain(await sdk.createApi({ Name: 'pets', ProtocolType: 'HTTP' }));
  const { ApiId } = created;
  assert.match(String(ApiId), /^[a-z0-9]{10}$/);
  assert.deepEqual(created, {
    ApiEndpoint: `http://${ApiId}.example.test`,
    ApiId,
    ApiKeySelectionExpression: '$request.header.x-api-key',
    CreatedDate: '2026-03-01T12:00:00.000Z',
    DisableExecuteApiEndpoint: false,
    IpAddressType: 'ipv4',
    Name: 'pets',
    ProtocolType: 'HTTP',
    RouteSelectionExpression: '$request.method $request.path',
  });
  assert.deepEqual(plain(await sdk.getApi({ ApiId: String(ApiId) })), { ...created, Tags: {} });
  assert.deepEqual(plain(await sdk.getApis({})).Items, [{ ...created, Tags: {} }]);
});

test('every member of an API comes back, from CreateApi and UpdateApi alike (§2.1.1)', async (t) => {
  const { sdk } = await start(t);
  const given = {
    Name: 'chat',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: `\${request.body.action}`,
    ApiKeySelectionExpression: '$context.authorizer.usageIdentifierKey',
    Description: 'd',
    Version: 'v1',
    DisableExecuteApiEndpoint: true,
    DisableSchemaValidation: true,
    IpAddressType: 'dualstack',
    Tags: { team: 'a' },
  } as const;
  const created = plain(await sdk.createApi(given));
  const { ApiId } = created as { ApiId: string };
  const server = {
    ApiId,
    ApiEndpoint: `ws://${ApiId}.example.test`,
    CreatedDate: '2026-03-01T12:00:00.000Z',
  };
  assert.deepEqual(created, { ...given, ...server });

  const change = {
    Name: 'chat2',
    RouteSelectionExpression: '$request.body.kind',
    ApiKeySelectionExpression: '$request.header.x-api-key',
    Description: 'e',
    Version: 'v2',
    DisableExecuteApiEndpoint: false,
    DisableSchemaValidation: false,
    IpAddressType: 'ipv4',
  } as const;
  assert.deepEqual(plain(await sdk.updateApi({ ApiId, ...change })), { ...given, ...change, ...server });
  assert.deepEqual(plain(await sdk.getApi({ ApiId })), { ...given, ...change, ...server });
});

test('DeleteApi removes everything below the API (§2.1.1)', async (t) => {
  const { server, sdk } = await start(t);
  const { ApiId } = await sdk.createApi({ Name: 'x', ProtocolType: 'HTTP', Target: 'http://example.com/' });
  const [route] = (await sdk.getRoutes({ ApiId })).Items!;
  assert.equal((await sdk.deleteApi({ ApiId })).$metadata.httpStatusCode, 204);
  const gone = `Invalid API identifier specified ${ACCOUNT}:${ApiId}`;
  await refused(sdk.getApi({ ApiId }), NotFoundException, 404, gone);
  await refused(sdk.getRoute({ ApiId, RouteId: route!.RouteId }), NotFoundException, 404, gone);
  await refused(sdk.getStages({ ApiId }), NotFoundException, 404, gone);
  await refused(sdk.deleteApi({ ApiId }), NotFoundException, 404, gone);
  const left = await server.store.read(async (tx) => [
    await tx.get([...routesOf(apiKeyOf(PLACE, ApiId!)), route!.RouteId!]),
    await tx.get([...API_INDEX, ApiId!]),
  ]);
  assert.deepEqual(left, [undefined, undefined]);
});

test('a mapping of any domain keeps its API and stage from being deleted (§2.16)', async (t) => {
  const { server, sdk } = await start(t);
  const { ApiId } = await httpApi(sdk);
  await sdk.createStage({ ApiId, StageName: 'prod' });
  const domain = domainKeyOf(PLACE, 'api.example.com');
  await server.store.transact(async (tx) => {
    await tx.put(domain, { DomainName: 'api.example.com' });
    await tx.put([...apiMappingsOf(domain), 'm'], { ApiId, Stage: 'prod' });
  });
  const isMapped = { name: 'BadRequestException' };
  await assert.rejects(sdk.deleteApi({ ApiId }), {
    ...isMapped,
    message: `Deleting API ${ApiId} failed. Please remove all API mappings for the API from your custom domain names.`,
  });
  await assert.rejects(sdk.deleteStage({ ApiId, StageName: 'prod' }), {
    ...isMapped,
    message:
      'Deleting stage prod failed. Please remove all base path mappings related to the stage in your domains: api.example.com',
  });
  await server.store.transact((tx) => tx.delete([...apiMappingsOf(domain), 'm']));
  await sdk.deleteStage({ ApiId, StageName: 'prod' });
  await sdk.deleteApi({ ApiId });
});

test('APIs are paged in creation order (§1.9, §8.2)', async (t) => {
  const { sdk } = await start(t);
  const names = ['a', 'b', 'c', 'd', 'e'];
  for (const Name of names) await sdk.createApi({ Name, ProtocolType: 'HTTP' });
  const seen: (string | undefined)[][] = [];
  let NextToken: string | undefined;
  do {
    const page: GetApisCommandOutput = await sdk.getApis({
      MaxResults: '2',
      ...(NextToken && { NextToken }),
    });
    seen.push(page.Items!.map((api) => api.Name));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  assert.deepEqual(seen, [['a', 'b'], ['c', 'd'], ['e']]);
  assert.equal((await sdk.getApis({ MaxResults: '5' })).NextToken, undefined);
});

test('accounts and regions do not see each other (§1.13)', async (t) => {
  const { server, sdk } = await start(t);
  const { ApiId } = await httpApi(sdk);
  const others = [server.client(OTHER_ACCOUNT), server.client(ACCOUNT, 'us-east-1')] as const;
  for (const [i, other] of others.entries()) {
    const account = i === 0 ? OTHER_ACCOUNT : ACCOUNT;
    assert.deepEqual((await other.getApis({})).Items, []);
    const text = `Invalid API identifier specified ${account}:${ApiId}`;
    await refused(other.getApi({ ApiId }), NotFoundException, 404, text);
    await refused(other.updateApi({ ApiId, Name: 'y' }), NotFoundException, 404, text);
    await refused(other.deleteApi({ ApiId }), NotFoundException, 404, text);
    await refused(other.createRoute({ ApiId, RouteKey: '$default' }), NotFoundException, 404, text);
  }
  assert.equal((await sdk.getApi({ ApiId })).Name, 'http');
});

test('CORS: members merge, [] clears, {} and DeleteCorsConfiguration leave none (§2.1.3, §1.10)', async (t) => {
  const { sdk } = await start(t);
  const full = {
    AllowOrigins: ['https://a.example', 'https://*', 'http://localhost:3000'],
    AllowMethods: ['GET', 'put'],
    AllowHeaders: ['authorization', '*'],
    ExposeHeaders: ['x-id'],
    MaxAge: -1,
    AllowCredentials: true,
  };
  const { ApiId, CorsConfiguration } = await sdk.createApi({
    Name: 'c',
    ProtocolType: 'HTTP',
    CorsConfiguration: full,
  });
  assert.deepEqual(CorsConfiguration, full);
  const patched = async (change: object) =>
    (await sdk.updateApi({ ApiId, CorsConfiguration: change })).CorsConfiguration;
  assert.deepEqual(await patched({ AllowOrigins: ['https://b.example'] }), {
    ...full,
    AllowOrigins: ['https://b.example'],
  });
  const { ExposeHeaders, ...withoutExpose } = { ...full, AllowOrigins: ['https://b.example'] };
  assert.deepEqual(await patched({ ExposeHeaders: [] }), withoutExpose);
  assert.deepEqual(await patched({}), withoutExpose);
  assert.equal((await sdk.deleteCorsConfiguration({ ApiId })).$metadata.httpStatusCode, 204);
  assert.equal((await sdk.getApi({ ApiId })).CorsConfiguration, undefined);
  await sdk.deleteCorsConfiguration({ ApiId });
  assert.equal(await patched({}), undefined);
  assert.deepEqual(await patched({ MaxAge: 60 }), { AllowCredentials: false, MaxAge: 60 });
  const terraformUnset = {
    AllowCredentials: false,
    AllowHeaders: [],
    AllowMethods: [],
    AllowOrigins: [],
    ExposeHeaders: [],
    MaxAge: 0,
  };
  assert.deepEqual(await patched(terraformUnset), { AllowCredentials: false, MaxAge: 0 });
});

test('CORS: names of headers are kept in lower case, methods and origins as sent (§2.1.3)', async (t) => {
  const { sdk } = await start(t);
  const rows: readonly (readonly [sent: object, reads: object])[] = [
    [{ AllowHeaders: ['X-Tenant', 'Accept-Language'] }, { AllowHeaders: ['x-tenant', 'accept-language'] }],
    [{ ExposeHeaders: ['ETag', 'X-Page'] }, { ExposeHeaders: ['etag', 'x-page'] }],
    [{ AllowHeaders: ['X-A', '*', 'x-a'] }, { AllowHeaders: ['x-a', '*', 'x-a'] }],
    [{ AllowMethods: ['GET', 'Patch'] }, { AllowMethods: ['GET', 'Patch'] }],
    [{ AllowOrigins: ['https://Mixed.Example'] }, { AllowOrigins: ['https://Mixed.Example'] }],
  ];
  for (const [sent, reads] of rows) {
    const expected = { AllowCredentials: false, ...reads };
    const quick = { Target: 'http://backend.example' };
    for (const given of [{}, quick]) {
      const api = { Name: 'c', ProtocolType: 'HTTP', CorsConfiguration: sent, ...given } as const;
      const { ApiId, CorsConfiguration } = await sdk.createApi(api);
      assert.deepEqual(CorsConfiguration, expected);
      assert.deepEqual((await sdk.getApi({ ApiId })).CorsConfiguration, expected);
    }
    const { ApiId } = await httpApi(sdk);
    const updated = await sdk.updateApi({ ApiId, CorsConfiguration: sent });
    assert.deepEqual(updated.CorsConfiguration, expected);
  }
});

test('CORS: lists that were stored as they were sent read in lower case (§2.1.3)', async (t) => {
  const { server, sdk } = await start(t);
  const { ApiId } = await httpApi(sdk);
  const CorsConfiguration = { AllowCredentials: false, AllowHeaders: ['X-A'], ExposeHeaders: ['ETag'] };
  await server.store.transact(async (tx) => {
    const key = apiKeyOf(PLACE, ApiId);
    await tx.put(key, { ...(await tx.get(key)), CorsConfiguration });
  });
  assert.deepEqual((await sdk.getApi({ ApiId })).CorsConfiguration, {
    AllowCredentials: false,
    AllowHeaders: ['x-a'],
    ExposeHeaders: ['etag'],
  });
});
