// Stacks in stacks (spec/definitions.md §11.7).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteStack } from './delete-stack.ts';
import { changesIn, findingsIn, StackStand } from './stacks.test.support.ts';
import { describeStack, listStacks } from './tell-stacks.ts';

const DIRECTORY = '/project';
const nested = (TemplateURL: string, Parameters: object = {}, more: object = {}) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL, Parameters },
  ...more,
});
const child = (description: string, more: object = {}) => ({
  name: 'child.json',
  text: JSON.stringify({
    Parameters: { Name: { Type: 'String' }, Names: { Type: 'CommaDelimitedList', Default: 'x' } },
    Resources: {
      Api: {
        Type: 'AWS::ApiGatewayV2::Api',
        Properties: { Name: { Ref: 'Name' }, ProtocolType: 'HTTP', Description: description },
      },
      ...more,
    },
    Outputs: {
      Id: { Value: { Ref: 'Api' } },
      Url: { Value: { 'Fn::Sub': 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}' } },
      Joined: { Value: { 'Fn::Join': ['-', { Ref: 'Names' }] } },
    },
  }),
});
const PARENT = {
  Resources: {
    Inner: nested('nested/child.json', { Name: 'inner', Names: ['a', 'b'] }),
    R: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: { ApiId: { 'Fn::GetAtt': ['Inner', 'Outputs.Id'] }, RouteKey: 'GET /p' },
    },
  },
  Outputs: { Joined: { Value: { 'Fn::GetAtt': ['Inner', 'Outputs.Joined'] } } },
};
const given = (description: string, more: object = {}) => ({
  template: PARENT,
  directory: DIRECTORY,
  files: { '/project/nested/child.json': child(description, more) },
});

test('a nested stack is part of its parent, from its making to its end', async (t) => {
  const stand = await StackStand.open(t);
  assert.deepEqual(await stand.ask({ template: PARENT, directory: DIRECTORY }), {
    outcome: 'needs',
    files: ['/project/nested/child.json'],
  });
  const first = await stand.deploy(given('one'));
  assert.deepEqual(changesIn(first), ['create Inner.Api', 'create R']);
  assert.equal(first.outputs.Joined!.value, 'a-b');
  assert.equal((await stand.deploy(given('one'))).outcome, 'unchanged');
  assert.deepEqual(changesIn(await stand.deploy(given('two'))), ['update Inner.Api Description']);
  const stacks = await listStacks(stand.means);
  assert.deepEqual(stacks.map(({ parent }) => parent).sort(), ['pets', undefined]);
  const inner = stacks.find(({ parent }) => parent === 'pets')!.name;
  assert.match(inner, /^pets-Inner-[a-z0-9]{12}$/);
  await assert.rejects(deleteStack(inner, stand.means), /is part of pets/);
  assert.match(await stand.refused({ template: PARENT, stackName: inner }), /is part of pets/);
  assert.deepEqual(
    (await describeStack('pets', stand.means)).resources.map(({ logicalId }) => logicalId),
    ['Inner', 'R'],
  );
  const deleted = await deleteStack('pets', stand.means);
  assert.deepEqual(changesIn(deleted), ['delete R', 'delete Inner.Api', 'delete Inner']);
  assert.deepEqual(await listStacks(stand.means), []);
  assert.deepEqual((await stand.call('GetApis', {})).Items, []);
});

test('a nested stack that leaves the template goes with what it made', async (t) => {
  const stand = await StackStand.open(t);
  await stand.deploy(given('one'));
  const rest = {
    Resources: { V: { Type: 'AWS::ApiGatewayV2::VpcLink', Properties: { Name: 'v', SubnetIds: ['s'] } } },
  };
  const report = await stand.deploy({ template: rest });
  assert.deepEqual(changesIn(report), ['create V', 'delete R', 'delete Inner.Api', 'delete Inner']);
  assert.equal((await listStacks(stand.means)).length, 1);
});

test('what is refused in a nested stack refuses all, and names where', async (t) => {
  const stand = await StackStand.open(t);
  const bad = {
    Bad: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: { Ref: 'Api' }, RouteKey: 'nonsense' } },
  };
  const report = await stand.report(given('one', bad));
  assert.equal(report.outcome, 'refused');
  const { logicalId, at } = report.findings.find(({ severity }) => severity === 'error')!;
  assert.deepEqual([logicalId, at!.file], ['Inner.Bad', 'child.json']);
  assert.equal(await stand.store.latestChange(), 0);
});

test('a parameter that comes from outputs has local addresses (§1.6.2)', async (t) => {
  const stand = await StackStand.open(t);
  const template = {
    Resources: {
      First: nested('child.json', { Name: 'first' }),
      Second: nested('child.json', { Name: { 'Fn::GetAtt': ['First', 'Outputs.Url'] } }),
    },
  };
  await stand.deploy({ template, directory: DIRECTORY, files: { '/project/child.json': child('d') } });
  const { Items } = await stand.call('GetApis', {});
  assert.ok(Items!.some(({ Name }) => /^http:\/\/\w{10}\.execute-api\.localhost:4700$/.test(Name!)));
});

test('a template that is not here is a warning, and what needs its outputs an error', async (t) => {
  const stand = await StackStand.open(t);
  const alone = {
    Resources: {
      Inner: nested('s3://bucket/child.json'),
      ...{ V: { Type: 'AWS::ApiGatewayV2::VpcLink', Properties: { Name: 'v', SubnetIds: ['s'] } } },
    },
  };
  const report = await stand.deploy({ template: alone });
  assert.ok(findingsIn(report).some((line) => /^warning s3:\/\/bucket\/child\.json is not here/.test(line)));
  const needing = { Resources: { ...PARENT.Resources, Inner: nested('s3://bucket/child.json') } };
  assert.match(
    await stand.refused({ template: needing }),
    /^ApiId needs Inner\.Outputs\.Id, which is not known here/,
  );
});

test('stacks are nested five deep', async (t) => {
  const stand = await StackStand.open(t);
  const level = (n: number) => ({
    name: `${n}.json`,
    text: JSON.stringify({
      Resources:
        n === 0
          ? { V: { Type: 'AWS::ApiGatewayV2::VpcLink', Properties: { Name: 'v', SubnetIds: ['s'] } } }
          : { Inner: nested(`${n - 1}.json`) },
    }),
  });
  const files = Object.fromEntries([0, 1, 2, 3, 4, 5].map((n) => [`${DIRECTORY}/${n}.json`, level(n)]));
  await stand.deploy({ template: level(5).text, directory: DIRECTORY, files });
  assert.equal((await listStacks(stand.means)).length, 6);
  const message = await stand.refused({
    template: { Resources: { Inner: nested('5.json') } },
    directory: DIRECTORY,
    files,
  });
  assert.match(message, /Stacks may be nested 5 deep/);
});

test('an application of a repository has no template here, and no file is looked for', async (t) => {
  const stand = await StackStand.open(t);
  const { findings } = await stand.report({
    template: JSON.stringify({
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: {
        App: {
          Type: 'AWS::Serverless::Application',
          Properties: {
            Location: {
              ApplicationId: 'arn:aws:serverlessrepo:us-east-1:1:applications/a',
              SemanticVersion: '1.0.0',
            },
          },
        },
      },
    }),
    directory: DIRECTORY,
  });
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'warning').map(({ text }) => text),
    ['App has no template of its own here. Nothing of this stack is made, and its outputs are not known.'],
  );
});
