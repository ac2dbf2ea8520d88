// UpdateIntegration, driven by the unmodified AWS SDK: each PATCH rule of integrations (spec/management-api.md §1.10,
// http-api.md §4.11).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ApiGatewayV2, CreateIntegrationCommandInput } from '@aws-sdk/client-apigatewayv2';
import { vpcLinksOf } from '../../../src/config/keys.ts';
import { httpApi, plain, webSocketApi } from '../../support/management-seeds.ts';
import { type ManagementServer, PLACE, startManagementServer } from '../../support/management-server.ts';

type Given = Omit<CreateIntegrationCommandInput, 'ApiId'>;

const LAMBDA = 'arn:aws:lambda:eu-west-1:111111111111:function:hello';
const ROLE = 'arn:aws:iam::111111111111:role/caller';
const LISTENER =
  'arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/lb/50dc6c495c0c9188/f2f7dc8efc522ab2';

async function start(t: TestContext): Promise<{ server: ManagementServer; sdk: ApiGatewayV2 }> {
  const server = await startManagementServer();
  t.after(() => server.close());
  // No operation makes VPC links yet; integrations only look whether one is there.
  await server.store.transact((tx) => tx.put([...vpcLinksOf(PLACE), 'link01'], { VpcLinkId: 'link01' }));
  return { server, sdk: server.client() };
}

const MAPPINGS = {
  RequestParameters: {
    'append:header.x-request-id': '$context.requestId',
    'overwrite:path': `/v2/\${request.path.petId}`,
    'remove:querystring.debug': "''",
  },
  ResponseParameters: {
    '500': { 'overwrite:statuscode': '403' },
    '404': { 'append:header.error': '$stageVariables.env', 'remove:header.server': "''" },
  },
};

interface PatchRow {
  readonly name: string;
  readonly stored: Partial<Given>;
  readonly change: Partial<Given>;
  readonly after: { readonly [member: string]: unknown };
}

const A = 'append:header.a';
const B = 'append:header.b';
const PROXY: Given = {
  IntegrationType: 'HTTP_PROXY',
  IntegrationMethod: 'GET',
  IntegrationUri: 'http://a.example',
  PayloadFormatVersion: '1.0',
};

const HTTP_PATCHES: readonly PatchRow[] = [
  { name: 'nothing', stored: MAPPINGS, change: {}, after: MAPPINGS },
  {
    name: 'Description "" clears',
    stored: { Description: 'd' },
    change: { Description: '' },
    after: { Description: undefined },
  },
  {
    name: 'CredentialsArn "" clears',
    stored: { CredentialsArn: ROLE },
    change: { CredentialsArn: '' },
    after: { CredentialsArn: undefined },
  },
  {
    name: 'RequestParameters merge',
    stored: { RequestParameters: { [A]: '1' } },
    change: { RequestParameters: { [B]: '2' } },
    after: { RequestParameters: { [A]: '1', [B]: '2' } },
  },
  {
    name: 'RequestParameters replace an entry',
    stored: { RequestParameters: { [A]: '1' } },
    change: { RequestParameters: { [A]: '2' } },
    after: { RequestParameters: { [A]: '2' } },
  },
  {
    name: 'RequestParameters "" deletes the entry',
    stored: { RequestParameters: { [A]: '1', [B]: '2' } },
    change: { RequestParameters: { [A]: '' } },
    after: { RequestParameters: { [B]: '2' } },
  },
  {
    name: 'RequestParameters "" deletes the last entry',
    stored: { RequestParameters: { [A]: '1' } },
    change: { RequestParameters: { [A]: '' } },
    after: { RequestParameters: undefined },
  },
  {
    name: 'RequestParameters "" on an unknown entry does nothing',
    stored: { RequestParameters: { [A]: '1' } },
    change: { RequestParameters: { [B]: '' } },
    after: { RequestParameters: { [A]: '1' } },
  },
  {
    name: 'RequestParameters {} changes nothing',
    stored: { RequestParameters: { [A]: '1' } },
    change: { RequestParameters: {} },
    after: { RequestParameters: { [A]: '1' } },
  },
  {
    name: 'remove: with "" is added when it is not there (C44)',
    stored: {},
    change: { RequestParameters: { 'remove:header.x': '' } },
    after: { RequestParameters: { 'remove:header.x': '' } },
  },
  {
    name: 'remove: with "" is deleted when it is there (C44)',
    stored: { RequestParameters: { 'remove:header.x': "''", [A]: '1' } },
    change: { RequestParameters: { 'remove:header.x': '' } },
    after: { RequestParameters: { [A]: '1' } },
  },
  {
    name: 'ResponseParameters merge by status',
    stored: { ResponseParameters: { 200: { [A]: '1' } } },
    change: { ResponseParameters: { 404: { [B]: '2' } } },
    after: { ResponseParameters: { 200: { [A]: '1' }, 404: { [B]: '2' } } },
  },
  {
    name: 'ResponseParameters merge in a status',
    stored: { ResponseParameters: { 200: { [A]: '1' } } },
    change: { ResponseParameters: { 200: { [B]: '2' } } },
    after: { ResponseParameters: { 200: { [A]: '1', [B]: '2' } } },
  },
  {
    name: 'ResponseParameters "" deletes an entry',
    stored: { ResponseParameters: { 200: { [A]: '1', [B]: '2' } } },
    change: { ResponseParameters: { 200: { [A]: '' } } },
    after: { ResponseParameters: { 200: { [B]: '2' } } },
  },
  {
    name: 'ResponseParameters {} deletes the status (C74)',
    stored: { ResponseParameters: { 200: { [A]: '1' }, 404: { [B]: '2' } } },
    change: { ResponseParameters: { 404: {} } },
    after: { ResponseParameters: { 200: { [A]: '1' } } },
  },
  {
    name: 'the type may change; what is foreign to the new one is not reported',
    stored: {},
    change: {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: LAMBDA,
      PayloadFormatVersion: '2.0',
      IntegrationMethod: 'POST',
    },
    after: {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: LAMBDA,
      PayloadFormatVersion: '2.0',
      IntegrationMethod: 'POST',
    },
  },
  {
    name: 'TlsConfig {} removes',
    stored: {
      IntegrationUri: LISTENER,
      ConnectionType: 'VPC_LINK',
      ConnectionId: 'link01',
      TlsConfig: { ServerNameToVerify: 'a.example' },
    },
    change: { TlsConfig: {} },
    after: { TlsConfig: undefined },
  },
  ...[
    { name: 'TlsConfig for a public backend is dropped', stored: {} },
    {
      name: 'TlsConfig for a function is dropped',
      stored: { IntegrationType: 'AWS_PROXY', IntegrationUri: LAMBDA, IntegrationMethod: 'POST' } as const,
    },
  ].map((row) => ({
    ...row,
    change: { TlsConfig: { ServerNameToVerify: 'a.example' } },
    after: { TlsConfig: undefined },
  })),
  {
    name: 'ConnectionType back to INTERNET drops the TLS settings',
    stored: {
      IntegrationUri: LISTENER,
      ConnectionType: 'VPC_LINK',
      ConnectionId: 'link01',
      TlsConfig: { ServerNameToVerify: 'a.example' },
    },
    change: { ConnectionType: 'INTERNET', IntegrationUri: 'http://b.example' },
    after: {
      ConnectionType: 'INTERNET',
      ConnectionId: undefined,
      IntegrationUri: 'http://b.example',
      TlsConfig: undefined,
    },
  },
  {
    name: 'ConnectionType back to INTERNET hides the link',
    stored: { IntegrationUri: LISTENER, ConnectionType: 'VPC_LINK', ConnectionId: 'link01' },
    change: { ConnectionType: 'INTERNET', IntegrationUri: 'http://b.example' },
    after: { ConnectionType: 'INTERNET', ConnectionId: undefined, IntegrationUri: 'http://b.example' },
  },
];

const MOCK: Given = { IntegrationType: 'MOCK' };

const WEBSOCKET_PATCHES: readonly PatchRow[] = [
  {
    name: 'RequestTemplates replace',
    stored: { RequestTemplates: { a: '1' } },
    change: { RequestTemplates: { b: '' } },
    after: { RequestTemplates: { b: '' } },
  },
  {
    name: 'RequestTemplates {} empties',
    stored: { RequestTemplates: { a: '1' } },
    change: { RequestTemplates: {} },
    after: { RequestTemplates: undefined },
  },
  {
    name: 'RequestParameters merge and delete',
    stored: {
      RequestParameters: { 'integration.request.header.a': "'1'", 'integration.request.header.b': "'2'" },
    },
    change: {
      RequestParameters: { 'integration.request.header.a': '', 'integration.request.header.c': "'3'" },
    },
    after: {
      RequestParameters: { 'integration.request.header.b': "'2'", 'integration.request.header.c': "'3'" },
    },
  },
  {
    name: 'ContentHandlingStrategy "" clears',
    stored: { ContentHandlingStrategy: 'CONVERT_TO_BINARY' },
    change: { ContentHandlingStrategy: '' as never },
    after: { ContentHandlingStrategy: undefined },
  },
  {
    name: 'TemplateSelectionExpression "" clears',
    stored: { TemplateSelectionExpression: '\\$default' },
    change: { TemplateSelectionExpression: '' },
    after: { TemplateSelectionExpression: undefined },
  },
  {
    name: 'PassthroughBehavior stays',
    stored: { PassthroughBehavior: 'NEVER' },
    change: { Description: 'x' },
    after: { PassthroughBehavior: 'NEVER', Description: 'x' },
  },
  {
    name: 'MOCK becomes HTTP',
    stored: {},
    change: { IntegrationType: 'HTTP', IntegrationUri: 'http://a.example', IntegrationMethod: 'GET' },
    after: { IntegrationType: 'HTTP', IntegrationUri: 'http://a.example', IntegrationMethod: 'GET' },
  },
];

for (const [protocol, makeApi, base, rows] of [
  ['HTTP', httpApi, PROXY, HTTP_PATCHES],
  ['WebSocket', webSocketApi, MOCK, WEBSOCKET_PATCHES],
] as const) {
  test(`UpdateIntegration on ${protocol} APIs (§1.10)`, async (t) => {
    const { sdk } = await start(t);
    const { ApiId } = await makeApi(sdk);
    for (const row of rows) {
      await t.test(row.name, async () => {
        const created = plain(await sdk.createIntegration({ ApiId, ...base, ...row.stored }));
        const { IntegrationId } = created as { IntegrationId: string };
        const updated = plain(await sdk.updateIntegration({ ApiId, IntegrationId, ...row.change }));
        assert.deepEqual(updated, JSON.parse(JSON.stringify({ ...created, ...row.after })));
        assert.deepEqual(plain(await sdk.getIntegration({ ApiId, IntegrationId })), updated);
      });
    }
  });
}
