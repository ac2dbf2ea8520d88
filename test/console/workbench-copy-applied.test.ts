// What is copied of an integration, given to those it is for, makes the same integration: a shell, CloudFormation, an import, and
// Terraform's own formatter.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import {
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateVpcLinkCommand,
  GetApisCommand,
  GetIntegrationsCommand,
  ImportApiCommand,
  UpdateIntegrationCommand,
  type UpdateIntegrationCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import type { IntegrationDocument } from '../../console/src/api/documents.ts';
import { asAwsCli } from '../../console/src/workbench/copy/aws-cli.ts';
import { asCloudFormation, asOpenApi } from '../../console/src/workbench/copy/cloudformation.ts';
import { type Definition, definitionOf } from '../../console/src/workbench/copy/definition.ts';
import { asTerraform } from '../../console/src/workbench/copy/terraform.ts';
import { draftOf } from '../../console/src/workbench/draft/draft.ts';
import { type RunningPostern, startTestPostern } from '../support/postern.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:hello';
const LISTENER = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/orders/1/2';

const KINDS: readonly (readonly [name: string, members: Record<string, unknown>])[] = [
  [
    'HTTP_PROXY with texts that shells, YAML and Terraform read',
    {
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri: 'http://${stageVariables.backend}/it?q=a&b={c}',
      PayloadFormatVersion: '1.0',
      Description: `a "b" 'c' $HOME \`d\` \\ # yes: no, %{if} ä`,
      TimeoutInMillis: 500,
      RequestParameters: {
        'append:header.x-a': `"it's \${request.header.b}" \\ \`c\``,
        'append:querystring.yes': 'no',
        'overwrite:path': '/$request.path.id/',
        'remove:header.x-old': "''",
      },
      ResponseParameters: {
        403: { 'overwrite:statuscode': '404', 'append:header.x-b': '$response.body.a' },
        500: { 'remove:header.server': "''" },
      },
    },
  ],
  [
    'a function',
    {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: FUNCTION,
      PayloadFormatVersion: '2.0',
      CredentialsArn: 'arn:aws:iam::000000000000:role/caller',
    },
  ],
  [
    'a service',
    {
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: 'SQS-SendMessage',
      PayloadFormatVersion: '1.0',
      CredentialsArn: 'arn:aws:iam::000000000000:role/sqs',
      RequestParameters: {
        QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/orders',
        MessageBody: '$request.body.order',
      },
    },
  ],
  [
    'a private one',
    {
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'GET',
      IntegrationUri: LISTENER,
      PayloadFormatVersion: '1.0',
      ConnectionType: 'VPC_LINK',
      TlsConfig: { ServerNameToVerify: 'orders.internal' },
    },
  ],
];

describe('an integration that is copied', () => {
  let postern: RunningPostern;
  let vpcLinkId = '';
  before(async () => {
    postern = await startTestPostern();
    const link = await postern.client.send(
      new CreateVpcLinkCommand({ Name: 'link', SubnetIds: ['subnet-1'] }),
    );
    vpcLinkId = link.VpcLinkId!;
  });
  after(() => postern.close());

  async function made(members: Record<string, unknown>): Promise<Definition> {
    const { client, management } = postern;
    const { ApiId } = await client.send(new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP' }));
    const { IntegrationId } = await client.send(
      new CreateIntegrationCommand({ ApiId, IntegrationType: 'HTTP_PROXY', ...members }),
    );
    const response = await fetch(`${management}/v2/apis/${ApiId}/integrations/${IntegrationId}`);
    const integration = (await response.json()) as IntegrationDocument;
    const subject = {
      api: { apiId: ApiId!, name: 'pets', protocolType: 'HTTP' as const },
      integration,
      responses: [],
    };
    return definitionOf(subject, draftOf(subject));
  }

  /** All that an integration is, but its id. */
  async function integrationOf(ApiId: string): Promise<object> {
    const { Items = [] } = await postern.client.send(new GetIntegrationsCommand({ ApiId }));
    assert.equal(Items.length, 1);
    const { IntegrationId: _, ...members } = Items[0]!;
    return members;
  }

  for (const [name, members] of KINDS) {
    test(name, async () => {
      const { client, management } = postern;
      const link = members.ConnectionType === undefined ? {} : { ConnectionId: vpcLinkId };
      const definition = await made({ ...members, ...link });
      const expected = await integrationOf(definition.apiId);

      await client.send(new UpdateIntegrationCommand(inputOf(wordsOfShell(asAwsCli(definition)))));
      assert.deepEqual(await integrationOf(definition.apiId), expected, 'the AWS CLI');

      const stackName = `copied-${definition.apiId}`;
      const template = [
        'Resources:',
        '  Api:',
        '    Type: AWS::ApiGatewayV2::Api',
        `    Properties: { Name: ${stackName}, ProtocolType: HTTP }`,
        indented(asCloudFormation(definition), '  '),
      ].join('\n');
      const deployed = await fetch(`${management}/_postern/stacks`, {
        method: 'POST',
        body: JSON.stringify({ stackName, template: { name: 'template.yaml', text: template } }),
      });
      const report = (await deployed.json()) as { outcome: string };
      assert.equal(report.outcome, 'deployed', JSON.stringify(report));
      const { Items = [] } = await client.send(new GetApisCommand({ MaxResults: '1000' }));
      const copied = Items.find(({ Name }) => Name === stackName);
      assert.deepEqual(await integrationOf(copied!.ApiId!), expected, 'CloudFormation');

      const document = [
        'openapi: 3.0.1',
        'info: { title: copied, version: "1" }',
        'paths:',
        '  /{id}:',
        '    get:',
        '      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]',
        '      responses: {}',
        indented(asOpenApi(definition), '      '),
      ].join('\n');
      const { ApiId } = await client.send(new ImportApiCommand({ Body: document, FailOnWarnings: true }));
      assert.deepEqual(await integrationOf(ApiId!), expected, 'OpenAPI');
    });

    const skip = hasTerraform() ? false : 'terraform is not on this machine';
    test(`${name}: Terraform's formatter has nothing to do`, { skip }, async () => {
      const link = members.ConnectionType === undefined ? {} : { ConnectionId: vpcLinkId };
      const text = `${asTerraform(await made({ ...members, ...link }))}\n`;
      const { status, stdout, stderr } = spawnSync('terraform', ['fmt', '-'], {
        input: text,
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
      assert.equal(stdout, text);
    });
  }
});

function indented(text: string, by: string): string {
  return text.replace(/^(?=.)/gm, by);
}

/** What a shell makes of a command: each argument as the program gets it. */
function wordsOfShell(command: string): readonly string[] {
  const script = `aws() { for word; do printf '%s\\0' "$word"; done; }\n${command}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

/** As the AWS CLI reads options: JSON for maps and structures. */
function inputOf([service, operation, ...options]: readonly string[]): UpdateIntegrationCommandInput {
  assert.deepEqual([service, operation], ['apigatewayv2', 'update-integration']);
  const entries = options.flatMap((option, i) => {
    if (i % 2 === 1) return [];
    const member = option.slice(1).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const word = options[i + 1]!;
    const value = word.startsWith('{')
      ? JSON.parse(word)
      : member === 'TimeoutInMillis'
        ? Number(word)
        : word;
    return [[member, value] as const];
  });
  return Object.fromEntries(entries) as unknown as UpdateIntegrationCommandInput;
}

function hasTerraform(): boolean {
  return spawnSync('terraform', ['version']).status === 0;
}
