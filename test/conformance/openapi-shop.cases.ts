// An API, its export, and the way back (spec/openapi.md §15, D6).
import assert from 'node:assert/strict';
import type { StoryCase } from './openapi-case.ts';
import { backend, lambda, lines, textOf } from './openapi-documents.ts';
import { type Document, ISSUER, type Members, made } from './openapi-language.ts';
import type { OpenApiStand } from './openapi-stand.ts';

/** The API of D6, by single operations, and what its stage is called. */
async function shop(stand: OpenApiStand): Promise<string> {
  const { client } = stand;
  const { ApiId } = await client.createApi({
    Name: 'Shop',
    ProtocolType: 'HTTP',
    Description: 'Shop API',
    Version: '1.0',
    Tags: { team: 'shop' },
    CorsConfiguration: {
      AllowOrigins: ['https://shop.example.com'],
      AllowMethods: ['GET', 'POST'],
      AllowHeaders: ['authorization'],
      MaxAge: 300,
    },
  });
  const { AuthorizerId } = await client.createAuthorizer({
    ApiId,
    Name: 'Jwt',
    AuthorizerType: 'JWT',
    IdentitySource: ['$request.header.Authorization'],
    JwtConfiguration: { Issuer: ISSUER, Audience: ['shop'] },
  });
  const targets: string[] = [];
  for (const integration of [
    lambda('f'),
    backend('GET', '/items/{id}', {
      timeoutInMillis: 12000,
      responseParameters: { 200: { 'overwrite:header.Cache-Control': 'no-store' } },
    }),
    lambda('files', { credentials: 'arn:aws:iam::123456789012:role/files' }),
  ]) {
    const input = { ApiId, IntegrationType: 'AWS_PROXY' as const, ...made(integration) };
    targets.push(`integrations/${(await client.createIntegration(input)).IntegrationId}`);
  }
  const [items, item, files] = targets;
  for (const route of [
    {
      RouteKey: 'GET /items',
      Target: items,
      OperationName: 'listItems',
      AuthorizationType: 'JWT' as const,
      AuthorizerId,
      AuthorizationScopes: ['shop/read'],
    },
    { RouteKey: 'POST /items', Target: items },
    { RouteKey: 'GET /items/{id}', Target: item },
    { RouteKey: 'ANY /files/{proxy+}', Target: files, AuthorizationType: 'AWS_IAM' as const },
    { RouteKey: '$default' },
  ])
    await client.createRoute({ ApiId, ...route });
  const { DeploymentId } = await client.createDeployment({ ApiId });
  await client.createStage({ ApiId, StageName: 'prod', DeploymentId });
  return ApiId!;
}

/** Members in their order. */
const ordered = (value: unknown): string => JSON.stringify(value, null, 1);
const PROD = { StageName: 'prod' };

export const openApiShopCases: readonly StoryCase[] = [
  {
    row: 'D6',
    name: 'an API as a document',
    choices: ['O45'],
    run: async (stand) => {
      const apiId = await shop(stand);
      const expected: Document = JSON.parse(textOf('d6.json'));
      assert.equal(ordered(await stand.exported(apiId, PROD)), ordered(expected));
      const { servers: _, ...rest } = expected;
      assert.equal(ordered(await stand.exported(apiId)), ordered(rest));
    },
  },
  {
    row: 'D6',
    name: 'as YAML',
    run: async (stand) => {
      const { text } = await stand.exportText(await shop(stand), { ...PROD, OutputType: 'YAML' });
      assert.match(text, /^openapi: "3\.0\.1"\ninfo:\n {2}title: "Shop"\n/);
      assert.match(text, /\nservers:\n- url: "https:/);
      for (const line of ['isDefaultRoute: true', 'maxAge: 300', 'flows: {}'])
        assert.match(text, new RegExp(`\\n +${line}\\n`));
    },
  },
  {
    row: 'D6',
    name: 'without extensions',
    choices: ['O49'],
    run: async (stand) => {
      const whole: Document = JSON.parse(textOf('d6.json'));
      const answers = (key: string): Members => ({
        responses: { default: { description: `Default response for ${key}` } },
      });
      const expected = {
        openapi: '3.0.1',
        info: whole.info,
        servers: whole.servers,
        tags: [{ name: 'team' }],
        paths: {
          '/items': {
            get: { operationId: 'listItems', ...answers('GET /items'), security: [{ Jwt: ['shop/read'] }] },
            post: answers('POST /items'),
          },
          '/items/{id}': {
            get: answers('GET /items/{id}'),
            parameters: whole.paths!['/items/{id}']!.parameters,
          },
        },
        components: { securitySchemes: { Jwt: { type: 'oauth2', flows: {} } } },
      };
      const exported = await stand.exported(await shop(stand), { ...PROD, IncludeExtensions: false });
      assert.equal(ordered(exported), ordered(expected));
    },
  },
  {
    row: 'D6',
    name: 'and back',
    run: async (stand) => {
      const apiId = await shop(stand);
      const { text } = await stand.exportText(apiId, PROD);
      const answer = await stand.import({ document: text, failOnWarnings: true });
      assert.equal(answer.Warnings, undefined);
      assert.deepEqual(
        answer.ImportInfo?.toSorted(),
        lines(
          'paths./$default.x-amazon-apigateway-any-method',
          'paths./files/{proxy+}.x-amazon-apigateway-any-method',
          ['paths./files/{proxy+}', 'parameters'],
          'paths./items.get',
          'paths./items.post',
          'paths./items/{id}.get',
          ['paths./items/{id}', 'parameters'],
        ).toSorted(),
      );
      const [first, second] = [await stand.read(apiId), await stand.read(answer.ApiId!)];
      assert.deepEqual([first.integrations.length, second.integrations.length], [3, 4]);
      const { CreatedDate: _, ...api } = first.api;
      const { CreatedDate: __, ...back } = second.api;
      assert.deepEqual(back, api);
      assert.deepEqual([second.routes, second.authorizers], [first.routes, first.authorizers]);
      assert.equal((await stand.exportText(answer.ApiId!)).text, (await stand.exportText(apiId)).text);
    },
  },
];
