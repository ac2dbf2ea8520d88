// Integrations of both protocols, driven by the unmodified AWS SDK: every kind, every field there and back, PATCH rules
// and delete conflicts (spec/management-api.md §2.3, §1.10).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  type ApiGatewayV2,
  ConflictException,
  type CreateIntegrationCommandInput,
  NotFoundException,
} from '@aws-sdk/client-apigatewayv2';
import { vpcLinksOf } from '../../../src/config/keys.ts';
import { deployableApi, httpApi, plain, webSocketApi } from '../../support/management-seeds.ts';
import {
  type ManagementServer,
  PLACE,
  refused,
  startManagementServer,
} from '../../support/management-server.ts';

type Given = Omit<CreateIntegrationCommandInput, 'ApiId'>;

const LAMBDA = 'arn:aws:lambda:eu-west-1:111111111111:function:hello';
const INVOCATION = `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${LAMBDA}/invocations`;
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

interface KindRow {
  readonly name: string;
  readonly given: Given;
  /** What comes back besides what was given; a member that is undefined does not come back. */
  readonly back: { readonly [member: string]: unknown };
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

const HTTP_KINDS: readonly KindRow[] = [
  {
    name: 'HTTP_PROXY with every member',
    given: {
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri: `https://\${stageVariables.host}/pets/{petId}`,
      ConnectionType: 'INTERNET',
      CredentialsArn: ROLE,
      Description: 'pets',
      PayloadFormatVersion: '1.0',
      TimeoutInMillis: 50,
      ...MAPPINGS,
    },
    back: {},
  },
  {
    name: 'HTTP_PROXY with what it needs; WebSocket-only members are dropped (§8.10)',
    given: {
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'GET',
      IntegrationUri: 'http://a.example',
      PayloadFormatVersion: '1.0',
      ResponseParameters: { '200': {} },
      PassthroughBehavior: 'WHEN_NO_MATCH',
      ContentHandlingStrategy: 'CONVERT_TO_TEXT',
      RequestTemplates: { a: 'b' },
      TemplateSelectionExpression: '$default',
    },
    back: {
      ConnectionType: 'INTERNET',
      TimeoutInMillis: 30_000,
      ResponseParameters: undefined,
      PassthroughBehavior: undefined,
      ContentHandlingStrategy: undefined,
      RequestTemplates: undefined,
      TemplateSelectionExpression: undefined,
    },
  },
  {
    name: 'AWS_PROXY to a function ARN',
    given: { IntegrationType: 'AWS_PROXY', IntegrationUri: `${LAMBDA}:live`, PayloadFormatVersion: '2.0' },
    back: { ConnectionType: 'INTERNET', IntegrationMethod: 'POST', TimeoutInMillis: 30_000 },
  },
  {
    name: 'AWS_PROXY to an invocation URI, mapped, with the credentials of the caller',
    given: {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: INVOCATION,
      IntegrationMethod: 'POST',
      PayloadFormatVersion: '1.0',
      CredentialsArn: 'arn:aws:iam::*:user/*',
      TimeoutInMillis: 30_000,
      ...MAPPINGS,
    },
    back: { ConnectionType: 'INTERNET' },
  },
  {
    name: 'AWS_PROXY with stage variables in function and role (§8.8)',
    given: {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: `arn:aws:lambda:eu-west-1:111111111111:function:\${stageVariables.fn}`,
      PayloadFormatVersion: '2.0',
      CredentialsArn: `arn:aws:iam::111111111111:\${stageVariables.role}`,
    },
    back: { ConnectionType: 'INTERNET', IntegrationMethod: 'POST', TimeoutInMillis: 30_000 },
  },
  {
    name: 'AWS_PROXY with a subtype',
    given: {
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: 'SQS-SendMessage',
      PayloadFormatVersion: '1.0',
      CredentialsArn: ROLE,
      RequestParameters: {
        QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111111111111/q',
        MessageBody: '$request.body',
        MessageAttributes: `{"A":{"DataType":"String","StringValue":"\${request.header.a}"}}`,
      },
      ResponseParameters: { '200': { 'overwrite:statuscode': '202' } },
    },
    back: { ConnectionType: 'INTERNET', TimeoutInMillis: 30_000 },
  },
  {
    name: 'optional parameters of a subtype without a value',
    given: {
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: 'SQS-PurgeQueue',
      PayloadFormatVersion: '1.0',
      CredentialsArn: ROLE,
      RequestParameters: { QueueUrl: 'q', Region: '' },
    },
    back: {
      ConnectionType: 'INTERNET',
      TimeoutInMillis: 30_000,
      RequestParameters: { QueueUrl: 'q' },
    },
  },
  {
    name: 'HTTP_PROXY to a public backend with TLS settings, which are dropped',
    given: {
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'GET',
      IntegrationUri: 'https://a.example',
      ConnectionType: 'INTERNET',
      PayloadFormatVersion: '1.0',
      TlsConfig: { ServerNameToVerify: 'a.example' },
    },
    back: { TimeoutInMillis: 30_000, TlsConfig: undefined },
  },
  {
    name: 'HTTP_PROXY through a VPC link to a listener that nothing knows',
    given: {
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'GET',
      IntegrationUri: LISTENER.replace('listener/app/lb', 'listener/app/unknown'),
      ConnectionType: 'VPC_LINK',
      ConnectionId: 'link01',
      PayloadFormatVersion: '1.0',
    },
    back: { TimeoutInMillis: 30_000 },
  },
  {
    name: 'HTTP_PROXY through a VPC link',
    given: {
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri: LISTENER,
      ConnectionType: 'VPC_LINK',
      ConnectionId: 'link01',
      PayloadFormatVersion: '1.0',
      TimeoutInMillis: 29_001,
      TlsConfig: { ServerNameToVerify: 'internal.example' },
    },
    back: {},
  },
  {
    name: 'HTTP_PROXY through a VPC link to a Cloud Map service',
    given: {
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'GET',
      IntegrationUri: 'arn:aws:servicediscovery:eu-west-1:111111111111:service/srv-abc?stage=prod',
      ConnectionType: 'VPC_LINK',
      ConnectionId: 'link01',
      PayloadFormatVersion: '1.0',
    },
    back: { TimeoutInMillis: 30_000 },
  },
];

const WEBSOCKET_DEFAULTS = {
  ConnectionType: 'INTERNET',
  PassthroughBehavior: 'WHEN_NO_MATCH',
  PayloadFormatVersion: '1.0',
  TimeoutInMillis: 29_000,
};

const WEBSOCKET_KINDS: readonly KindRow[] = [
  {
    name: 'MOCK',
    given: { IntegrationType: 'MOCK' },
    back: {
      ...WEBSOCKET_DEFAULTS,
      IntegrationResponseSelectionExpression: `\${integration.response.statuscode}`,
    },
  },
  {
    name: 'AWS_PROXY as SAM makes it',
    given: { IntegrationType: 'AWS_PROXY', IntegrationUri: INVOCATION },
    back: { ...WEBSOCKET_DEFAULTS, IntegrationMethod: 'POST' },
  },
  {
    name: 'AWS to a function, with every member',
    given: {
      IntegrationType: 'AWS',
      IntegrationUri: INVOCATION,
      IntegrationMethod: 'POST',
      ConnectionType: 'INTERNET',
      ContentHandlingStrategy: 'CONVERT_TO_TEXT',
      CredentialsArn: ROLE,
      Description: 'd',
      PassthroughBehavior: 'NEVER',
      PayloadFormatVersion: '1.0',
      RequestParameters: {
        'integration.request.header.x': "'static'",
        'integration.request.querystring.id': 'context.connectionId',
        'integration.request.path.p': 'route.request.body.detail.id',
      },
      RequestTemplates: { $default: '{"a":1}', empty: '' },
      TemplateSelectionExpression: '\\$default',
      TimeoutInMillis: 51,
    },
    back: { IntegrationResponseSelectionExpression: `\${integration.response.body.errorMessage}` },
  },
  {
    name: 'AWS to another service',
    given: {
      IntegrationType: 'AWS',
      IntegrationUri: 'arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem',
      IntegrationMethod: 'POST',
      CredentialsArn: ROLE,
    },
    back: {
      ...WEBSOCKET_DEFAULTS,
      IntegrationResponseSelectionExpression: `\${integration.response.body.errorMessage}`,
    },
  },
  {
    name: 'HTTP',
    given: { IntegrationType: 'HTTP', IntegrationUri: 'http://a.example', IntegrationMethod: 'POST' },
    back: {
      ...WEBSOCKET_DEFAULTS,
      IntegrationResponseSelectionExpression: `\${integration.response.statuscode}`,
    },
  },
  {
    name: 'HTTP_PROXY',
    given: { IntegrationType: 'HTTP_PROXY', IntegrationUri: 'http://a.example', IntegrationMethod: 'ANY' },
    back: WEBSOCKET_DEFAULTS,
  },
  {
    name: 'HTTP through a VPC link, by its id and by a stage variable',
    given: {
      IntegrationType: 'HTTP',
      IntegrationUri: 'http://internal.example',
      IntegrationMethod: 'GET',
      ConnectionType: 'VPC_LINK',
      ConnectionId: `\${stageVariables.link}`,
    },
    back: {
      ...WEBSOCKET_DEFAULTS,
      ConnectionType: 'VPC_LINK',
      IntegrationResponseSelectionExpression: `\${integration.response.statuscode}`,
    },
  },
  {
    name: 'HTTP_PROXY through a VPC link (§8.29)',
    given: {
      IntegrationType: 'HTTP_PROXY',
      IntegrationUri: 'http://internal.example',
      IntegrationMethod: 'GET',
      ConnectionType: 'VPC_LINK',
      ConnectionId: 'link01',
    },
    back: { ...WEBSOCKET_DEFAULTS, ConnectionType: 'VPC_LINK' },
  },
];

for (const [protocol, makeApi, rows] of [
  ['HTTP', httpApi, HTTP_KINDS],
  ['WebSocket', webSocketApi, WEBSOCKET_KINDS],
] as const) {
  test(`kinds of integrations of ${protocol} APIs come back as they were given (§2.3.2, §2.3.3)`, async (t) => {
    const { sdk } = await start(t);
    const { ApiId } = await makeApi(sdk);
    const all: unknown[] = [];
    for (const row of rows) {
      await t.test(row.name, async () => {
        const created = plain(await sdk.createIntegration({ ApiId, ...row.given }));
        const { IntegrationId } = created as { IntegrationId: string };
        assert.match(IntegrationId, /^[a-z0-9]{7}$/);
        assert.deepEqual(created, JSON.parse(JSON.stringify({ ...row.given, ...row.back, IntegrationId })));
        assert.deepEqual(plain(await sdk.getIntegration({ ApiId, IntegrationId })), created);
        // Giving everything back changes nothing.
        const again = await sdk.updateIntegration({ ApiId, IntegrationId, ...row.given });
        assert.deepEqual(plain(again), created);
        all.push(created);
      });
    }
    assert.deepEqual(plain(await sdk.getIntegrations({ ApiId })).Items, all);
    const page = await sdk.getIntegrations({ ApiId, MaxResults: '3' });
    const rest = await sdk.getIntegrations({ ApiId, NextToken: page.NextToken! });
    assert.deepEqual(plain({ Items: [...page.Items!, ...rest.Items!] }).Items, all);
  });
}

test('an integration that routes target cannot be deleted (§2.16, §8.28)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId, IntegrationId, RouteId } = await deployableApi(sdk);
  const second = await sdk.createRoute({
    ApiId,
    RouteKey: 'GET /b',
    Target: `integrations/${IntegrationId}`,
  });
  const referenced = 'Cannot delete Integration because it is referenced by the following Routes with Ids:';
  const gone = () => sdk.deleteIntegration({ ApiId, IntegrationId });
  await refused(gone(), ConflictException, 409, `${referenced} [${RouteId}, ${second.RouteId}]`);
  await sdk.updateRoute({ ApiId, RouteId, Target: '' });
  await refused(gone(), ConflictException, 409, `${referenced} [${second.RouteId}]`);
  await sdk.deleteRoute({ ApiId, RouteId: second.RouteId });
  assert.equal((await gone()).$metadata.httpStatusCode, 204);
  const text = `Invalid Integration identifier specified ${IntegrationId}`;
  await refused(sdk.getIntegration({ ApiId, IntegrationId }), NotFoundException, 404, text);
  await refused(gone(), NotFoundException, 404, text);
});
