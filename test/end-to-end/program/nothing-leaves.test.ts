// Nothing leaves this machine unless somebody asked for it: what would be called at AWS is refused with what to set, whatever
// credentials lie about (docs/guide/aws-services.md, docs/guide/lambda.md).
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import {
  CreateApiCommand,
  CreateDomainNameCommand,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  CreateStageCommand,
  CreateVpcLinkCommand,
} from '@aws-sdk/client-apigatewayv2';
import { parseConfig } from '../../../src/settings/config-file.ts';
import { startInvokeServer } from '../../support/invoke-server.ts';
import { ACCOUNT, REGION, type RunningPostern, startTestPostern } from '../../support/postern.ts';

before(() => {
  process.env.AWS_ACCESS_KEY_ID = 'AKIDLAPTOP';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
});

async function start(t: TestContext, yaml: string): Promise<RunningPostern> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-unasked-'));
  await writeFile(join(directory, 'main.mjs'), 'export const handler = async () => "here";');
  const postern = await startTestPostern({
    sections: parseConfig(yaml, 'postern.yaml', directory).sections,
  });
  t.after(async () => {
    await postern.close();
    await rm(directory, { recursive: true, force: true });
  });
  return postern;
}

type Integration = Omit<CreateIntegrationCommandInput, 'ApiId'>;

interface Trace {
  readonly reply: { readonly status: number };
}

/** What `explain` tells of a route with the integration: its status, and all of it as text. */
async function ask(
  { client, management }: RunningPostern,
  integration: Integration,
): Promise<readonly [status: number, told: string]> {
  const { ApiId } = await client.send(new CreateApiCommand({ Name: 'a', ProtocolType: 'HTTP' }));
  const { IntegrationId } = await client.send(new CreateIntegrationCommand({ ApiId, ...integration }));
  const Target = `integrations/${IntegrationId}`;
  await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /x', Target }));
  await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
  const url = `http://${ApiId}.execute-api.localhost/x`;
  const reply = await fetch(`${management}/_postern/explain`, {
    method: 'POST',
    body: JSON.stringify({ method: 'GET', url }),
  });
  const told = await reply.text();
  return [(JSON.parse(told) as Trace).reply.status, told];
}

const lambda = (name: string): Integration => ({
  IntegrationType: 'AWS_PROXY',
  IntegrationUri: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
  PayloadFormatVersion: '2.0',
});

const FUNCTIONS = 'functions: { orders: { file: main.mjs }, report:prod: { file: main.mjs } }';

test('a function that is not configured is named, with those that are and the nearest', async (t) => {
  const postern = await start(t, FUNCTIONS);
  assert.equal((await ask(postern, lambda('orders')))[0], 200);
  const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:`;
  const rest = 'Add it to functions, or say where Lambda is: lambda.endpoint, or lambda: aws for AWS itself';
  for (const [name, near] of [
    ['order', ' Did you mean orders?'],
    ['reprot', ' Did you mean report?'],
    ['payments', ''],
  ] as const) {
    const [status, told] = await ask(postern, lambda(name));
    assert.equal(status, 500);
    const text = `The function ${arn}${name} is not configured. Configured are orders, report:prod.${near} ${rest}`;
    assert.ok(told.includes(text), told);
    assert.doesNotMatch(told, /IAM role/);
  }
});

test('without functions there are none to name', async (t) => {
  const postern = await start(t, '{}');
  const [status, told] = await ask(postern, lambda('orders'));
  assert.equal(status, 500);
  assert.match(told, /function:orders is not configured\. There are no functions here\. Add it to functions/);
});

test('who asks for Lambda by an endpoint gets it', async (t) => {
  const invoke = await startInvokeServer();
  t.after(() => invoke.close());
  const postern = await start(t, `${FUNCTIONS}\nlambda: { endpoint: "${invoke.endpoint}" }`);
  invoke.script({ payload: '{"statusCode":202}' });
  assert.equal((await ask(postern, lambda('order')))[0], 202);
  assert.equal(invoke.invocations.length, 1);
});

test('who asks for it by `lambda: aws`, or `aws`, is sent to where the AWS SDK goes', async (t) => {
  const invoke = await startInvokeServer();
  // What stands for AWS: nobody may go there from a test.
  t.after(async () => {
    delete process.env.AWS_ENDPOINT_URL_LAMBDA;
    await invoke.close();
  });
  for (const asked of [
    'lambda: aws',
    'lambda: { endpoint: aws }',
    'aws: lambda',
    'aws: [sqs, lambda]',
    'aws: all',
  ]) {
    const postern = await start(t, asked);
    // Only now, so that the setting and not the variable has asked.
    const [status, told] = await askWith(postern, invoke.endpoint);
    assert.equal(status, 202, `${asked} ${told}`);
  }

  async function askWith(postern: RunningPostern, endpoint: string) {
    invoke.script({ payload: '{"statusCode":202}' });
    process.env.AWS_ENDPOINT_URL_LAMBDA = endpoint;
    return ask(postern, lambda('order')).finally(() => delete process.env.AWS_ENDPOINT_URL_LAMBDA);
  }
});

test('services are not called, and the text says what to set', async (t) => {
  const postern = await start(t, '{}');
  const [status, told] = await ask(postern, {
    IntegrationType: 'AWS_PROXY',
    IntegrationSubtype: 'StepFunctions-StartExecution',
    PayloadFormatVersion: '1.0',
    CredentialsArn: 'arn:aws:iam::123456789012:role/r',
    RequestParameters: { StateMachineArn: `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:m` },
  });
  assert.equal(status, 500);
  assert.match(
    told,
    /The AWS service sfn is not called, since nobody asked for it: set AWS_ENDPOINT_URL_SFN where an emulator answers, or aws: sfn/,
  );
  assert.doesNotMatch(told, /doesn't have permissions/);
});

test('S3 is not asked for a truststore, nor Cloud Map for targets', async (t) => {
  const postern = await start(t, '{}');
  const { client } = postern;
  await assert.rejects(
    client.send(
      new CreateDomainNameCommand({
        DomainName: 'shop.example.com',
        DomainNameConfigurations: [{ CertificateArn: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/shop` }],
        MutualTlsAuthentication: { TruststoreUri: 's3://partners/truststore.pem' },
      }),
    ),
    {
      name: 'BadRequestException',
      message:
        /^The truststore s3:\/\/partners\/truststore\.pem cannot be read: The AWS service s3 is not called/,
    },
  );
  const { VpcLinkId } = await client.send(new CreateVpcLinkCommand({ Name: 'l', SubnetIds: ['subnet-1'] }));
  const [status] = await ask(postern, {
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'GET',
    IntegrationUri: `arn:aws:servicediscovery:${REGION}:${ACCOUNT}:service/srv-1`,
    ConnectionType: 'VPC_LINK',
    ConnectionId: VpcLinkId,
    PayloadFormatVersion: '1.0',
  });
  assert.equal(status, 503);
});
