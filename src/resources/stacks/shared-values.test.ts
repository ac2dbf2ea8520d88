// What stacks have of each other and of the world: exports, SSM parameters, stand-ins, files, other stacks in them
// (spec/definitions.md §3.1, §3.5, §6.5, §11.7).
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { accessDenied, badRequest } from '../../wire/errors.ts';
import { deleteStack } from './delete-stack.ts';
import { changesIn, findingsIn, StackStand, settings } from './stacks.test.support.ts';
import { describeStack, listStacks } from './tell-stacks.ts';

const api = (name: string): object => ({
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: name, ProtocolType: 'HTTP' } },
});
const exporting = (value: unknown, name = 'shared') => ({
  Resources: api('a'),
  Outputs: { Out: { Value: value, Export: { Name: name } } },
});
const importing = (name = 'shared') => ({
  Resources: api('x'),
  Outputs: { In: { Value: { 'Fn::ImportValue': name } } },
});

describe('exports', () => {
  test('of one stack are imported by another, and are in use then (§3.5.2)', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({ template: exporting('one'), stackName: 'giver' });
    const { outputs } = await stand.deploy({ template: importing(), stackName: 'taker' });
    assert.equal(outputs.In!.value, 'one');
    const change = await stand.refused({ template: exporting('two'), stackName: 'giver' });
    assert.equal(change, 'Export shared cannot be updated as it is in use by taker');
    const removal = await stand.refused({ template: exporting('one', 'other'), stackName: 'giver' });
    assert.equal(removal, 'Export shared cannot be deleted as it is in use by taker');
    await assert.rejects(
      deleteStack('giver', stand.means),
      /Export shared cannot be deleted as it is in use by taker/,
    );
    assert.equal((await listStacks(stand.means)).length, 2, 'nothing is deleted');
    await deleteStack('taker', stand.means);
    await stand.deploy({ template: exporting('two'), stackName: 'giver' });
    await deleteStack('giver', stand.means);
    assert.equal(await stand.refused({ template: importing() }), 'No export named shared found.');
  });

  test('have one name in an account and region (§3.5.2)', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({ template: exporting('one'), stackName: 'giver' });
    const message = await stand.refused({ template: exporting('two'), stackName: 'second' });
    assert.equal(message, 'Export with name shared is already exported by stack giver');
    await stand.with({ region: 'eu-west-1' }).deploy({ template: exporting('two'), stackName: 'second' });
  });

  test('that no stack has are those of postern.yaml (§6.5)', async (t) => {
    const stand = await StackStand.open(t, { stacks: settings({ exports: new Map([['shared', 'said']]) }) });
    assert.equal((await stand.deploy({ template: importing() })).outputs.In!.value, 'said');
  });
});

describe('parameters', () => {
  const echoing = (more: object = {}) => ({
    Parameters: { P: { Type: 'String', ...more } },
    Resources: api('x'),
    Outputs: { Out: { Value: { Ref: 'P' } } },
  });

  test('are what an earlier deploy was given, when nothing else is (§3.1.2)', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({ template: echoing(), parameters: { P: 'given' } });
    assert.equal((await stand.deploy({ template: echoing() })).outputs.Out!.value, 'given');
    const { outputs } = await stand.deploy({ template: echoing(), parameters: { P: 'new' } });
    assert.equal(outputs.Out!.value, 'new');
    const said = stand.with({ stacks: settings({ parameters: new Map([['P', 'said']]) }) });
    assert.equal((await said.deploy({ template: echoing() })).outputs.Out!.value, 'said');
  });

  test('with a changed default change (Choice D16)', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({ template: echoing({ Default: 'a' }) });
    assert.equal((await stand.deploy({ template: echoing({ Default: 'b' }) })).outputs.Out!.value, 'b');
  });

  test('with NoEcho are printed nowhere, and are known to the next deploy (§3.1.6)', async (t) => {
    const stand = await StackStand.open(t);
    const template = {
      Parameters: { P: { Type: 'String', NoEcho: true } },
      Resources: {
        Api: {
          Type: 'AWS::ApiGatewayV2::Api',
          Properties: { Name: 'x', ProtocolType: 'HTTP', Description: { 'Fn::Sub': 'is ${P}' } },
        },
      },
      Outputs: { Out: { Value: { 'Fn::Sub': 'out ${P}' } } },
    };
    const first = await stand.deploy({ template, parameters: { P: 'hush-one' } });
    assert.equal(first.outputs.Out!.value, '****');
    const ApiId = await stand.idOf('Api');
    assert.equal((await stand.call('GetApi', { ApiId })).Description, 'is hush-one');
    const again = await stand.deploy({ template });
    assert.equal(again.outcome, 'unchanged');
    const second = await stand.deploy({ template, parameters: { P: 'hush-two' } });
    assert.deepEqual(changesIn(second), ['update Api Description']);
    const told = JSON.stringify([first, again, second, await describeStack('pets', stand.means)]);
    assert.doesNotMatch(told, /hush/);
  });

  test('with NoEcho are printed no more when the template does without them (§3.1.6)', async (t) => {
    const stand = await StackStand.open(t);
    const template = (Description: unknown) => ({
      Parameters: { P: { Type: 'String', NoEcho: true, Default: 'hush-by-default' } },
      Resources: {
        Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'x', ProtocolType: 'HTTP', Description } },
      },
    });
    await stand.deploy({ template: template({ Ref: 'P' }) });
    const plain = JSON.parse(JSON.stringify(template('d')).replace('hush-by-default', 'another'));
    const report = await stand.deploy({ template: plain });
    assert.deepEqual(
      report.changes.map(({ members }) => members),
      [[{ name: 'Description' }]],
    );
  });

  const said: readonly (readonly [what: string, resources: object])[] = [
    [
      'an include',
      { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: { 'Fn::Sub': 's3://b/${P}' } } } },
    ],
    ['a loop', { 'Fn::ForEach::L': ['X', ['a'], { 'Api-${X}': { 'Fn::Sub': '${P}' } }] }],
    [
      'the name of a copy',
      { 'Fn::ForEach::L': ['X', { Ref: 'P' }, { 'Api${X}': Object.values(api('x'))[0] }] },
    ],
  ];
  for (const [what, Resources] of said) {
    test(`with NoEcho are hidden in what is said of ${what} (§3.1.6)`, async (t) => {
      const stand = await StackStand.open(t);
      const template = { Parameters: { P: { Type: 'CommaDelimitedList', NoEcho: true } }, Resources };
      const report = await stand.report({ template, parameters: { P: 'hush-one,hush-two' } });
      assert.equal(report.outcome, 'refused');
      assert.doesNotMatch(JSON.stringify(report), /hush/);
    });
  }

  test('of SSM are those of a deployed stack (§3.1.7)', async (t) => {
    const stand = await StackStand.open(t);
    const giver = {
      Resources: {
        S: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a', Type: 'String', Value: 'v' } },
      },
    };
    await stand.deploy({ template: giver, stackName: 'giver' });
    const template = {
      Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a' } },
      Resources: api('x'),
      Outputs: { Out: { Value: { 'Fn::Sub': '${P} {{resolve:ssm:/a}}' } } },
    };
    assert.equal((await stand.deploy({ template })).outputs.Out!.value, 'v v');
    await deleteStack('giver', stand.means);
    assert.match(await stand.refused({ template }), /there is no SSM parameter \/a here/);
  });
});

describe('secrets', () => {
  test('of postern.yaml are used, and printed nowhere (§4.3.3)', async (t) => {
    const secrets = new Map([['shop/db', '{"password":"hush"}']]);
    const stand = await StackStand.open(t, { stacks: settings({ secrets }) });
    const template = {
      Resources: {
        Api: {
          Type: 'AWS::ApiGatewayV2::Api',
          Properties: {
            Name: 'x',
            ProtocolType: 'HTTP',
            Description: '{{resolve:secretsmanager:shop/db:SecretString:password}}',
          },
        },
      },
      Outputs: { Out: { Value: { 'Fn::GetAtt': ['Api', 'ApiId'] } } },
    };
    const report = await stand.deploy({ template });
    const ApiId = await stand.idOf('Api');
    assert.equal((await stand.call('GetApi', { ApiId })).Description, 'hush');
    assert.doesNotMatch(JSON.stringify([report, await describeStack('pets', stand.means)]), /hush/);
    const message = await stand.with({ stacks: new Map() }).refused({ template });
    assert.match(
      message,
      /^Description needs \{\{resolve:secretsmanager:shop\/db.*stacks\.pets\.secrets of postern\.yaml\.$/,
    );
  });
});

describe('what is elsewhere', () => {
  test('a resource that postern.yaml names is looked up, and left as it is (§6.5.2)', async (t) => {
    const stand = await StackStand.open(t);
    const { ApiId, ApiEndpoint } = await stand.call('CreateApi', { Name: 'mine', ProtocolType: 'HTTP' });
    const named = stand.with({
      stacks: settings({ resources: new Map([['Api', { ref: ApiId!, attributes: new Map() }]]) }),
    });
    const template = {
      Resources: {
        ...api('other'),
        R: {
          Type: 'AWS::ApiGatewayV2::Route',
          Properties: { ApiId: { Ref: 'Api' }, RouteKey: 'GET /p' },
        },
      },
      Outputs: { Out: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } } },
    };
    const report = await named.deploy({ template });
    assert.deepEqual(changesIn(report), ['create R']);
    assert.ok(findingsIn(report).some((line) => /^note Api is \w+, as postern.yaml says/.test(line)));
    assert.equal(report.outputs.Out!.value, ApiEndpoint);
    assert.equal((await stand.call('GetApi', { ApiId: ApiId! })).Name, 'mine');
    assert.deepEqual(changesIn(await deleteStack('pets', named.means)), ['delete R']);
    assert.equal((await stand.call('GetApi', { ApiId: ApiId! })).Name, 'mine');
    const nowhere = stand.with({
      stacks: settings({ resources: new Map([['Api', { ref: 'nope', attributes: new Map() }]]) }),
    });
    assert.match(
      await nowhere.refused({ template }),
      /^stacks\.pets\.resources\.Api\.ref of postern\.yaml is nope: Invalid API identifier/,
    );
  });

  test('files are asked for, all that are known to be missing at once (§1.1.3)', async (t) => {
    const stand = await StackStand.open(t);
    const include = (Location: string) => ({
      'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location } },
    });
    const template = {
      Resources: {
        A: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Body: include('a.yaml') } },
        B: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Body: include('sub/b.yaml') } },
      },
    };
    const given = { template, directory: '/work dir' };
    const needs = await stand.ask(given);
    assert.deepEqual(needs, { outcome: 'needs', files: ['/work dir/a.yaml', '/work dir/sub/b.yaml'] });
    const text = (title: string) => ({
      name: `${title}.yaml`,
      text: `{openapi: 3.0.1, info: {title: ${title}, version: '1'}, paths: {}}`,
    });
    const files = { '/work dir/a.yaml': text('a'), '/work dir/sub/b.yaml': text('b') };
    await stand.deploy({ ...given, files });
    const { Items } = await stand.call('GetApis', {});
    assert.deepEqual(Items!.map(({ Name }) => Name).sort(), ['a', 'b']);
    const missing = { ...files, '/work dir/a.yaml': 'a.yaml does not exist' };
    assert.match(
      await stand.refused({ ...given, files: missing }),
      /refers to a file or folder that does not exist a\.yaml$/,
    );
  });

  test('objects in S3 are where postern.yaml says (§6.5.3)', async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'postern-s3-'));
    t.after(() => rm(directory, { recursive: true }));
    await writeFile(
      join(directory, 'api.json'),
      '{"openapi":"3.0.1","info":{"title":"stored","version":"1"},"paths":{}}',
    );
    const template = {
      Resources: {
        Api: {
          Type: 'AWS::ApiGatewayV2::Api',
          Properties: { BodyS3Location: { Bucket: 'artifacts', Key: 'shop/api.json', Version: '1' } },
        },
      },
    };
    const stand = await StackStand.open(t, {
      stacks: settings({ s3: new Map([['s3://artifacts/shop/', directory]]) }),
    });
    const { findings } = await stand.deploy({ template });
    assert.equal((await stand.call('GetApi', { ApiId: await stand.idOf('Api') })).Name, 'stored');
    assert.deepEqual(
      findings.map(({ severity, text, path }) => [severity, text, path]),
      [
        [
          'note',
          'BodyS3Location.Version is not looked at: an object is what it is where postern.yaml says',
          'Resources.Api.Properties.BodyS3Location',
        ],
      ],
    );
    const message = await stand.with({ stacks: new Map() }).refused({ template });
    assert.equal(
      message,
      'BodyS3Location: s3://artifacts/shop/api.json is not here. Say where it is under stacks.pets.s3 of postern.yaml.',
    );
  });

  test('an issuer is asked outside of the transaction, once, and its refusal is told (§11.2.3)', async (t) => {
    const asked: string[] = [];
    const authorizer = (Name: string, Issuer: string) => ({
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: {
        ApiId: { Ref: 'Api' },
        AuthorizerType: 'JWT',
        Name,
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Audience: ['a'], Issuer },
      },
    });
    const stand = await StackStand.open(t);
    const asking = stand.with({
      outside: {
        async checkIssuer(issuer) {
          asked.push(issuer);
          await stand.store.transact(async () => {});
          if (issuer.includes('bad')) throw badRequest(`Caught exception when connecting to ${issuer}`);
        },
      },
    });
    const template = (issuer: string) => ({
      Resources: { ...api('x'), A: authorizer('a', 'https://i.example'), B: authorizer('b', issuer) },
    });
    assert.match(
      await asking.refused({ template: template('https://bad.example') }),
      /^B .*Caught exception when connecting/,
    );
    assert.deepEqual(asked.splice(0).sort(), ['https://bad.example', 'https://i.example']);
    await asking.deploy({ template: template('https://j.example') });
    assert.deepEqual(asked.sort(), ['https://i.example', 'https://j.example']);
  });
});

describe('who may', () => {
  const template = {
    Resources: {
      ...api('x'),
      R: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: { Ref: 'Api' }, RouteKey: 'GET /p' } },
    },
  };

  test('each call of the plan is asked for (Choice D4)', async (t) => {
    const stand = await StackStand.open(t);
    const calls: string[] = [];
    const asking = stand.with({
      allow: (operation, input) => void calls.push(`${operation} ${Object.values(input).join(' ')}`.trim()),
    });
    await asking.deploy({ template });
    const [apiId, routeId] = [await stand.idOf('Api'), await stand.idOf('R')];
    assert.deepEqual(calls.splice(0), ['CreateStack pets', 'CreateApi', `CreateRoute ${apiId}`]);
    await asking.deploy({ template });
    assert.deepEqual(calls.splice(0), ['UpdateStack pets']);
    const changed = JSON.parse(JSON.stringify(template).replace('GET /p', 'GET /q'));
    await asking.deploy({ template: changed });
    assert.deepEqual(calls.splice(0), ['UpdateStack pets', `UpdateRoute ${apiId} ${routeId}`]);
    await deleteStack('pets', asking.means);
    assert.deepEqual(calls, ['DeleteStack pets', `DeleteRoute ${apiId} ${routeId}`, `DeleteApi ${apiId}`]);
  });

  test('who may not make one of them deploys nothing', async (t) => {
    const stand = await StackStand.open(t);
    const forbidding = stand.with({
      allow(operation) {
        if (operation === 'CreateRoute') throw accessDenied('no routes');
      },
    });
    assert.match(
      await forbidding.refused({ template }),
      /^R \(AWS::ApiGatewayV2::Route\): no routes .*Status Code: 403/,
    );
    assert.equal(await stand.store.latestChange(), 0);
  });
});

test('who may not deploy is told nothing of what a template comes to', async (t) => {
  const stand = await StackStand.open(t, { stacks: settings({ exports: new Map([['secret', 'v']]) }) });
  const nobody = stand.with({
    allow(operation) {
      throw accessDenied(`not ${operation}`);
    },
  });
  const Name = { 'Fn::Select': [{ 'Fn::ImportValue': 'secret' }, ['a']] };
  const template = { Resources: { Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name } } } };
  await assert.rejects(nobody.ask({ template }), /not CreateStack/);
  await stand.deploy({ template: { Resources: api('x') } });
  await assert.rejects(nobody.ask({ template }), /not UpdateStack/);
  await assert.rejects(nobody.ask({ template: 'no template' }), /not UpdateStack/);
});

test('with strict, a warning refuses (§1.5.2)', async (t) => {
  const stand = await StackStand.open(t);
  const template = (key: string) => ({
    Resources: {
      ...api('x'),
      I: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: { Ref: 'Api' },
          IntegrationType: 'HTTP_PROXY',
          IntegrationMethod: 'GET',
          IntegrationUri: 'https://a.example',
          PayloadFormatVersion: '1.0',
        },
      },
      R: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: { ApiId: { Ref: 'Api' }, RouteKey: key, Target: { 'Fn::Sub': 'integrations/${I}' } },
      },
      D: { Type: 'AWS::ApiGatewayV2::Deployment', DependsOn: 'R', Properties: { ApiId: { Ref: 'Api' } } },
      S: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: { Ref: 'Api' }, StageName: 's', DeploymentId: { Ref: 'D' } },
      },
    },
  });
  await stand.deploy({ template: template('GET /a'), strict: true });
  assert.match(
    await stand.refused({ template: template('GET /b'), strict: true }),
    /^Deployment D is unchanged while R changed/,
  );
  // postern dev makes another deployment (§12.3).
  const report = await stand.deploy({ template: template('GET /b'), redeploy: true });
  assert.deepEqual(changesIn(report), ['update R RouteKey', 'replace D', 'update S DeploymentId']);
});
