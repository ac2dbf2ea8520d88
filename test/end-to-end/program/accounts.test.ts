// Accounts are kept apart where credentials say who is of which: an identity of one tries what ARNs of another name, at every
// place that takes an ARN (SECURITY.md; docs/guide/production.md).
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateDomainNameCommand,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  CreateStageCommand,
  CreateVpcLinkCommand,
  GetTagsCommand,
  TagResourceCommand,
} from '@aws-sdk/client-apigatewayv2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Identity } from '../../../src/identity/identities.ts';
import { parsePolicy } from '../../../src/identity/policy.ts';
import { parseConfig } from '../../../src/settings/config-file.ts';
import { ACCOUNT, REGION, type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { sendRaw } from '../../support/raw-client.ts';

const OTHER = '222222222222';
const ALL = parsePolicy({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } });
/** The attacker is ACCOUNT, whose client the stand has; these are of the same account, and of the other. */
const MINE: Identity = { accessKeyId: 'AKIAMINE', secretAccessKey: 'm', accountId: ACCOUNT };
const MAY_ALL: Identity = {
  accessKeyId: 'AKIAMAYALL',
  secretAccessKey: 'a',
  accountId: ACCOUNT,
  policies: [ALL],
};
const THEIRS: Identity = { accessKeyId: 'AKIATHEIRS', secretAccessKey: 't', accountId: OTHER };

const arnOf = (account: string, name: string): string =>
  `arn:aws:lambda:${REGION}:${account}:function:${name}`;
const uriOf = (arn: string): string =>
  `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${arn}/invocations`;
const listenerOf = (account: string): string =>
  `arn:aws:elasticloadbalancing:${REGION}:${account}:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2`;

interface Stand {
  readonly postern: RunningPostern;
  readonly client: ApiGatewayV2Client;
  /** Requests to the private backend. */
  readonly served: readonly string[];
}

async function start(
  t: TestContext,
  credentials: readonly Identity[] = [MINE, MAY_ALL, THEIRS],
): Promise<Stand> {
  const served: string[] = [];
  const backend = createServer((request, reply) => {
    served.push(request.url ?? '');
    reply.end('private');
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const { port } = backend.address() as AddressInfo;
  const directory = await mkdtemp(join(tmpdir(), 'postern-accounts-'));
  const code = `export const handler = async (event) => event.type === 'REQUEST' ? { isAuthorized: true } : 'called';`;
  await writeFile(join(directory, 'main.mjs'), code);
  const yaml = `functions:
  shared: { file: main.mjs }
  ${arnOf(OTHER, 'secret')}: { file: main.mjs }
privateTargets:
  ${listenerOf(OTHER)}: { targets: [ { address: "127.0.0.1:${port}" } ] }
  ${listenerOf(ACCOUNT)}: { targets: [ { address: "127.0.0.1:${port}" } ] }`;
  const { sections } = parseConfig(yaml, 'postern.yaml', directory);
  const postern = await startTestPostern({ credentials, sections });
  t.after(async () => {
    await postern.close();
    backend.close();
    backend.closeAllConnections();
    await rm(directory, { recursive: true, force: true });
  });
  return { postern, client: postern.client, served };
}

type Integration = Omit<CreateIntegrationCommandInput, 'ApiId'>;

/** Status and body of a route of the attacker's with the integration. */
async function ask(
  { postern, client }: Stand,
  integration: Integration,
  options: { readonly authorizerUri?: string; readonly variables?: Record<string, string> } = {},
): Promise<readonly [status: number, body: string]> {
  const { ApiId } = await client.send(new CreateApiCommand({ Name: 'attack', ProtocolType: 'HTTP' }));
  const { IntegrationId } = await client.send(new CreateIntegrationCommand({ ApiId, ...integration }));
  const { authorizerUri, variables } = options;
  const authorizer =
    authorizerUri === undefined
      ? undefined
      : await client.send(
          new CreateAuthorizerCommand({
            ApiId,
            Name: 'a',
            AuthorizerType: 'REQUEST',
            AuthorizerUri: authorizerUri,
            IdentitySource: ['$request.header.Host'],
            AuthorizerPayloadFormatVersion: '2.0',
            EnableSimpleResponses: true,
          }),
        );
  await client.send(
    new CreateRouteCommand({
      ApiId,
      RouteKey: 'GET /x',
      Target: `integrations/${IntegrationId}`,
      ...(authorizer === undefined
        ? {}
        : { AuthorizationType: 'CUSTOM', AuthorizerId: authorizer.AuthorizerId }),
    }),
  );
  await client.send(
    new CreateStageCommand({
      ApiId,
      StageName: '$default',
      AutoDeploy: true,
      ...(variables === undefined ? {} : { StageVariables: variables }),
    }),
  );
  const host = `${ApiId}.execute-api.localhost`;
  const bytes = `GET /x HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  const { status, body } = await sendRaw({ host: postern.host, port: postern.port, bytes });
  return [status, body];
}

const lambda = (IntegrationUri: string): Integration => ({
  IntegrationType: 'AWS_PROXY',
  IntegrationUri,
  PayloadFormatVersion: '2.0',
});
const FAILED = [500, '{"message":"Internal Server Error"}'] as const;

test('a function of another account is not called for an API, by ARN, by URI, by stage variable', async (t) => {
  const stand = await start(t);
  assert.deepEqual(await ask(stand, lambda(arnOf(ACCOUNT, 'shared'))), [200, 'called']);
  for (const name of ['secret', 'shared', 'shared:prod']) {
    assert.deepEqual(await ask(stand, lambda(arnOf(OTHER, name))), FAILED, name);
    assert.deepEqual(await ask(stand, lambda(uriOf(arnOf(OTHER, name)))), FAILED, name);
    const byVariable = lambda(arnOf('${stageVariables.account}', name));
    assert.deepEqual(await ask(stand, byVariable, { variables: { account: OTHER } }), FAILED, name);
  }
});

test('nor as an authorizer', async (t) => {
  const stand = await start(t);
  const integration = lambda(arnOf(ACCOUNT, 'shared'));
  const authorized = (arn: string) => ask(stand, integration, { authorizerUri: uriOf(arn) });
  assert.deepEqual(await authorized(arnOf(ACCOUNT, 'shared')), [200, 'called']);
  for (const name of ['secret', 'shared']) {
    assert.deepEqual(await authorized(arnOf(OTHER, name)), FAILED, name);
  }
});

test('nor by the Invoke API, whatever the caller’s policies say', async (t) => {
  const { postern } = await start(t);
  const invoke = async ({ accessKeyId, secretAccessKey }: Identity, FunctionName: string) => {
    const credentials = { accessKeyId, secretAccessKey };
    const client = new LambdaClient({
      endpoint: postern.management,
      region: REGION,
      credentials,
      maxAttempts: 1,
    });
    try {
      const { Payload } = await client.send(new InvokeCommand({ FunctionName }));
      return Buffer.from(Payload ?? '').toString();
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    } finally {
      client.destroy();
    }
  };
  for (const identity of [MINE, MAY_ALL]) {
    for (const [given, name] of [
      [arnOf(OTHER, 'secret'), 'secret'],
      [arnOf(OTHER, 'shared'), 'shared'],
      [`${OTHER}:function:secret`, 'secret'],
      [`${OTHER}:shared`, 'shared'],
    ] as const) {
      assert.equal(
        await invoke(identity, given),
        `AccessDeniedException: User: arn:aws:iam::${ACCOUNT}:user/${identity.accessKeyId} is not authorized to perform: ` +
          `lambda:InvokeFunction on resource: ${arnOf(OTHER, name)} because no resource-based policy allows the lambda:InvokeFunction action`,
      );
    }
    assert.equal(await invoke(identity, 'shared'), '"called"');
    assert.equal(await invoke(identity, arnOf(ACCOUNT, 'shared')), '"called"');
  }
  assert.equal(await invoke(THEIRS, 'secret'), '"called"');
  assert.match(await invoke(THEIRS, arnOf(ACCOUNT, 'shared')), /^AccessDeniedException: /);
});

test('a role of another account is not assumed', async (t) => {
  const stand = await start(t);
  const role = `arn:aws:iam::${OTHER}:role/admin`;
  assert.deepEqual(await ask(stand, { ...lambda(arnOf(ACCOUNT, 'shared')), CredentialsArn: role }), FAILED);
  const queue: Integration = {
    IntegrationType: 'AWS_PROXY',
    IntegrationSubtype: 'SQS-PurgeQueue',
    PayloadFormatVersion: '1.0',
    CredentialsArn: role,
    RequestParameters: { QueueUrl: `https://sqs.${REGION}.amazonaws.com/${OTHER}/q` },
  };
  assert.deepEqual(await ask(stand, queue), FAILED);
});

test('private targets of another account get no requests', async (t) => {
  const stand = await start(t);
  const link = await stand.client.send(new CreateVpcLinkCommand({ Name: 'l', SubnetIds: ['subnet-1'] }));
  const privately = (account: string): Integration => ({
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'GET',
    IntegrationUri: listenerOf(account),
    ConnectionType: 'VPC_LINK',
    ConnectionId: link.VpcLinkId,
    PayloadFormatVersion: '1.0',
  });
  assert.deepEqual(await ask(stand, privately(ACCOUNT)), [200, 'private']);
  assert.equal((await ask(stand, privately(OTHER)))[0], 503);
  assert.deepEqual(stand.served, ['/x']);
});

test('logs, certificates and tags of another account are refused when they are named', async (t) => {
  const { client, postern } = await start(t);
  const { ApiId } = await client.send(new CreateApiCommand({ Name: 'attack', ProtocolType: 'HTTP' }));
  const logs = (account: string, StageName: string) =>
    client.send(
      new CreateStageCommand({
        ApiId,
        StageName,
        AccessLogSettings: {
          DestinationArn: `arn:aws:logs:${REGION}:${account}:log-group:audit`,
          Format: '$context.requestId',
        },
      }),
    );
  await logs(ACCOUNT, 'own');
  await assert.rejects(logs(OTHER, 'other'), {
    name: 'BadRequestException',
    message: `Access log destination must be of the account ${ACCOUNT}: 'arn:aws:logs:${REGION}:${OTHER}:log-group:audit'`,
  });
  const domain = (account: string, DomainName: string) =>
    client.send(
      new CreateDomainNameCommand({
        DomainName,
        DomainNameConfigurations: [{ CertificateArn: `arn:aws:acm:${REGION}:${account}:certificate/shop` }],
      }),
    );
  await domain(ACCOUNT, 'own.example.com');
  await assert.rejects(domain(OTHER, 'other.example.com'), {
    name: 'BadRequestException',
    message: /Certificate must be of the account 000000000000\.$/,
  });
  // ARNs of resources name no account: the caller's own is meant.
  const ResourceArn = `arn:aws:apigateway:${REGION}::/apis/${ApiId}`;
  const theirs = new ApiGatewayV2Client({
    endpoint: postern.management,
    region: REGION,
    credentials: THEIRS,
    maxAttempts: 1,
  });
  t.after(() => theirs.destroy());
  await assert.rejects(theirs.send(new GetTagsCommand({ ResourceArn })), { name: 'NotFoundException' });
  await assert.rejects(theirs.send(new TagResourceCommand({ ResourceArn, Tags: { a: 'b' } })), {
    name: 'NotFoundException',
  });
});

test('without credentials the account of an ARN is one that was copied', async (t) => {
  const stand = await start(t, []);
  assert.deepEqual(await ask(stand, lambda(arnOf(OTHER, 'secret'))), [200, 'called']);
  assert.deepEqual(await ask(stand, lambda(arnOf('123456789012', 'shared'))), [200, 'called']);
  const role = 'arn:aws:iam::123456789012:role/any';
  assert.deepEqual(await ask(stand, { ...lambda(arnOf(OTHER, 'shared')), CredentialsArn: role }), [
    200,
    'called',
  ]);
});
