// APIs, driven by the unmodified AWS SDK (spec/management-api.md §2.1, §1.9, §1.13).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ApiGatewayV2, type GetApisCommandOutput, NotFoundException } from '@aws-sdk/client-apigatewayv2';
import {
  ACCOUNT,
  type ManagementServer,
  OTHER_ACCOUNT,
  REGION,
  refused,
  startManagementServer,
} from '../support/management-server.ts';
import { httpApi, plain, webSocketApi } from '../support/management-seeds.ts';
import { testRefusals } from '../support/refusal-rows.ts';

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
  const server = { ApiId, ApiEndpoint: `ws://${ApiId}.example.test`, CreatedDate: '2026-03-01T12:00:00.000Z' };
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
    await tx.get([ACCOUNT, REGION, 'apis', ApiId!, 'routes', route!.RouteId!]),
    await tx.get(['-', '-', 'apis', ApiId!]),
  ]);
  assert.deepEqual(left, [undefined, undefined]);
});

test('a mapping of any domain keeps its API and stage from being deleted (§2.16)', async (t) => {
  const { server, sdk } = await start(t);
  const { ApiId } = await httpApi(sdk);
  await sdk.createStage({ ApiId, StageName: 'prod' });
  const domain = [ACCOUNT, REGION, 'domainnames', 'api.example.com'];
  await server.store.transact(async (tx) => {
    await tx.put(domain, { DomainName: 'api.example.com' });
    await tx.put([...domain, 'apimappings', 'm'], { ApiId, Stage: 'prod' });
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
  await server.store.transact((tx) => tx.delete([...domain, 'apimappings', 'm']));
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
    const page: GetApisCommandOutput = await sdk.getApis({ MaxResults: '2', ...(NextToken && { NextToken }) });
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
    AllowHeaders: ['Authorization', '*'],
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

testRefusals('refusals of APIs without a subject', async () => undefined, [
  { source: 'App. A', name: 'no name', call: (sdk) => sdk.createApi({ Name: '', ProtocolType: 'HTTP' }), text: 'Invalid API name specified' },
  { source: '§2.1.1', name: 'no name at all', call: (sdk) => sdk.createApi({ Name: undefined, ProtocolType: 'HTTP' }), text: 'Invalid API name specified' },
  { source: '§8.21', name: 'long name', call: (sdk) => sdk.createApi({ Name: 'n'.repeat(129), ProtocolType: 'HTTP' }), text: 'name must have length between 1 and 128' },
  { source: '§8.21', name: 'long description', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', Description: 'd'.repeat(1025) }), text: 'description must have length between 0 and 1024' },
  { source: '§8.21', name: 'long version', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', Version: 'v'.repeat(65) }), text: 'version must have length between 1 and 64' },
  { source: '§8.21', name: 'bad address type', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', IpAddressType: 'ipv6' as never }), text: 'Invalid ipAddressType specified' },
  { source: 'App. A', name: 'bad protocol', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'GRPC' as never }), text: 'Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]' },
  { source: 'App. A', name: 'WebSocket without selection', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'WEBSOCKET' }), text: 'Invalid routeSelectionExpression' },
  { source: 'App. A', name: 'HTTP with another selection', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', RouteSelectionExpression: '$request.body.action' }), text: `Route selection expression is currently limited to "\${request.method} \${request.path}"` },
  { source: '§2.1.1', name: 'another API key selection', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', ApiKeySelectionExpression: '$request.header.key' }), text: 'Invalid apiKeySelectionExpression specified' },
  { source: 'App. A', name: 'CORS on WebSocket', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.a', CorsConfiguration: { AllowOrigins: ['*'] } }), text: 'Cors is not supported for WEBSOCKET protocolType' },
  { source: 'App. A', name: 'credentials with any origin', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', CorsConfiguration: { AllowOrigins: ['*'], AllowCredentials: true } }), text: "allow-credentials is not supported if 'allow-origin' is *" },
  { source: 'App. A', name: 'origin of another scheme', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', CorsConfiguration: { AllowOrigins: ['capacitor://localhost'] } }), text: 'Invalid format for origin capacitor://localhost' },
  { source: 'http-api §5.1', name: 'origin without scheme', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', CorsConfiguration: { AllowOrigins: ['example.com'] } }), text: 'Invalid format for origin example.com' },
  { source: '§2.1.3', name: 'max age out of range', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', CorsConfiguration: { MaxAge: 86_401 } }), text: 'maxAge must be between -1 and 86400' },
  { source: '§2.1.3', name: 'a method that is none', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', CorsConfiguration: { AllowMethods: ['GET\r\nx: y'] } }), text: 'Invalid method GET\r\nx: y in allowMethods' },
  { source: '§2.1.3', name: 'a header name that is none', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', CorsConfiguration: { AllowHeaders: ['a b'] } }), text: 'Invalid header name a b in allowHeaders' },
  { source: '§1.9', name: 'page of nothing', call: (sdk) => sdk.getApis({ MaxResults: '0' }), text: 'Invalid maxResults specified' },
  { source: '§1.9', name: 'token of nobody', call: (sdk) => sdk.getApis({ NextToken: 'nonsense' }), text: 'Invalid nextToken specified' },
  { source: '§2.1.2', name: 'route key without target', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', RouteKey: 'GET /' }), text: 'RouteKey can only be specified together with Target' },
  { source: '§2.1.1', name: 'quick create on WebSocket', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.a', Target: 'http://a.example' }), text: 'Target is not supported for protocolType WEBSOCKET' },
  { source: '§2.1.2', name: 'quick create of nothing', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', Target: 'ftp://a.example' }), text: 'Invalid HTTP endpoint specified for URI' },
  { source: '§2.1.2', name: 'quick create of a queue', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', Target: 'arn:aws:sqs:us-east-1:111111111111:q' }), text: 'Invalid function ARN or invalid uri' },
  { source: '§2.14', name: 'reserved tag', call: (sdk) => sdk.createApi({ Name: 'n', ProtocolType: 'HTTP', Tags: { 'aws:x': 'y' } }), text: 'Tag keys that begin with aws: are reserved: aws:x' },
]);

testRefusals('refusals of UpdateApi', httpApi, [
  { source: 'App. A', name: 'empty name', call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, Name: '' }), text: 'Invalid API name specified' },
  { source: 'App. A', name: 'another selection', call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, RouteSelectionExpression: 'x' }), text: `Route selection expression is currently limited to "\${request.method} \${request.path}"` },
  { source: '§2.1.2', name: 'target of an API that was not quick-created', call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, Target: 'http://a.example' }), text: 'Target can only be updated for an API that was created with Target' },
  { source: '§2.1.1', name: 'schema validation on HTTP', call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, DisableSchemaValidation: true }), text: 'DisableSchemaValidation is not supported for protocolType HTTP' },
  { source: 'App. A', name: 'unknown API', exception: 'NotFound', call: (sdk) => sdk.updateApi({ ApiId: 'nothere', Name: '' }), text: `Invalid API identifier specified ${ACCOUNT}:nothere` },
  { source: 'App. A', name: 'unknown API, CORS', exception: 'NotFound', call: (sdk) => sdk.deleteCorsConfiguration({ ApiId: 'nothere' }), text: `Invalid API identifier specified ${ACCOUNT}:nothere` },
]);

testRefusals('refusals of UpdateApi on WebSocket', webSocketApi, [
  { source: 'App. A', name: 'no selection', call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, RouteSelectionExpression: '' }), text: 'Invalid routeSelectionExpression' },
  { source: 'App. A', name: 'CORS', call: (sdk, { ApiId }) => sdk.updateApi({ ApiId, CorsConfiguration: { MaxAge: 1 } }), text: 'Cors is not supported for WEBSOCKET protocolType' },
]);
