// ExportApi, driven by the unmodified AWS SDK (spec/openapi.md §1.4, §10).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ApiGatewayV2, ExportApiCommandInput } from '@aws-sdk/client-apigatewayv2';
import { parse } from 'yaml';
import { deployableApi, httpApi, type Seeded, webSocketApi } from '../../support/management-seeds.ts';
import { REGION, startManagementServer } from '../../support/management-server.ts';
import { testRefusals } from '../../support/refusal-rows.ts';

const NOW = Date.parse('2026-01-11T06:08:40.500Z');
const CERTIFICATE = `arn:aws:acm:${REGION}:111111111111:certificate/c1`;
const ENDPOINT = 'x-amazon-apigateway-endpoint-configuration';

async function start(t: TestContext, clock = { now: NOW }) {
  const server = await startManagementServer(() => clock.now);
  t.after(() => server.close());
  return { server, sdk: server.client() };
}

const input = (ApiId: string, more: Partial<ExportApiCommandInput> = {}): ExportApiCommandInput => ({
  ApiId,
  Specification: 'OAS30',
  OutputType: 'JSON',
  ...more,
});

async function exported(sdk: ApiGatewayV2, ApiId: string, more: Partial<ExportApiCommandInput> = {}) {
  const { body } = await sdk.exportApi(input(ApiId, more));
  return JSON.parse(Buffer.from(body!).toString());
}

/** A stage that serves what the API is now. */
async function deploy(sdk: ApiGatewayV2, ApiId: string, StageName: string): Promise<void> {
  const { DeploymentId } = await sdk.createDeployment({ ApiId });
  await sdk.createStage({ ApiId, StageName, DeploymentId });
}

test('the answer is the document itself, as JSON or YAML (Choice O1)', async (t) => {
  const { server, sdk } = await start(t);
  const { ApiId } = await deployableApi(sdk);
  for (const [OutputType, type] of [
    ['JSON', 'application/json'],
    ['YAML', 'application/yaml'],
  ] as const) {
    const seen: (string | undefined)[] = [];
    const client = server.client();
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { headers } = result.response as { headers: Record<string, string> };
        seen.push(headers['content-type'], headers['content-disposition']);
        return result;
      },
      { step: 'deserialize' },
    );
    const { body } = await client.exportApi(input(ApiId, { OutputType, ExportVersion: '1.0' }));
    assert.deepEqual(seen, [type, undefined]);
    assert.ok(body instanceof Uint8Array);
    const text = Buffer.from(body).toString();
    const document = OutputType === 'JSON' ? JSON.parse(text) : parse(text);
    assert.deepEqual(Object.keys(document), [
      'openapi',
      'info',
      'paths',
      'x-amazon-apigateway-importexport-version',
    ]);
    assert.deepEqual(document.info, { title: 'http', version: '2026-01-11 06:08:40UTC' });
    assert.deepEqual(document.paths['/pets/{petId}'].get['x-amazon-apigateway-integration'], {
      payloadFormatVersion: '1.0',
      type: 'http_proxy',
      httpMethod: 'ANY',
      uri: 'http://backend.example/{petId}',
      connectionType: 'INTERNET',
    });
  }
});

test('a stage is exported as its deployment froze it, but for name, description, version and tags (§10.9)', async (t) => {
  const clock = { now: NOW };
  const { sdk } = await start(t, clock);
  const { ApiId, RouteId, IntegrationId } = await deployableApi(sdk);
  await sdk.updateApi({ ApiId, CorsConfiguration: { AllowOrigins: ['https://a.example'] } });
  await deploy(sdk, ApiId, '$default');
  await deploy(sdk, ApiId, 'prod');
  clock.now += 60_000;
  await sdk.updateRoute({ ApiId, RouteId, RouteKey: 'GET /new', OperationName: 'new' });
  await sdk.updateIntegration({ ApiId, IntegrationId, TimeoutInMillis: 12_000 });
  await sdk.updateApi({ ApiId, Name: 'now', DisableExecuteApiEndpoint: true });
  await sdk.deleteCorsConfiguration({ ApiId });
  await sdk.tagResource({ ResourceArn: `arn:aws:apigateway:${REGION}::/apis/${ApiId}`, Tags: { a: 'b' } });

  const [prod, unnamed, current] = await Promise.all(
    ['prod', '$default', undefined].map((StageName) => exported(sdk, ApiId, { StageName })),
  );
  assert.deepEqual(Object.keys(prod.paths), ['/pets/{petId}']);
  assert.deepEqual(prod['x-amazon-apigateway-cors'], {
    allowCredentials: false,
    allowOrigins: ['https://a.example'],
  });
  assert.deepEqual(prod.servers, [
    { url: `http://${ApiId}.example.test/{basePath}`, variables: { basePath: { default: 'prod' } } },
  ]);
  assert.equal(unnamed.servers[0].variables.basePath.default, '');
  assert.deepEqual(prod.info, { title: 'now', version: '2026-01-11 06:08:40UTC' });
  const tags = [{ name: 'a', 'x-amazon-apigateway-tag-value': 'b' }];
  assert.deepEqual([prod.tags, current.tags], [tags, tags]);
  const { operationId, 'x-amazon-apigateway-integration': integration } = current.paths['/new'].get;
  assert.deepEqual([operationId, integration.timeoutInMillis], ['new', 12_000]);
  assert.equal('x-amazon-apigateway-cors' in current, false);
  assert.deepEqual(current.servers, [{ [ENDPOINT]: { disableExecuteApiEndpoint: true } }]);
  assert.equal(current.info.version, '2026-01-11 06:09:40UTC');
});

test('a stage with a disabled endpoint is at its first mapping (Choice O46)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId } = await deployableApi(sdk);
  await sdk.updateApi({ ApiId, DisableExecuteApiEndpoint: true });
  await deploy(sdk, ApiId, 'prod');
  await sdk.createStage({ ApiId, StageName: 'other' });
  const servers = async () => (await exported(sdk, ApiId, { StageName: 'prod' })).servers;
  const at = (url: string, basePath: string) => [
    {
      url: `${url}/{basePath}`,
      variables: { basePath: { default: basePath } },
      [ENDPOINT]: { disableExecuteApiEndpoint: true },
    },
  ];
  assert.deepEqual(await servers(), at(`http://${ApiId}.example.test`, 'prod'));
  for (const [DomainName, ...mappings] of [
    ['b.example.com', ['', 'prod']],
    ['a.example.com', ['v2', 'prod'], ['v1/x', 'prod'], ['a', 'other']],
  ] as const) {
    await sdk.createDomainName({ DomainName, DomainNameConfigurations: [{ CertificateArn: CERTIFICATE }] });
    for (const [ApiMappingKey, Stage] of mappings) {
      await sdk.createApiMapping({ DomainName, ApiId, Stage, ApiMappingKey });
    }
    const expected = DomainName === 'b.example.com' ? '' : 'v1/x';
    assert.deepEqual(await servers(), at(`https://${DomainName}`, expected));
  }
});

test('members that an integration has not any more are not exported', async (t) => {
  const { sdk } = await start(t);
  const { ApiId, IntegrationId } = await deployableApi(sdk);
  await sdk.updateIntegration({
    ApiId,
    IntegrationId,
    IntegrationType: 'AWS_PROXY',
    IntegrationSubtype: 'SQS-SendMessage',
    IntegrationUri: '',
    CredentialsArn: 'arn:aws:iam::111111111111:role/queue',
    RequestParameters: { QueueUrl: 'https://sqs.example/q', MessageBody: '$request.body' },
  });
  const { paths } = await exported(sdk, ApiId);
  assert.deepEqual(Object.keys(paths['/pets/{petId}'].get['x-amazon-apigateway-integration']), [
    'integrationSubtype',
    'credentials',
    'requestParameters',
    'payloadFormatVersion',
    'type',
    'connectionType',
  ]);
});

test('a route without target is enough for an export (Choice O2), and a quick-created API is like any other', async (t) => {
  const { sdk } = await start(t);
  const { ApiId } = await httpApi(sdk);
  await sdk.createRoute({ ApiId, RouteKey: 'GET /a' });
  assert.deepEqual(Object.keys((await exported(sdk, ApiId)).paths['/a'].get), ['responses']);
  const quick = await sdk.createApi({ Name: 'q', ProtocolType: 'HTTP', Target: 'https://be.example' });
  const { paths } = await exported(sdk, quick.ApiId!, { StageName: '$default' });
  assert.equal(
    paths['/$default']['x-amazon-apigateway-any-method']['x-amazon-apigateway-integration'].uri,
    'https://be.example',
  );
});

test('an export without extensions has none of AWS’s members (§10.8)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId } = await deployableApi(sdk);
  const document = await exported(sdk, ApiId, { IncludeExtensions: false });
  assert.equal(JSON.stringify(document).includes('x-amazon-apigateway-'), false);
  assert.deepEqual(Object.keys(document.paths), ['/pets/{petId}']);
});

test('what is exported over the wire is imported over the wire (§10.10)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId, RouteId } = await deployableApi(sdk);
  const { AuthorizerId } = await sdk.createAuthorizer({
    ApiId,
    Name: 'Nutzer: "alle"',
    AuthorizerType: 'JWT',
    IdentitySource: ['$request.header.Authorization'],
    JwtConfiguration: { Issuer: 'https://issuer.example', Audience: ['a'] },
  });
  await sdk.updateRoute({
    ApiId,
    RouteId,
    AuthorizationType: 'JWT',
    AuthorizerId,
    AuthorizationScopes: ['pets/read'],
  });
  await deploy(sdk, ApiId, 'prod');
  for (const more of [{ StageName: 'prod' }, { OutputType: 'YAML' }, {}]) {
    const { body } = await sdk.exportApi(input(ApiId, more));
    const imported = await sdk.importApi({ Body: Buffer.from(body!).toString(), FailOnWarnings: true });
    assert.equal(imported.$metadata.httpStatusCode, 201);
    assert.equal(imported.Warnings, undefined);
    assert.deepEqual(await exported(sdk, imported.ApiId!), await exported(sdk, ApiId));
  }
});

testRefusals<Seeded>('exports that are refused', deployableApi, [
  {
    source: '§1.4',
    name: 'API that is not there',
    exception: 'NotFound',
    call: (sdk) => sdk.exportApi(input('nope')),
    text: 'Invalid API identifier specified 111111111111:nope',
  },
  {
    source: '§1.4',
    name: 'API that is not there, before what is wrong with the call',
    exception: 'NotFound',
    call: (sdk) => sdk.exportApi(input('nope', { OutputType: 'XML', Specification: 'OAS31' })),
    text: 'Invalid API identifier specified 111111111111:nope',
  },
  {
    source: '§1.4',
    name: 'stage that is not there',
    exception: 'NotFound',
    call: (sdk, { ApiId }) => sdk.exportApi(input(ApiId, { StageName: 'nope' })),
    text: 'Invalid stage identifier specified',
  },
  {
    source: 'O50',
    name: 'stage without deployment',
    call: async (sdk, { ApiId }) => {
      await sdk.createStage({ ApiId, StageName: 'empty' });
      return sdk.exportApi(input(ApiId, { StageName: 'empty' }));
    },
    text: 'Stage empty has no deployment to export',
  },
  {
    source: '§1.4',
    name: 'API without routes',
    call: async (sdk) => sdk.exportApi(input((await httpApi(sdk)).ApiId)),
    text: 'Unable to deploy API because no routes exist in this API',
  },
  {
    source: 'O42',
    name: 'WebSocket API',
    call: async (sdk) => sdk.exportApi(input((await webSocketApi(sdk)).ApiId)),
    text: 'ExportApi is not supported for protocolType WEBSOCKET',
  },
  {
    source: 'O3',
    name: 'no outputType',
    call: (sdk, { ApiId }) => sdk.exportApi(input(ApiId, { OutputType: undefined })),
    text: 'OutputType is a required parameter',
  },
  ...(
    [
      [{ OutputType: 'XML' }, 'outputType', 'JSON, YAML'],
      [{ OutputType: 'yaml' }, 'outputType', 'JSON, YAML'],
      [{ Specification: 'OAS31' }, 'specification', 'OAS30'],
      [{ ExportVersion: '2.0' }, 'exportVersion', '1.0'],
      [{ IncludeExtensions: 'yes' as never }, 'includeExtensions', 'true, false'],
      [{ IncludeExtensions: 'TRUE' as never }, 'includeExtensions', 'true, false'],
    ] as const
  ).map(([more, member, values]) => ({
    source: 'O3',
    name: JSON.stringify(more),
    call: (sdk: ApiGatewayV2, { ApiId }: Seeded) => sdk.exportApi(input(ApiId, more)),
    text: `Invalid ${member} specified. Must be one of [${values}]`,
  })),
]);
