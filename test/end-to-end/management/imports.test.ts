// ImportApi and ReimportApi through the wire with the unmodified AWS SDK, and what the command line asks (spec/openapi.md §1). What
// becomes of each part of a document is in test/conformance.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { BadRequestException, NotFoundException } from '@aws-sdk/client-apigatewayv2';
import { API_INDEX } from '../../../src/config/keys.ts';
import {
  ACCOUNT,
  type ManagementServer,
  REGION,
  startManagementServer,
} from '../../support/management-server.ts';
import { sign } from '../../support/signing.ts';

async function start(t: TestContext) {
  const server = await startManagementServer();
  t.after(() => server.close());
  return { server, sdk: server.client() };
}

const integration = (path: string) => ({
  type: 'http_proxy',
  httpMethod: 'GET',
  uri: `https://be.example.com${path}`,
  payloadFormatVersion: '1.0',
});

/** A document with a GET operation for each path. */
function documentOf(paths: readonly string[], more: object = {}): string {
  const operations = paths.map((path) => [
    path,
    { get: { responses: {}, 'x-amazon-apigateway-integration': integration(path) } },
  ]);
  return JSON.stringify({
    openapi: '3.0.1',
    info: { title: 'Shop', version: '1' },
    paths: Object.fromEntries(operations),
    ...more,
  });
}

const BAD = documentOf(['/a', '/b/']);
const NOT_FORMATTED =
  "Unable to create route for resource at path 'GET /b/': The provided route key is not formatted properly for HTTP protocol. " +
  'Format should be "[HTTP METHOD] /[RESOURCE PATH]" or "$default". Ignoring.';

test('ImportApi answers with the API, and lists that are not empty (§1.3)', async (t) => {
  const { sdk } = await start(t);
  const Body = documentOf(['/a'], { 'x-amazon-apigateway-cors': { allowOrigins: ['*'] } });
  const { $metadata, ...answer } = await sdk.importApi({ Body });
  assert.equal($metadata.httpStatusCode, 201);
  const { ImportInfo, ...api } = answer;
  assert.deepEqual(ImportInfo, ['paths./a.get: key [responses] will be ignored by API Gateway']);
  assert.deepEqual([api.Tags, api.CorsConfiguration, api.Warnings], [{}, { AllowOrigins: ['*'] }, undefined]);
  const { $metadata: _, ...stored } = await sdk.getApi({ ApiId: api.ApiId });
  assert.deepEqual(api, stored);
  const warned = await sdk.importApi({ Body: BAD });
  assert.deepEqual(warned.Warnings, [NOT_FORMATTED]);
  const bare = await sdk.importApi({
    Body: 'openapi: "3.0"\ninfo: {title: Bare, version: 2.0}\npaths: {}\n',
  });
  assert.deepEqual(
    [bare.Name, bare.Version, bare.ImportInfo, bare.Warnings],
    ['Bare', '2.0', undefined, undefined],
  );
});

test('failOnWarnings stores nothing and leaves no trace (§5.3)', async (t) => {
  const { server, sdk } = await start(t);
  const refused = {
    name: BadRequestException.name,
    message: `Warnings found during import:\n\t${NOT_FORMATTED}`,
  };
  await assert.rejects(sdk.importApi({ Body: BAD, FailOnWarnings: true }), refused);
  assert.equal(await server.store.latestChange(), 0);
  const { ApiId } = await sdk.importApi({ Body: documentOf(['/old']) });
  const before = await server.store.latestChange();
  await assert.rejects(sdk.reimportApi({ ApiId, Body: BAD, FailOnWarnings: true }), refused);
  assert.equal(await server.store.latestChange(), before);
});

test('ReimportApi keeps ids of what stays, and deploys once (§8)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId, CreatedDate } = await sdk.importApi({ Body: documentOf(['/a', '/b']) });
  await sdk.createStage({ ApiId, StageName: '$default', AutoDeploy: true });
  const deploymentsBefore = (await sdk.getDeployments({ ApiId })).Items!.length;
  const [a] = (await sdk.getRoutes({ ApiId })).Items!;
  const answer = await sdk.reimportApi({ ApiId, Body: documentOf(['/c', '/a', '/d']) });
  assert.deepEqual([answer.$metadata.httpStatusCode, answer.CreatedDate], [201, CreatedDate]);
  const routes = (await sdk.getRoutes({ ApiId })).Items!;
  assert.deepEqual(
    routes.map(({ RouteKey }) => RouteKey),
    ['GET /c', 'GET /a', 'GET /d'],
  );
  assert.deepEqual(routes[1], a);
  const { Items: deployments } = await sdk.getDeployments({ ApiId });
  assert.equal(deployments!.length, deploymentsBefore + 1);
  const stage = await sdk.getStage({ ApiId, StageName: '$default' });
  assert.equal(stage.DeploymentId, deployments!.at(-1)!.DeploymentId);
});

test('what is refused before the document is read (§1.2, O3, O8, O42)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId: socket } = await sdk.createApi({
    Name: 's',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  });
  const no = (text: string) => ({ name: BadRequestException.name, message: text });
  await assert.rejects(sdk.reimportApi({ ApiId: 'nope', Body: '{' }), {
    name: NotFoundException.name,
    message: `Invalid API identifier specified ${ACCOUNT}:nope`,
  });
  await assert.rejects(
    sdk.reimportApi({ ApiId: socket, Body: '{' }),
    no('ReimportApi is not supported for protocolType WEBSOCKET'),
  );
  await assert.rejects(
    sdk.importApi({ Body: '{', Basepath: 'other' }),
    no('Invalid basepath specified. Must be one of [ignore, prepend, split]'),
  );
  for (const Body of ['{', '', undefined])
    await assert.rejects(sdk.importApi({ Body }), no('Invalid OpenAPI input.'));
  await assert.rejects(
    sdk.importApi({ Body: documentOf([], { info: { version: '1' } }) }),
    no('Invalid API name specified'),
  );
});

test('the envelope may have 16 MiB, its document 6 (O4)', async (t) => {
  const { server, sdk } = await start(t);
  // Each quote is two characters of the envelope.
  const quotes = (bytes: number) => `# ${'"'.repeat(bytes - 2)}`;
  const MiB = 1024 * 1024;
  const invalid = { name: BadRequestException.name, message: 'Invalid OpenAPI input.' };
  await assert.rejects(sdk.importApi({ Body: quotes(6 * MiB) }), invalid);
  await assert.rejects(sdk.importApi({ Body: quotes(6 * MiB + 1) }), {
    name: BadRequestException.name,
    message: 'The OpenAPI definition exceeds the maximum size of 6 MB',
  });
  const reply = await fetch(`${server.url}/v2/apis`, { method: 'PUT', body: 'x'.repeat(16 * MiB + 1) });
  assert.equal(reply.status, 413);
  await reply.body?.cancel();
});

async function asked(
  server: ManagementServer,
  request: object,
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const { host } = new URL(server.url);
  const body = JSON.stringify(request);
  const { target, lines } = await sign(
    { method: 'POST', host, path: '/_postern/import', body },
    {
      accessKeyId: `KEY${ACCOUNT}`,
      secretAccessKey: `secret-of-${ACCOUNT}`,
      region: REGION,
      service: 'apigateway',
    },
  );
  const headers = lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
  const reply = await fetch(server.url + target, { method: 'POST', headers, body });
  return { status: reply.status, answer: (await reply.json()) as Record<string, unknown> };
}

test('POST /_postern/import tells places and what becomes of the API; a dry run changes nothing', async (t) => {
  const { server } = await start(t);
  const { answer: planned } = await asked(server, { body: documentOf(['/a']), dryRun: true });
  assert.deepEqual(planned, {
    outcome: 'planned',
    api: { name: 'Shop' },
    created: [
      { kind: 'api', name: 'Shop' },
      { kind: 'integration', name: 'HTTP_PROXY GET https://be.example.com/a' },
      { kind: 'route', name: 'GET /a' },
    ],
    changed: [],
    removed: [],
    kept: [],
    stages: [],
    warnings: [],
    info: planned.info,
  });
  assert.equal(await server.store.latestChange(), 0);
  const { answer: imported } = await asked(server, { body: documentOf(['/a', '/b']) });
  const { apiId } = imported.api as { apiId: string };
  assert.notEqual(await server.store.read((tx) => tx.get([...API_INDEX, apiId])), undefined);
  await server.client().createStage({ ApiId: apiId, StageName: 'prod', AutoDeploy: true });
  const changed = await asked(server, { body: documentOf(['/b', '/c']), apiId, dryRun: true });
  assert.deepEqual(changed.answer.stages, [{ name: 'prod' }]);
  const empty = await asked(server, { body: documentOf([]), apiId, dryRun: true });
  assert.deepEqual(empty.answer.stages, [
    {
      name: 'prod',
      problem: 'Deployment attempt failed: Unable to deploy API because no valid routes exist in this API',
    },
  ]);
  const { created, removed, kept, changed: changes } = changed.answer;
  const both = (path: string) => [
    { kind: 'integration', name: `HTTP_PROXY GET https://be.example.com${path}` },
    { kind: 'route', name: `GET ${path}` },
  ];
  assert.deepEqual(
    { created, removed, kept, changes },
    {
      created: both('/c'),
      removed: both('/a'),
      kept: [{ kind: 'api', name: 'Shop' }, ...both('/b')],
      changes: [],
    },
  );
  const text = 'openapi: 3.0.1\ninfo: {title: T, version: "1"}\npaths:\n  /a/:\n    get: {responses: {}}\n';
  const refused = await asked(server, { body: text, failOnWarnings: true });
  assert.equal(refused.status, 400);
  const [{ line }] = refused.answer.warnings as [{ line: number }];
  assert.deepEqual([refused.answer.outcome, refused.answer.errors, line], ['refused', [], 5]);
  const unusable = await asked(server, { body: 'openapi: 3.0.1\npaths: {\n' });
  const [problem] = unusable.answer.errors as [{ text: string; line: number; detail: string }];
  assert.equal(problem.text, 'Invalid OpenAPI input.');
  assert.ok(problem.line >= 2 && problem.detail !== '');
  assert.equal((await asked(server, { body: 7 })).status, 400);
  assert.equal((await asked(server, { body: '{', apiId: 'nope' })).status, 404);
});

test('large definitions beyond those that may wait are refused, and the next is not', async (t) => {
  const { server } = await start(t);
  const body = `# said of it\n${'# and more\n'.repeat(5000)}`;
  const answers = await Promise.all(Array.from({ length: 40 }, () => asked(server, { body })));
  const refused = answers.filter(({ status }) => status === 429);
  assert.ok(refused.length > 0, `${answers.map(({ status }) => status)}`);
  assert.equal(refused[0]!.answer.message, 'Too Many Requests');
  assert.equal((await asked(server, { body })).status, 400);
});
