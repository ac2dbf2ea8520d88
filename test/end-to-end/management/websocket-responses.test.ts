// Integration responses, route responses and models of WebSocket APIs, driven by the unmodified AWS SDK
// (spec/management-api.md §2.4, §2.5, §2.7).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { BadRequestException, ConflictException, NotFoundException } from '@aws-sdk/client-apigatewayv2';
import { startManagementServer } from '../../support/management-server.ts';

async function start(t: TestContext) {
  const server = await startManagementServer();
  t.after(() => server.close());
  const sdk = server.client();
  const { ApiId } = await sdk.createApi({
    Name: 'chat',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  });
  const { IntegrationId } = await sdk.createIntegration({ ApiId, IntegrationType: 'MOCK' });
  const { RouteId } = await sdk.createRoute({
    ApiId,
    RouteKey: 'join',
    Target: `integrations/${IntegrationId}`,
    RouteResponseSelectionExpression: '$default',
  });
  return { sdk, ApiId: ApiId!, IntegrationId: IntegrationId!, RouteId: RouteId! };
}

const refusedWith =
  (kind: new (...args: never[]) => Error, message: string | RegExp) =>
  (error: unknown): boolean =>
    error instanceof kind &&
    (typeof message === 'string' ? error.message === message : message.test(error.message));

test('an integration response is created, read, listed, updated and deleted', async (t) => {
  const { sdk, ApiId, IntegrationId } = await start(t);
  const { $metadata, ...made } = await sdk.createIntegrationResponse({
    ApiId,
    IntegrationId,
    IntegrationResponseKey: '/2\\d\\d/',
    ResponseTemplates: { 'application/json': '{}', $default: 'x' },
    TemplateSelectionExpression: '${integration.response.statuscode}',
    ContentHandlingStrategy: 'CONVERT_TO_TEXT',
    ResponseParameters: { 'method.response.header.a': "'b'" },
  });
  assert.equal($metadata.httpStatusCode, 201);
  const id = made.IntegrationResponseId!;
  assert.match(id, /^[a-z0-9]{6}$/);
  const expected = {
    IntegrationResponseId: id,
    IntegrationResponseKey: '/2\\d\\d/',
    ResponseTemplates: { 'application/json': '{}', $default: 'x' },
    TemplateSelectionExpression: '${integration.response.statuscode}',
    ContentHandlingStrategy: 'CONVERT_TO_TEXT',
    ResponseParameters: { 'method.response.header.a': "'b'" },
  };
  assert.deepEqual(made, expected);
  const where = { ApiId, IntegrationId, IntegrationResponseId: id };
  const { $metadata: _, ...read } = await sdk.getIntegrationResponse(where);
  assert.deepEqual(read, expected);
  const updated = await sdk.updateIntegrationResponse({
    ...where,
    IntegrationResponseKey: '$default',
    ResponseTemplates: { a: 'b' },
    TemplateSelectionExpression: '',
  });
  assert.equal(updated.IntegrationResponseKey, '$default');
  assert.deepEqual(updated.ResponseTemplates, { a: 'b' });
  assert.equal(updated.TemplateSelectionExpression, undefined);
  const { Items } = await sdk.getIntegrationResponses({ ApiId, IntegrationId });
  assert.deepEqual(
    Items?.map(({ IntegrationResponseKey }) => IntegrationResponseKey),
    ['$default'],
  );
  assert.equal((await sdk.deleteIntegrationResponse(where)).$metadata.httpStatusCode, 204);
  await assert.rejects(
    () => sdk.getIntegrationResponse(where),
    refusedWith(NotFoundException, `Invalid IntegrationResponse identifier specified ${id}`),
  );
});

test('an integration response is refused', async (t) => {
  const { sdk, ApiId, IntegrationId } = await start(t);
  const create = (more: object) =>
    sdk.createIntegrationResponse({ ApiId, IntegrationId, IntegrationResponseKey: '$default', ...more });
  await create({});
  const rows: [object, string | RegExp][] = [
    [{ IntegrationResponseKey: '200' }, /^Invalid integration response key specified: 200\./],
    [{ IntegrationResponseKey: '/(/' }, /^Invalid integration response key specified/],
    [
      { IntegrationResponseKey: '/a/', TemplateSelectionExpression: '$context.stage' },
      'Invalid templateSelectionExpression specified',
    ],
    [
      { IntegrationResponseKey: '/a/', ResponseParameters: { 'header.a': "'b'" } },
      /^Invalid mapping expression specified: .*header\.a/,
    ],
    [
      { IntegrationResponseKey: '/a/', ResponseParameters: { 'method.response.header.a': 'b' } },
      /^Invalid mapping expression specified: /,
    ],
  ];
  for (const [more, message] of rows) {
    await assert.rejects(() => create(more), refusedWith(BadRequestException, message), JSON.stringify(more));
  }
  await assert.rejects(() => create({}), refusedWith(ConflictException, /already exists/));
});

// spec/websocket-api.md §5.5.2.
test('a template with a regular expression that is not supported is refused when it is written', async (t) => {
  const { sdk, ApiId, IntegrationId } = await start(t);
  const templates = (pattern: string) => ({ $default: `$input.path('$.a').replaceAll('${pattern}', '')` });
  for (const [pattern, what] of [
    ['(a)\\1', 'a back-reference'],
    ['(?>a+)b', 'an atomic group'],
    ['a(?=b)c', 'a look-ahead that is not at its end'],
    ['(?<=ab)c', 'a look-behind of something else than one character'],
    ['a*+a?b', 'a possessive quantifier before what it may match itself'],
  ] as const) {
    const says = new RegExp(
      `^Invalid template \\$default in re(?:quest|sponse)Templates: The regular expression .* has ${what}, which is not supported`,
    );
    await assert.rejects(
      () => sdk.updateIntegration({ ApiId, IntegrationId, RequestTemplates: templates(pattern) }),
      refusedWith(BadRequestException, says),
      pattern,
    );
    const response = { IntegrationResponseKey: '$default', ResponseTemplates: templates(pattern) };
    await assert.rejects(
      () => sdk.createIntegrationResponse({ ApiId, IntegrationId, ...response }),
      refusedWith(BadRequestException, says),
      pattern,
    );
  }
  const path = { $default: "$input.json('$.items[?(@.a =~ /(a)\\1/)]')" };
  await assert.rejects(
    () => sdk.updateIntegration({ ApiId, IntegrationId, RequestTemplates: path }),
    refusedWith(BadRequestException, /a back-reference/),
  );
  // What is wrong in Java too, or in the template's syntax, shows when it is used.
  for (const $default of ["$input.body.matches('(')", '#if(', "$input.body.split('(?=[A-Z])')"]) {
    await sdk.updateIntegration({ ApiId, IntegrationId, RequestTemplates: { $default } });
  }
});

test('a route response is created, read, listed, updated and deleted', async (t) => {
  const { sdk, ApiId, RouteId } = await start(t);
  const { $metadata, ...made } = await sdk.createRouteResponse({
    ApiId,
    RouteId,
    RouteResponseKey: '$default',
  });
  assert.equal($metadata.httpStatusCode, 201);
  const id = made.RouteResponseId!;
  assert.deepEqual(made, { RouteResponseId: id, RouteResponseKey: '$default' });
  const where = { ApiId, RouteId, RouteResponseId: id };
  const updated = await sdk.updateRouteResponse({
    ...where,
    ModelSelectionExpression: '$request.body.a',
    ResponseParameters: { 'route.response.header.a': { Required: true } },
  });
  assert.equal(updated.ModelSelectionExpression, '$request.body.a');
  const { Items } = await sdk.getRouteResponses({ ApiId, RouteId });
  assert.equal(Items?.length, 1);
  await assert.rejects(
    () => sdk.createRouteResponse({ ApiId, RouteId, RouteResponseKey: '$default' }),
    refusedWith(ConflictException, /already exists/),
  );
  await assert.rejects(
    () => sdk.createRouteResponse({ ApiId, RouteId, RouteResponseKey: 'other' }),
    refusedWith(BadRequestException, 'Currently, only $default is supported as a RouteResponseKey.'),
  );
  await sdk.deleteRouteResponse(where);
  await assert.rejects(
    () => sdk.getRouteResponse(where),
    refusedWith(NotFoundException, `Invalid RouteResponse identifier specified ${id}`),
  );
});

test('a model is created, read, listed, updated and deleted', async (t) => {
  const { sdk, ApiId, RouteId } = await start(t);
  const Schema = '{ "type": "object",  "required": ["a"] }';
  const { $metadata, ...made } = await sdk.createModel({
    ApiId,
    Name: 'Join',
    Schema,
    ContentType: 'application/json',
    Description: 'd',
  });
  assert.equal($metadata.httpStatusCode, 201);
  const ModelId = made.ModelId!;
  assert.deepEqual(made, {
    ModelId,
    Name: 'Join',
    Schema,
    ContentType: 'application/json',
    Description: 'd',
  });
  const updated = await sdk.updateModel({ ApiId, ModelId, Description: '', Schema: '{}' });
  assert.equal(updated.Description, undefined);
  assert.equal(updated.Schema, '{}');
  assert.equal((await sdk.getModels({ ApiId })).Items?.length, 1);
  assert.match((await sdk.getModelTemplate({ ApiId, ModelId })).Value!, /\$input/);
  await sdk.updateRoute({
    ApiId,
    RouteId,
    RequestModels: { $default: 'Join' },
    ModelSelectionExpression: '$request.body.action',
  });
  await assert.rejects(
    () => sdk.deleteModel({ ApiId, ModelId }),
    refusedWith(ConflictException, "Cannot delete model 'Join', is referenced in route: join"),
  );
  await sdk.updateRoute({ ApiId, RouteId, RequestModels: {} });
  assert.equal((await sdk.deleteModel({ ApiId, ModelId })).$metadata.httpStatusCode, 204);
  await assert.rejects(
    () => sdk.getModel({ ApiId, ModelId }),
    refusedWith(NotFoundException, `Invalid Model identifier specified ${ModelId}`),
  );
});

test('a model is refused', async (t) => {
  const { sdk, ApiId } = await start(t);
  const rows: [object, string | RegExp][] = [
    [{ Name: 'a-b' }, 'Model name must be alphanumeric: a-b'],
    [{ Schema: '{' }, /^Invalid model specified: /],
    [{ Schema: '[]' }, /^Invalid model specified: /],
    [{ Schema: '{"type": "nothing"}' }, /^Invalid model specified: /],
    [{ Schema: '{"pattern": "("}' }, /^Invalid model specified: /],
    [{ Schema: '{"properties": {"a": {"type": 1}}}' }, /schema specified\. schema\/properties\/a\/type must/],
    [{ Schema: '{"anyOf": [{"$ref": "#"}]}' }, /schema specified\. a \$ref leads back to itself/],
  ];
  for (const [more, message] of rows) {
    await assert.rejects(
      () => sdk.createModel({ ApiId, Name: 'Model', Schema: '{}', ...more }),
      refusedWith(BadRequestException, message),
      JSON.stringify(more),
    );
  }
  await sdk.createModel({ ApiId, Name: 'Model', Schema: '{}' });
  await assert.rejects(
    () => sdk.createModel({ ApiId, Name: 'Model', Schema: '{}' }),
    refusedWith(ConflictException, /already exists/),
  );
});

test('an HTTP API has none of them', async (t) => {
  const { sdk } = await start(t);
  const { ApiId } = await sdk.createApi({ Name: 'http', ProtocolType: 'HTTP' });
  const { IntegrationId } = await sdk.createIntegration({
    ApiId,
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'ANY',
    IntegrationUri: 'http://example.com',
    PayloadFormatVersion: '1.0',
  });
  const { RouteId } = await sdk.createRoute({ ApiId, RouteKey: '$default' });
  await assert.rejects(
    () => sdk.createIntegrationResponse({ ApiId, IntegrationId, IntegrationResponseKey: '$default' }),
    refusedWith(
      BadRequestException,
      'IntegrationResponses are currently not supported for this API protocol type.',
    ),
  );
  await assert.rejects(
    () => sdk.createRouteResponse({ ApiId, RouteId, RouteResponseKey: '$default' }),
    refusedWith(
      BadRequestException,
      'RouteResponses are currently not supported for this API protocol type.',
    ),
  );
  await assert.rejects(
    () => sdk.createModel({ ApiId, Name: 'a', Schema: '{}' }),
    refusedWith(
      BadRequestException,
      'Currently, Models are not permitted for APIs with a protocol type of HTTP',
    ),
  );
});
