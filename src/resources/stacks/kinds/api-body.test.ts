// Bodies of APIs (spec/definitions.md §5.2, §14 rows 32, 33, 47): what they define is imported, and lives beside other resources.
import assert from 'node:assert/strict';
import { DefinitionError } from '../../../openapi/definition.ts';
import { readDefinition } from '../../../openapi/read-definition.ts';
import { readTree } from '../../../openapi/read-tree.ts';
import { type Resource, Stand, testsInOneStore } from './kind-stand.test.support.ts';

const it = testsInOneStore();

const idOf = ({ written }: Resource): string => written.physicalId;
const members = (resource: Resource | undefined): object[] => [...resource!.written.members];

const operation = (uri: string): string =>
  `{responses: {}, x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: ${uri}, payloadFormatVersion: 1.0}}`;

/** The YAML of a document with a route for each path. */
const body = (
  paths: Readonly<Record<string, string>>,
  info = '{title: T, version: 1.0}',
  more = '',
): string =>
  `Body:\n  openapi: 3.0.1\n  info: ${info}\n${more}  paths:\n${Object.entries(paths)
    .map(([path, uri]) => `    ${path}: {get: ${uri.startsWith('{') ? uri : operation(uri)}}\n`)
    .join('')}`;

const routesOf = async (stand: Stand, ApiId: string): Promise<string[]> =>
  (await stand.list('GetRoutes', { ApiId })).map(({ RouteKey }) => String(RouteKey)).sort();

it('§14 row 32: what a body defines is made, under the id that the API is to have', async (stand) => {
  const api = await stand.create('Api', body({ '/a': 'https://a.example' }), 'a1b2c3d4e5');
  assert.equal(idOf(api), 'a1b2c3d4e5');
  assert.deepEqual(api.written.findings, []);
  const { Name, Version, ProtocolType } = await stand.call('GetApi', { ApiId: idOf(api) });
  assert.deepEqual([Name, Version, ProtocolType], ['T', '1.0', 'HTTP']);
  const [route] = await stand.list('GetRoutes', { ApiId: idOf(api) });
  const [integration] = await stand.list('GetIntegrations', { ApiId: idOf(api) });
  assert.equal(route!.Target, `integrations/${String(integration!.IntegrationId)}`);
  assert.equal(integration!.IntegrationUri, 'https://a.example');
});

it('§5.1.7: a body in text', async (stand) => {
  const api = await stand.create(
    'Api',
    `Body: '{"openapi":"3.0.1","info":{"title":"T","version":"1"},"paths":{"/a":{"get":{}}}}'`,
  );
  assert.deepEqual(await routesOf(stand, idOf(api)), ['GET /a']);
});

it('§5.2.4: the path $default, which works, is a note', async (stand) => {
  const { written } = await stand.create('Api', body({ $default: 'https://a.example' }));
  const { severity, text } = written.findings[0]!;
  assert.deepEqual(
    [severity, text],
    ['note', 'Parse issue: attribute paths. Resource $default should start with /'],
  );
});

it('§14 row 33, §5.2.4: warnings are findings at their places, and errors with FailOnWarnings', async (stand) => {
  const yaml = body({ '/a': operation('nonsense') });
  const { written } = await stand.create('Api', yaml);
  const [warning, ...more] = written.findings;
  assert.deepEqual(more, []);
  assert.match(
    warning!.text,
    /^Unable to create integration for resource at path 'GET \/a': .*\. Ignoring\.$/,
  );
  assert.equal(warning!.severity, 'warning');
  assert.equal(yaml.slice(warning!.offset).startsWith('{type: http_proxy'), true);
  await assert.rejects(stand.create('Api', `${yaml}FailOnWarnings: true`), {
    status: 400,
    message: `Warnings found during import:\n\t${warning!.text}`,
  });
});

it('§5.2.1: what is wrong with the document has its place', async (stand) => {
  const yaml = 'Body: {openapi: 2.9}';
  await assert.rejects(stand.create('Api', yaml), (error: Error) => {
    assert.ok(error.cause instanceof DefinitionError);
    assert.ok(error.cause.offset >= 6 && error.cause.offset < yaml.length);
    return true;
  });
});

it('§11.2.3: a long body is read elsewhere, and its places are those of the template', async (stand) => {
  const asked: string[] = [];
  const long: Stand = new Stand({
    ...stand.context,
    outside: {
      async readDefinition(text, means) {
        asked.push(text);
        return readDefinition(readTree(text), means);
      },
    },
  });
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`/p${i}`, `https://${i}.example`]));
  const yaml = body({ ...many, '/a': operation('nonsense') });
  const { written } = await long.create('Api', yaml);
  assert.equal(asked.length, 1);
  const [warning, ...more] = written.findings;
  assert.deepEqual(more, []);
  assert.equal(
    yaml.slice(warning!.offset).startsWith('{type: http_proxy, httpMethod: GET, uri: nonsense'),
    true,
  );
  const wrong = yaml.replace('openapi: 3.0.1', 'openapi: 2.0.1');
  await assert.rejects(long.create('Api', wrong), (error: Error) => {
    assert.ok(error.cause instanceof DefinitionError);
    assert.equal(wrong.slice(error.cause.offset).startsWith('2.0.1'), true);
    return true;
  });
  await long.create('Api', body({ '/a': 'https://a.example' }));
  assert.equal(asked.length, 2);
});

it('§5.2.3: properties beside a body go before it', async (stand) => {
  const yaml = body(
    {},
    '{title: T, version: 1, description: d}',
    '  x-amazon-apigateway-cors: {allowOrigins: ["https://a.example"], maxAge: 5}\n  tags: [{name: a, x-amazon-apigateway-tag-value: body}, {name: b, x-amazon-apigateway-tag-value: body}]\n',
  );
  const api = await stand.create(
    'Api',
    `${yaml}Name: N\nCorsConfiguration: {AllowOrigins: ["https://b.example"]}\nTags: {a: own}\nIpAddressType: dualstack`,
  );
  const ids = { ApiId: idOf(api) };
  const { Name, Description, CorsConfiguration, Tags, IpAddressType } = (await stand.stored('GetApi', ids))!;
  assert.deepEqual([Name, Description, IpAddressType], ['N', 'd', 'dualstack']);
  assert.deepEqual(CorsConfiguration, { AllowCredentials: false, AllowOrigins: ['https://b.example'] });
  assert.deepEqual(Tags, { 'aws:cloudformation:stack-name': 'pets', team: 'x', a: 'own', b: 'body' });
  const alone = await stand.update(api, yaml);
  assert.deepEqual(await stand.stored('GetApi', ids), {
    ...(await stand.stored('GetApi', { ApiId: idOf(await stand.create('Api', yaml)) })),
    ...ids,
  });
  assert.equal(alone!.written.changedOutside, undefined);
  for (const [more, message] of [
    ['Target: https://a.example', 'Target cannot be given beside a body: say it in the body'],
    ['ProtocolType: WEBSOCKET', 'A body makes an API of ProtocolType HTTP, not WEBSOCKET'],
    ['BasePath: none', 'Invalid basepath specified. Must be one of [ignore, prepend, split]'],
  ] as const) {
    await assert.rejects(stand.create('Api', yaml + more), { message });
  }
});

it('§14 row 47: another body replaces what the body made, and nothing else', async (stand) => {
  const api = await stand.create('Api', body({ '/a': 'https://a.example', '/b': 'https://b.example' }));
  const ApiId = idOf(api);
  const integration = await stand.create(
    'Integration',
    `ApiId: ${ApiId}\nIntegrationType: HTTP_PROXY\nIntegrationMethod: GET\nIntegrationUri: https://r.example\nPayloadFormatVersion: 1.0`,
  );
  const route = await stand.create(
    'Route',
    `ApiId: ${ApiId}\nRouteKey: GET /r\nTarget: integrations/${idOf(integration)}`,
  );
  await stand.call('CreateRoute', { ApiId, RouteKey: 'GET /by-hand' });
  const ofA = (await stand.list('GetRoutes', { ApiId })).find(({ RouteKey }) => RouteKey === 'GET /a');
  const stored = await stand.stored('GetRoute', { ApiId, RouteId: idOf(route) });
  const updated = await stand.update(api, body({ '/a': 'https://a.example', '/c': 'https://c.example' }));
  assert.deepEqual(
    updated!.written.members.map(({ name }) => name),
    ['Body.paths./b', 'Body.paths./c'],
  );
  assert.equal(updated!.written.changedOutside, undefined);
  assert.deepEqual(await routesOf(stand, ApiId), ['GET /a', 'GET /by-hand', 'GET /c', 'GET /r']);
  assert.deepEqual(
    (await stand.list('GetRoutes', { ApiId })).find(({ RouteKey }) => RouteKey === 'GET /a'),
    ofA,
  );
  assert.deepEqual(await stand.stored('GetRoute', { ApiId, RouteId: idOf(route) }), stored);
  assert.deepEqual((await stand.list('GetIntegrations', { ApiId })).length, 3);
});

it('§11.4.3, §11.4.4: the same body in other clothes is not imported, and its warnings are said again', async (stand) => {
  const api = await stand.create('Api', body({ '/a': operation('nonsense'), '/b': 'https://b.example' }));
  const ApiId = idOf(api);
  const before = [await stand.list('GetRoutes', { ApiId }), await stand.list('GetIntegrations', { ApiId })];
  const json = {
    paths: {
      '/b': {
        get: {
          responses: {},
          'x-amazon-apigateway-integration': {
            payloadFormatVersion: 1,
            uri: 'https://b.example',
            httpMethod: 'GET',
            type: 'http_proxy',
          },
        },
      },
      '/a': {
        get: {
          responses: {},
          'x-amazon-apigateway-integration': {
            type: 'http_proxy',
            httpMethod: 'GET',
            uri: 'nonsense',
            payloadFormatVersion: 1,
          },
        },
      },
    },
    info: { version: 1, title: 'T' },
    openapi: '3.0.1',
  };
  const same = await stand.update(
    api,
    `Body: ${JSON.stringify(json).replaceAll(/("payloadFormatVersion"|"version"):1/g, '$1:1.0')}`,
  );
  assert.deepEqual(members(same), []);
  assert.deepEqual(
    [await stand.list('GetRoutes', { ApiId }), await stand.list('GetIntegrations', { ApiId })],
    before,
  );
  assert.deepEqual(
    same!.written.findings.map(({ text }) => text),
    api.written.findings.map(({ text }) => text),
  );
});

it('§11.4.5: what somebody changed of what a body made is put back', async (stand) => {
  const yaml = body({ '/a': 'https://a.example', '/b': 'https://b.example' });
  const api = await stand.create('Api', yaml);
  const ApiId = idOf(api);
  const [route] = await stand.list('GetRoutes', { ApiId });
  const [{ IntegrationId }] = (await stand.list('GetIntegrations', { ApiId })) as [{ IntegrationId: string }];
  await stand.call('UpdateIntegration', { ApiId, IntegrationId, TimeoutInMillis: 100 });
  await stand.call('DeleteRoute', { ApiId, RouteId: route!.RouteId });
  const updated = await stand.update(api, yaml);
  assert.deepEqual([members(updated), updated!.written.changedOutside], [[{ name: 'Body' }], true]);
  assert.deepEqual(await routesOf(stand, ApiId), ['GET /a', 'GET /b']);
  for (const { TimeoutInMillis } of await stand.list('GetIntegrations', { ApiId }))
    assert.equal(TimeoutInMillis, 30000);
  assert.deepEqual(members(await stand.update(updated!, yaml)), []);
});

it('§5.2.5: without the body, what only the body made is gone', async (stand) => {
  const api = await stand.create('Api', body({ '/a': 'https://a.example' }));
  const ApiId = idOf(api);
  await stand.create('Route', `ApiId: ${ApiId}\nRouteKey: GET /r`);
  const bare = await stand.update(api, 'Name: T\nProtocolType: HTTP');
  assert.deepEqual(members(bare), [{ name: 'Version', before: '1.0' }, { name: 'Body' }]);
  assert.deepEqual(await routesOf(stand, ApiId), ['GET /r']);
  assert.deepEqual(await stand.list('GetIntegrations', { ApiId }), []);
  const again = await stand.update(bare!, body({ '/a': 'https://a.example' }));
  assert.deepEqual(members(again), [{ name: 'Version', after: '1.0' }, { name: 'Body' }]);
  assert.deepEqual(await routesOf(stand, ApiId), ['GET /a', 'GET /r']);
});

it('§2.16: what a route of somebody else names does not go with the body', async (stand) => {
  const api = await stand.create('Api', body({ '/a': 'https://a.example' }));
  const ApiId = idOf(api);
  const [integration] = await stand.list('GetIntegrations', { ApiId });
  const Target = `integrations/${String(integration!.IntegrationId)}`;
  await stand.call('CreateRoute', { ApiId, RouteKey: 'GET /by-hand', Target });
  await assert.rejects(stand.update(api, body({ '/b': 'https://b.example' })), {
    message: `Invalid integration identifier specified: ${String(integration!.IntegrationId)}`,
  });
});

it('§5.2: what says how a body is imported says nothing without one', async (stand) => {
  const { written } = await stand.create('Api', 'Name: n\nProtocolType: HTTP\nBasePath: split');
  assert.deepEqual(written.findings, [
    { severity: 'note', text: 'BasePath has no effect: the API has no body' },
  ]);
});
