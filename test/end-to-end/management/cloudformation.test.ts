// CloudFormation's API, asked by the unmodified AWS SDK (spec/definitions.md §13).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListExportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  ValidateTemplateCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { parsePolicy } from '../../../src/identity/policy.ts';
import { REGION, type RunningPostern, startTestPostern } from '../../support/postern.ts';

const TEMPLATE = `
Description: pets & co
Parameters:
  Name: {Type: String, Default: pets}
  Key: {Type: String, Default: unset, NoEcho: true}
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: !Ref Name, ProtocolType: HTTP}}
  Int:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: HTTP_PROXY
      IntegrationMethod: GET
      IntegrationUri: http://127.0.0.1:9/
      PayloadFormatVersion: '1.0'
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: GET /p, Target: !Sub 'integrations/\${Int}'}
  Jwt:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      Name: jwt
      AuthorizerType: JWT
      IdentitySource: [$request.header.Authorization]
      JwtConfiguration: {Audience: [a], Issuer: !GetAtt Pool.ProviderURL}
  Pool: {Type: AWS::Cognito::UserPool}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: {ApiId: !Ref Api, StageName: $default, AutoDeploy: true}
Outputs:
  Id: {Value: !Ref Api, Export: {Name: pets-id}, Description: 'the <id>'}
`;

const refusal = (code: string, message: RegExp) => (error: unknown) => {
  const { name, message: text } = error as Error;
  assert.equal(name, code);
  assert.match(text, message);
  return true;
};

describe("CloudFormation's API", () => {
  let postern: RunningPostern;
  let client: CloudFormationClient;
  before(async () => {
    postern = await startTestPostern();
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    client = new CloudFormationClient({ endpoint: postern.management, region: REGION, credentials });
  });
  after(async () => {
    client.destroy();
    await postern.close();
  });

  const changeSet = (name: string, more: object = {}) =>
    client.send(
      new CreateChangeSetCommand({
        StackName: 'pets',
        ChangeSetName: name,
        TemplateBody: TEMPLATE,
        ...more,
      }),
    );
  const described = async (StackName: string) =>
    (await client.send(new DescribeStacksCommand({ StackName }))).Stacks![0]!;

  test('a stack that is not there is what clients look for (§13.1.1)', async () => {
    await assert.rejects(
      described('pets'),
      refusal('ValidationError', /^Stack with id pets does not exist$/),
    );
  });

  test('a change set plans a stack, and its execution makes it', async () => {
    const { Id, StackId } = await changeSet('first', { ChangeSetType: 'CREATE', Description: 'a "plan"' });
    const planned = await described('pets');
    assert.deepEqual([planned.StackStatus, planned.StackId], ['REVIEW_IN_PROGRESS', StackId]);
    const plan = await client.send(new DescribeChangeSetCommand({ StackName: 'pets', ChangeSetName: Id! }));
    assert.deepEqual(
      [plan.Status, plan.ExecutionStatus, plan.Description],
      ['CREATE_COMPLETE', 'AVAILABLE', 'a "plan"'],
    );
    const added = plan.Changes!.map(({ ResourceChange: change }) => [
      change!.Action,
      change!.LogicalResourceId,
    ]);
    for (const id of ['Api', 'Int', 'Route', 'Jwt', 'Stage'])
      assert.ok(
        added.some(([, each]) => each === id),
        id,
      );
    assert.ok(added.every(([action]) => action === 'Add'));
    await client.send(new ExecuteChangeSetCommand({ StackName: 'pets', ChangeSetName: 'first' }));
    const made = await described(StackId!);
    assert.deepEqual(
      [made.StackStatus, made.StackId, made.Description],
      ['CREATE_COMPLETE', StackId, 'pets & co'],
    );
    const [output] = made.Outputs!;
    assert.deepEqual(
      [output!.OutputKey, output!.ExportName, output!.Description],
      ['Id', 'pets-id', 'the <id>'],
    );
    await assert.rejects(
      client.send(new DescribeChangeSetCommand({ StackName: 'pets', ChangeSetName: 'first' })),
      refusal('ChangeSetNotFoundException', /^ChangeSet \[first\] does not exist$/),
    );
  });

  test('a change set without changes has failed, in the words that clients look for', async () => {
    await changeSet('same', { ChangeSetType: 'UPDATE' });
    const same = await client.send(
      new DescribeChangeSetCommand({ StackName: 'pets', ChangeSetName: 'same' }),
    );
    assert.equal(same.Status, 'FAILED');
    assert.match(same.StatusReason!, /^The submitted information didn't contain changes\./);
    await assert.rejects(
      client.send(new ExecuteChangeSetCommand({ StackName: 'pets', ChangeSetName: 'same' })),
      refusal('InvalidChangeSetStatusException', /cannot be executed in its current status of \[FAILED\]/),
    );
    await client.send(new DeleteChangeSetCommand({ StackName: 'pets', ChangeSetName: 'same' }));
    await client.send(new DeleteChangeSetCommand({ StackName: 'pets', ChangeSetName: 'same' }));
  });

  test('the template and values of before can be kept', async () => {
    const Parameters = [
      { ParameterKey: 'Name', ParameterValue: 'zoo' },
      { ParameterKey: 'Key', ParameterValue: 'hush-hush' },
    ];
    await changeSet('renamed', { TemplateBody: undefined, UsePreviousTemplate: true, Parameters });
    const plan = await client.send(
      new DescribeChangeSetCommand({ StackName: 'pets', ChangeSetName: 'renamed' }),
    );
    const [change] = plan.Changes!;
    assert.equal(change!.ResourceChange!.Action, 'Modify');
    assert.equal(change!.ResourceChange!.Replacement, 'False');
    assert.equal(change!.ResourceChange!.Details![0]!.Target!.Name, 'Name');
    assert.ok(!JSON.stringify(plan).includes('hush-hush'), 'a value with NoEcho is not printed');
    await client.send(new ExecuteChangeSetCommand({ StackName: 'pets', ChangeSetName: 'renamed' }));
    const kept = [
      { ParameterKey: 'Name', UsePreviousValue: true },
      { ParameterKey: 'Key', UsePreviousValue: true },
    ];
    await changeSet('kept', { Parameters: kept });
    const same = await client.send(
      new DescribeChangeSetCommand({ StackName: 'pets', ChangeSetName: 'kept' }),
    );
    assert.equal(same.Status, 'FAILED');
    const stack = await described('pets');
    assert.equal(stack.StackStatus, 'UPDATE_COMPLETE');
    assert.deepEqual(
      stack.Parameters!.map(({ ParameterKey, ParameterValue }) => `${ParameterKey}=${ParameterValue}`).sort(),
      ['Key=****', 'Name=zoo'],
    );
  });

  test('resources, events, exports and the template are told', async () => {
    const StackName = 'pets';
    const { StackResourceSummaries } = await client.send(new ListStackResourcesCommand({ StackName }));
    const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName }));
    const ids = StackResourceSummaries!.map(({ LogicalResourceId }) => LogicalResourceId);
    assert.deepEqual(
      StackResources!.map(({ LogicalResourceId }) => LogicalResourceId),
      ids,
    );
    assert.ok(
      ['Api', 'Int', 'Route', 'Jwt', 'Stage'].every((id) => ids.includes(id)),
      String(ids),
    );
    const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName }));
    assert.equal(StackEvents![0]!.ResourceType, 'AWS::CloudFormation::Stack');
    assert.ok(
      StackEvents!.some(({ ResourceStatusReason: reason }) =>
        /nobody is known to issue its tokens/.test(reason ?? ''),
      ),
      'a warning is the reason of an event (§13.2.3)',
    );
    const { Exports } = await client.send(new ListExportsCommand({}));
    assert.deepEqual(
      Exports!.map(({ Name }) => Name),
      ['pets-id'],
    );
    assert.equal((await client.send(new GetTemplateCommand({ StackName }))).TemplateBody, TEMPLATE);
    const summary = await client.send(new GetTemplateSummaryCommand({ StackName }));
    assert.deepEqual(
      summary.Parameters!.map(({ ParameterKey, NoEcho }) => [ParameterKey, NoEcho]),
      [
        ['Name', false],
        ['Key', true],
      ],
    );
    const { StackSummaries } = await client.send(new ListStacksCommand({}));
    assert.deepEqual(
      StackSummaries!.map((stack) => [stack.StackName, stack.StackStatus]),
      [['pets', 'UPDATE_COMPLETE']],
    );
    const validated = await client.send(new ValidateTemplateCommand({ TemplateBody: TEMPLATE }));
    assert.equal(validated.Parameters!.length, 2);
  });

  test('what is refused changes nothing, and says why in the service’s words', async () => {
    const before = await described('pets');
    const refused: readonly (readonly [object, RegExp])[] = [
      [
        { TemplateBody: TEMPLATE.replace('GET /p', 'GEET p') },
        /^Route \(AWS::ApiGatewayV2::Route\): The provided route key/,
      ],
      [{ TemplateBody: 'Resources: [' }, /^Template format error: YAML not well-formed\./],
      [
        { TemplateBody: 'Resources: {}' },
        /^Template format error: At least one Resources member must be defined\.$/,
      ],
      [
        { TemplateBody: undefined, TemplateURL: 'https://b.s3.amazonaws.com/t.yaml' },
        /is not fetched here: send the text as TemplateBody/,
      ],
      [{ TemplateBody: undefined }, /^Either Template URL or Template Body must be specified\.$/],
      [
        { Parameters: [{ ParameterKey: 'Nope', ParameterValue: '1' }] },
        /^Parameters: \[Nope\] do not exist in the template$/,
      ],
      [{ ChangeSetType: 'CREATE' }, /^Stack \[pets\] already exists and cannot be created again/],
      [{ ChangeSetName: '1x' }, /at 'changeSetName' failed to satisfy constraint/],
    ];
    for (const [more, message] of refused) {
      await assert.rejects(
        changeSet('no', more),
        refusal('ValidationError', message),
        JSON.stringify(more).slice(0, 80),
      );
    }
    await assert.rejects(
      client.send(new CreateStackCommand({ StackName: 'x', TemplateBody: TEMPLATE })),
      refusal('InvalidAction', /^Could not find operation CreateStack .*here are CreateChangeSet, /),
    );
    assert.deepEqual(await described('pets'), before);
    assert.deepEqual(postern.errors, []);
  });

  test('a stack is named by its id too, and only in its own account and region', async () => {
    const { StackId = '' } = (await described('pets'))!;
    assert.equal((await described(StackId))?.StackName, 'pets');
    for (const elsewhere of [
      StackId.replace(REGION, 'eu-west-3'),
      StackId.replace('000000000000', '111111111111'),
    ]) {
      assert.notEqual(elsewhere, StackId);
      await assert.rejects(described(elsewhere), refusal('ValidationError', /does not exist/));
      await client.send(new DeleteStackCommand({ StackName: elsewhere }));
    }
    assert.equal((await described('pets'))?.StackName, 'pets');
  });

  test('a stack that is deleted is gone, with its exports, and again is no error', async () => {
    await client.send(new DeleteStackCommand({ StackName: 'pets' }));
    await waitUntilStackDeleteComplete(
      { client, maxWaitTime: 10, minDelay: 1, maxDelay: 2 },
      { StackName: 'pets' },
    );
    await client.send(new DeleteStackCommand({ StackName: 'pets' }));
    assert.deepEqual((await client.send(new ListExportsCommand({}))).Exports ?? [], []);
    assert.deepEqual((await client.send(new ListStacksCommand({}))).StackSummaries ?? [], []);
  });

  test('a planned stack that is never made can be deleted', async () => {
    await changeSet('plan', { ChangeSetType: 'CREATE' });
    await client.send(new DeleteStackCommand({ StackName: 'pets' }));
    await assert.rejects(described('pets'), refusal('ValidationError', /does not exist/));
  });
});

test('who may do what is asked of policies, for the stack and for each of its calls (Choice D4)', async () => {
  const identity = (accessKeyId: string, actions: readonly string[]) => ({
    ...{ accessKeyId, secretAccessKey: 'secret', accountId: '000000000000' },
    policies: [parsePolicy({ Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] })],
  });
  const reader = identity('AKIAREADER', ['cloudformation:Describe*']);
  const barred = identity('AKIABARRED', ['cloudformation:*']);
  barred.policies.push(
    parsePolicy({
      Statement: {
        Effect: 'Deny',
        Action: '*',
        Resource: `arn:aws:cloudformation:${REGION}:000000000000:stack/pets/*`,
      },
    }),
  );
  const planner = identity('AKIAPLANNER', ['cloudformation:*']);
  const server = await startTestPostern({ credentials: [reader, planner, barred] });
  const clientOf = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
    new CloudFormationClient({ endpoint: server.management, region: REGION, credentials });
  const clients = [reader, planner, { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' }].map(clientOf);
  const [asReader, asPlanner, asNobody] = clients as [
    CloudFormationClient,
    CloudFormationClient,
    CloudFormationClient,
  ];
  const planned = () =>
    new CreateChangeSetCommand({
      ...{ StackName: 'pets', ChangeSetName: 'a', ChangeSetType: 'CREATE', TemplateBody: TEMPLATE },
    });
  try {
    const denied = (action: string) =>
      refusal('AccessDenied', new RegExp(`not authorized to perform: ${action}`));
    await assert.rejects(asNobody.send(new ListStacksCommand({})), refusal('InvalidClientTokenId', /./));
    assert.deepEqual((await asReader.send(new DescribeStacksCommand({}))).Stacks ?? [], []);
    await assert.rejects(asReader.send(new ListStacksCommand({})), denied('cloudformation:ListStacks'));
    const asBarred = clientOf(barred);
    const id = `arn:aws:cloudformation:${REGION}:000000000000:stack/pets/1`;
    for (const StackName of ['pets', id]) {
      await assert.rejects(
        asBarred.send(new DescribeStacksCommand({ StackName })),
        denied('cloudformation:DescribeStacks'),
      );
    }
    asBarred.destroy();
    await assert.rejects(asReader.send(planned()), denied('cloudformation:CreateChangeSet'));
    await assert.rejects(
      asPlanner.send(planned()),
      refusal('ValidationError', /not authorized to perform: apigateway:POST/),
    );
  } finally {
    for (const client of clients) client.destroy();
    await server.close();
  }
});
