// What failOnWarnings stops, and what a reimport replaces and keeps (spec/openapi.md §14.7, §14.9).
import assert from 'node:assert/strict';
import type { ImportCase, StoryCase } from './openapi-case.ts';
import {
  any,
  type Document,
  doc,
  getA,
  H,
  ignored,
  int,
  jwt,
  L,
  lam,
  type Members,
  noIntegration,
  parseIssue,
  TARGETLESS,
  to,
} from './openapi-language.ts';
import { expectRefused, type OpenApiStand } from './openapi-stand.ts';

const NO_SLASH = parseIssue('paths. Resource $default should start with /');
const NO_SCHEMA = parseIssue(
  "paths.'/update'(get).responses.200.content.schema.#/components/schemas/Nope is missing",
);
const AS_SAM: Document = doc({ $default: any(int(L, { isDefaultRoute: true })) });
const UPDATE: Document = doc({
  '/update': {
    get: int(L, {
      responses: {
        200: {
          description: 'd',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Nope' } } },
        },
      },
    }),
  },
});
const BAD = int({ ...H, uri: 'not a url' });
const NO_URL = 'Invalid HTTP endpoint specified for URI';

const stopped = (...lines: readonly string[]) => ({
  message: `Warnings found during import:${lines.map((line) => `\n\t${line}`).join('')}`,
});
const BODY: Document = doc({ '/a': { post: int(L, { requestBody: { content: {} } }) } });
const BODY_MADE = {
  routes: { 'POST /a': to(L) },
  info: [ignored('paths./a.post', 'requestBody')],
};
const spelled = (flag: string) => (request: { query: Record<string, string> }) => {
  request.query.failOnWarnings = flag;
};

const flags: readonly ImportCase[] = [
  {
    row: 104,
    name: 'a warning with failOnWarnings',
    document: UPDATE,
    failOnWarnings: true,
    refused: stopped(NO_SCHEMA),
  },
  {
    row: 105,
    name: 'the path of SAM with failOnWarnings',
    document: AS_SAM,
    failOnWarnings: true,
    refused: stopped(NO_SLASH),
  },
  {
    row: 105,
    name: 'two warnings with failOnWarnings',
    document: doc({ '/a': { get: BAD }, '/b': { get: BAD } }),
    failOnWarnings: true,
    refused: stopped(noIntegration('GET /a', NO_URL), noIntegration('GET /b', NO_URL)),
  },
  {
    row: 106,
    name: 'info lines with failOnWarnings',
    document: BODY,
    failOnWarnings: true,
    made: BODY_MADE,
  },
  ...['TRUE', 'True'].map(
    (flag): ImportCase => ({
      row: 141,
      name: `failOnWarnings=${flag}`,
      choices: ['O28'],
      document: AS_SAM,
      altered: spelled(flag),
      refused: stopped(NO_SLASH),
    }),
  ),
  {
    row: 141,
    name: 'failOnWarnings=False',
    choices: ['O28'],
    document: AS_SAM,
    altered: spelled('False'),
    made: { routes: { $default: to(L) }, warnings: [NO_SLASH] },
  },
  ...['yes', ''].map(
    (flag): ImportCase => ({
      row: 141,
      name: `failOnWarnings=${flag}`,
      choices: ['O28', 'O3'],
      document: BODY,
      altered: spelled(flag),
      refused: { message: 'Invalid failOnWarnings specified. Must be one of [true, false]' },
    }),
  ),
];

/** An API that a document makes. */
async function made(stand: OpenApiStand, document: Document): Promise<string> {
  return (await stand.import({ document })).ApiId!;
}
async function keysAfter(stand: OpenApiStand, apiId: string): Promise<readonly string[]> {
  return Object.keys((await stand.read(apiId)).routes).sort();
}
const CORS: Members = { 'x-amazon-apigateway-cors': { allowOrigins: ['https://a.com'] } };
const entry = (name: string, value: string): Members => ({ name, 'x-amazon-apigateway-tag-value': value });
const NOT_HERE = 'Invalid API identifier specified 123456789012:nope';

/** `GET` of the paths, each with `L`. */
const gets = (...paths: readonly string[]): Document =>
  doc(Object.fromEntries(paths.map((path) => [path, { get: int(L) }])));

async function deploymentIds(stand: OpenApiStand, ApiId: string): Promise<readonly string[]> {
  const { Items } = await stand.client.getDeployments({ ApiId });
  return Items!.map(({ DeploymentId }) => DeploymentId!);
}

const stories: readonly StoryCase[] = [
  {
    row: 14,
    name: 'a reimport without title keeps the name',
    choices: ['O11', 'O30'],
    run: async (stand) => {
      const apiId = await made(stand, getA(L, { info: { title: 'old', version: '1' } }));
      const answer = await stand.reimport(apiId, { document: getA(L, { info: { version: '1' } }) });
      assert.deepEqual([answer.Name, answer.Warnings], ['old', [parseIssue('info.title is missing')]]);
    },
  },
  {
    row: 107,
    name: 'a reimport that fails changes nothing',
    choices: ['O41'],
    run: async (stand) => {
      const apiId = await made(stand, getA(L, { ...CORS, info: { title: 'first', version: '1' } }));
      const before = await stand.read(apiId);
      await expectRefused(
        stand.reimport(apiId, { document: AS_SAM, failOnWarnings: true }),
        stopped(NO_SLASH),
      );
      await expectRefused(stand.reimport(apiId, { document: getA('text') }), {
        message: 'Unable to parse API definition because of a malformed integration at path /a.',
      });
      assert.deepEqual(await stand.read(apiId), before);
    },
  },
  {
    row: 108,
    name: 'routes are replaced, stages stay',
    run: async (stand) => {
      const { client } = stand;
      const apiId = await made(stand, gets('/test'));
      await client.createRoute({ ApiId: apiId, RouteKey: 'GET /by-hand' });
      await client.createStage({ ApiId: apiId, StageName: 'prod', StageVariables: { a: 'b' } });
      const created = (await client.getApi({ ApiId: apiId })).CreatedDate;
      const answer = await stand.reimport(apiId, { document: gets('/update') });
      assert.deepEqual(
        [answer.ApiId, answer.CreatedDate, answer.$metadata.httpStatusCode],
        [apiId, created, 201],
      );
      assert.deepEqual((await stand.read(apiId)).routes, { 'GET /update': to(L) });
      assert.equal((await stand.read(apiId)).integrations.length, 1);
      const stage = await client.getStage({ ApiId: apiId, StageName: 'prod' });
      assert.deepEqual(stage.StageVariables, { a: 'b' });
    },
  },
  {
    row: 109,
    name: 'authorizers are replaced',
    run: async (stand) => {
      const schemes = (securitySchemes: Members): Document => getA(L, { components: { securitySchemes } });
      const apiId = await made(stand, schemes({ A: jwt, B: lam() }));
      await stand.reimport(apiId, { document: schemes({ C: jwt }) });
      assert.deepEqual(Object.keys((await stand.read(apiId)).authorizers), ['C']);
    },
  },
  {
    row: 110,
    name: 'CORS is removed',
    run: async (stand) => {
      const apiId = await made(stand, getA(L, CORS));
      assert.notEqual((await stand.read(apiId)).api.CorsConfiguration, undefined);
      await stand.reimport(apiId, { document: getA(L) });
      assert.equal((await stand.read(apiId)).api.CorsConfiguration, undefined);
    },
  },
  {
    row: 111,
    name: 'tags that the document lacks stay',
    choices: ['O14'],
    run: async (stand) => {
      const apiId = await made(stand, getA(L, { tags: [entry('k', 'v'), entry('m', 'n')] }));
      const { Tags } = await stand.reimport(apiId, { document: getA(L, { tags: [entry('k', 'w')] }) });
      assert.deepEqual(Tags, { k: 'w', m: 'n' });
    },
  },
  {
    row: 112,
    name: 'a description that the document lacks goes',
    choices: ['O12'],
    run: async (stand) => {
      const apiId = await made(stand, getA(L, { info: { title: 'T', version: '1', description: 'd' } }));
      const answer = await stand.reimport(apiId, { document: getA(L) });
      assert.equal(answer.Description, undefined);
      assert.equal((await stand.read(apiId)).api.Description, undefined);
    },
  },
  {
    row: 113,
    name: 'ids of what stays',
    choices: ['O40'],
    run: async (stand) => {
      const { client } = stand;
      const secured = (...paths: readonly string[]): Document => ({
        ...gets(...paths),
        components: { securitySchemes: { it: jwt } },
      });
      const apiId = await made(stand, secured('/a'));
      const ids = async () => {
        const routes = (await client.getRoutes({ ApiId: apiId })).Items!;
        const route = routes.find(({ RouteKey }) => RouteKey === 'GET /a')!;
        const authorizers = (await client.getAuthorizers({ ApiId: apiId })).Items!;
        return [route.RouteId, route.Target, authorizers.map(({ AuthorizerId }) => AuthorizerId)];
      };
      const before = await ids();
      await stand.reimport(apiId, { document: secured('/b', '/a') });
      assert.deepEqual(await ids(), before);
      assert.deepEqual(await keysAfter(stand, apiId), ['GET /a', 'GET /b']);
    },
  },
  {
    row: 114,
    name: 'one deployment, of the stages with autoDeploy',
    run: async (stand) => {
      const { client } = stand;
      const ApiId = await made(stand, gets('/old'));
      await client.createStage({ ApiId, StageName: 'A', AutoDeploy: true });
      const { DeploymentId } = await client.createDeployment({ ApiId });
      await client.createStage({ ApiId, StageName: 'B', DeploymentId });
      const before = await deploymentIds(stand, ApiId);
      await stand.reimport(ApiId, { document: gets('/x', '/y', '/z') });
      const fresh = (await deploymentIds(stand, ApiId)).filter((id) => !before.includes(id));
      const stage = async (StageName: string) => (await client.getStage({ ApiId, StageName })).DeploymentId;
      assert.deepEqual([fresh.length, await stage('A'), await stage('B')], [1, fresh[0], DeploymentId]);
      const pathsOf = async (StageName: string) =>
        Object.keys((await stand.exported(ApiId, { StageName })).paths!);
      assert.deepEqual(await pathsOf('A'), ['/x', '/y', '/z']);
      assert.deepEqual(await pathsOf('B'), ['/old']);
      await client.createDeployment({ ApiId, StageName: 'B' });
      assert.deepEqual(await pathsOf('B'), ['/x', '/y', '/z']);
    },
  },
  {
    row: 115,
    name: 'a reimport of what is not there',
    run: (stand) =>
      expectRefused(stand.reimport('nope', { document: 'no document' }), {
        name: 'NotFoundException',
        status: 404,
        message: NOT_HERE,
      }),
  },
  {
    row: 116,
    name: 'a WebSocket API',
    choices: ['O42'],
    run: async (stand) => {
      const { ApiId } = await stand.client.createApi({
        Name: 'ws',
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: '$request.body.action',
      });
      await expectRefused(stand.reimport(ApiId!, { document: 'no document' }), {
        message: 'ReimportApi is not supported for protocolType WEBSOCKET',
      });
      await expectRefused(stand.exportText(ApiId!), {
        message: 'ExportApi is not supported for protocolType WEBSOCKET',
      });
    },
  },
  {
    row: 138,
    name: 'an endpoint that its owner closed stays closed',
    choices: ['O12'],
    run: async (stand) => {
      const { ApiId } = await stand.client.createApi({
        Name: 'closed',
        ProtocolType: 'HTTP',
        DisableExecuteApiEndpoint: true,
        IpAddressType: 'dualstack',
      });
      const { DisableExecuteApiEndpoint, IpAddressType } = await stand.reimport(ApiId!, {
        document: getA(L),
      });
      assert.deepEqual([DisableExecuteApiEndpoint, IpAddressType], [true, 'dualstack']);
    },
  },
  {
    row: 139,
    name: 'a definition that cannot be deployed',
    run: async (stand) => {
      const { client } = stand;
      const ApiId = await made(stand, gets('/a'));
      await client.createStage({ ApiId, StageName: 'A', AutoDeploy: true });
      const stage = () => client.getStage({ ApiId, StageName: 'A' });
      const before = (await stage()).DeploymentId;
      const answer = await stand.reimport(ApiId, { document: doc({ '/b': { get: {} } }) });
      assert.equal(answer.$metadata.httpStatusCode, 201);
      assert.deepEqual((await stand.read(ApiId)).routes, { 'GET /b': TARGETLESS });
      const { DeploymentId, LastDeploymentStatusMessage } = await stage();
      assert.equal(DeploymentId, before);
      assert.match(LastDeploymentStatusMessage!, /Unable to deploy API because no valid routes exist/);
    },
  },
  {
    row: 142,
    name: 'a quick-create API',
    choices: ['O43'],
    run: async (stand) => {
      const { client } = stand;
      const { ApiId } = await client.createApi({
        Name: 'quick',
        ProtocolType: 'HTTP',
        Target: 'https://be.example.com',
      });
      const before = await deploymentIds(stand, ApiId!);
      await stand.reimport(ApiId!, { document: getA(L) });
      assert.deepEqual((await stand.read(ApiId!)).routes, { 'GET /a': to(L) });
      assert.equal((await stand.read(ApiId!)).integrations.length, 1);
      const { Items } = await client.getStages({ ApiId });
      assert.deepEqual(
        Items!.map(({ StageName, ApiGatewayManaged }) => [StageName, ApiGatewayManaged]),
        [['$default', true]],
      );
      const fresh = (await deploymentIds(stand, ApiId!)).filter((id) => !before.includes(id));
      assert.deepEqual([fresh.length, Items![0]!.DeploymentId], [1, fresh[0]]);
    },
  },
];

export const openApiFlagCases: readonly ImportCase[] = flags;
export const openApiReimportCases: readonly StoryCase[] = stories;
