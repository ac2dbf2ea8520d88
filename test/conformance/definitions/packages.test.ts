// Cloud assemblies and packages of other tools, from their directories into a running server (spec/definitions.md §14.5).
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { DeployReport } from '../../../src/definitions/deploy-answer.ts';
import { deployWithFiles } from '../../../src/sources/needed-files.ts';
import { readStackRequests } from '../../../src/sources/stack-requests.ts';
import { zipOf } from '../../support/zip.ts';
import { DefinitionStand } from './stand.ts';

const HASH = '0'.repeat(63);
const HANDLER = 'exports.handler = async () => ({ statusCode: 200, body: JSON.stringify("ran") });';

let stand: DefinitionStand;
let root: string;
before(async () => {
  stand = await DefinitionStand.start();
  root = await mkdtemp(join(tmpdir(), 'postern-packages-'));
});
after(async () => {
  await stand.close();
  await rm(root, { recursive: true, force: true });
});

async function write(name: string, content: string | Buffer | object): Promise<void> {
  const path = join(root, name);
  await mkdir(dirname(path), { recursive: true });
  const isData = typeof content === 'object' && !Buffer.isBuffer(content);
  await writeFile(path, isData ? JSON.stringify(content) : content);
}

async function deploy(source: string): Promise<DeployReport> {
  const [stack] = await readStackRequests({ source, cwd: root });
  const report = await deployWithFiles(stack!.request, (asked) => stand.ask(asked), root);
  assert.notEqual(report.outcome, 'refused', report.message);
  return report;
}

const v2 = (type: string, Properties: object) => ({ Type: `AWS::ApiGatewayV2::${type}`, Properties });
const inApi = (type: string, more: object) => v2(type, { ApiId: { Ref: 'Api' }, ...more });

const httpApi = (Fn: object) => ({
  Fn,
  Api: v2('Api', { Name: 'n', ProtocolType: 'HTTP' }),
  Int: inApi('Integration', {
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: { 'Fn::GetAtt': ['Fn', 'Arn'] },
    PayloadFormatVersion: '2.0',
  }),
  R: inApi('Route', { RouteKey: 'GET /p', Target: { 'Fn::Sub': 'integrations/${Int}' } }),
  S: inApi('Stage', { StageName: '$default', AutoDeploy: true }),
});

test('row 78: a SAM API whose document is included, with functions in it', async () => {
  const resources = {
    Queue: { Type: 'AWS::SQS::Queue' },
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
    Api: {
      Type: 'AWS::Serverless::HttpApi',
      Properties: {
        DefinitionBody: { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 'api.yaml' } } },
      },
    },
  };
  await write('included/template.json', { Transform: 'AWS::Serverless-2016-10-31', Resources: resources });
  await write('included/api.yaml', {
    openapi: '3.0.1',
    info: { title: 'queues', version: '1' },
    paths: {
      '/send': {
        post: {
          'x-amazon-apigateway-integration': {
            type: 'aws_proxy',
            integrationSubtype: 'SQS-SendMessage',
            credentials: { 'Fn::GetAtt': ['Role', 'Arn'] },
            requestParameters: { QueueUrl: { Ref: 'Queue' }, MessageBody: '$request.body' },
            payloadFormatVersion: '1.0',
            connectionType: 'INTERNET',
          },
        },
      },
    },
  });
  await deploy('included/template.json');
  const ApiId = await stand.idOf('Api', 'included');
  const [integration] = (await stand.client.getIntegrations({ ApiId })).Items!;
  assert.equal(integration!.IntegrationSubtype, 'SQS-SendMessage');
  assert.match(integration!.CredentialsArn!, /^arn:aws:iam::000000000000:role\/included-Role-[a-z0-9]{12}$/i);
  assert.match(
    integration!.RequestParameters!.QueueUrl!,
    /^https:\/\/sqs\.us-east-1\.amazonaws\.com\/000000000000\/included-Queue-[a-z0-9]{12}$/,
  );
  await stand.delete('included');
});

describe('a cloud assembly', () => {
  const Bucket = { 'Fn::Sub': 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}' };
  const version = {
    Parameters: {
      BootstrapVersion: {
        Type: 'AWS::SSM::Parameter::Value<String>',
        Default: '/cdk-bootstrap/hnb659fds/version',
      },
    },
    Rules: {
      CheckBootstrapVersion: {
        Assertions: [
          {
            Assert: {
              'Fn::Not': [{ 'Fn::Contains': [['1', '2', '3', '4', '5'], { Ref: 'BootstrapVersion' }] }],
            },
            AssertDescription: 'CDK bootstrap stack version 6 required.',
          },
        ],
      },
    },
  };

  for (const [row, name, metadata] of [
    [89, 'with metadata of its assets', { 'aws:asset:path': `asset.${HASH}1`, 'aws:asset:property': 'Code' }],
    [90, 'without metadata of its assets', undefined],
  ] as const) {
    test(`row ${row}: ${name}`, async () => {
      const hash = `${HASH}1`;
      const Fn = {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { S3Bucket: Bucket, S3Key: `${hash}.zip` },
          Handler: 'index.handler',
          Runtime: 'nodejs22.x',
          Role: 'arn:aws:iam::000000000000:role/r',
        },
        ...(metadata && { Metadata: metadata }),
      };
      const out = `cdk-${row}.out`;
      await write(`${out}/Shop.template.json`, { ...version, Resources: httpApi(Fn) });
      await write(`${out}/asset.${hash}/index.js`, HANDLER);
      await write(`${out}/Shop.assets.json`, {
        version: '36.0.0',
        files: {
          [hash]: {
            source: { path: `asset.${hash}`, packaging: 'zip' },
            destinations: { current: { bucketName: 'b', objectKey: `${hash}.zip` } },
          },
        },
        dockerImages: {},
      });
      await write(`${out}/manifest.json`, {
        version: '36.0.0',
        artifacts: {
          'Shop.assets': { type: 'cdk:asset-manifest', properties: { file: 'Shop.assets.json' } },
          Shop: {
            type: 'aws:cloudformation:stack',
            environment: 'aws://unknown-account/unknown-region',
            properties: { templateFile: 'Shop.template.json' },
            dependencies: ['Shop.assets'],
            displayName: 'Shop',
          },
        },
      });
      const report = await deploy(out);
      assert.equal(await stand.fetchJson(report, '/p'), 'ran');
      assert.equal(report.functions[0]!.logicalId, 'Fn');
      await stand.delete('Shop');
    });
  }
});

describe('a package of the Serverless Framework', () => {
  /** As packaged at a time: it is in every key, and in the logical id of a deployment. */
  async function packageAt(time: string, resources: (Fn: object) => object): Promise<void> {
    const Fn = {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: {
          S3Bucket: { Ref: 'ServerlessDeploymentBucket' },
          S3Key: `serverless/shop/dev/${time}/shop.zip`,
        },
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
        Role: 'arn:aws:iam::000000000000:role/r',
      },
    };
    await write('.serverless/cloudformation-template-update-stack.json', {
      AWSTemplateFormatVersion: '2010-09-09',
      Resources: { ServerlessDeploymentBucket: { Type: 'AWS::S3::Bucket' }, ...resources(Fn) },
    });
    await write('.serverless/serverless-state.json', {
      service: {
        service: 'shop',
        provider: { stage: 'dev' },
        functions: { fn: { handler: 'index.handler' } },
      },
    });
    await write('.serverless/shop.zip', zipOf([{ name: 'index.js', content: HANDLER }]));
  }

  test('row 93: packaged again from the same sources, nothing changes', async () => {
    await packageAt('1700000000000-2023-11-14T22:13:20.000Z', httpApi);
    const first = await deploy('.serverless');
    assert.equal(await stand.fetchJson(first, '/p'), 'ran');
    await packageAt('1700000009999-2023-11-14T22:13:29.999Z', httpApi);
    const again = await deploy('.serverless');
    assert.deepEqual([again.outcome, again.changes], ['unchanged', []]);
    await stand.delete('shop-dev');
  });

  test('row 94: with a WebSocket API there is another deployment', async () => {
    const sockets = (suffix: string) => (Fn: object) => ({
      Fn,
      Api: v2('Api', {
        Name: 'n',
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: '$request.body.action',
      }),
      Int: inApi('Integration', {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: {
          'Fn::Sub':
            'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations',
        },
      }),
      R: inApi('Route', { RouteKey: '$default', Target: { 'Fn::Sub': 'integrations/${Int}' } }),
      Stage: inApi('Stage', { StageName: 'dev', DeploymentId: { Ref: `Deployment${suffix}` } }),
      [`Deployment${suffix}`]: { ...inApi('Deployment', {}), DependsOn: ['R'] },
    });
    await packageAt('1700000000000-a', sockets('One'));
    await deploy('.serverless');
    await packageAt('1700000009999-b', sockets('Two'));
    const { changes } = await deploy('.serverless');
    assert.deepEqual(
      changes.map(({ action, logicalId, members }) => [
        action,
        logicalId,
        ...members.map(({ name }) => name),
      ]),
      [
        ['create', 'DeploymentTwo'],
        ['update', 'Stage', 'DeploymentId'],
        ['delete', 'DeploymentOne'],
      ],
    );
    await stand.delete('shop-dev');
  });
});
