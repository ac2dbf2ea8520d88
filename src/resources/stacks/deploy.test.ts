// Stacks from their templates (spec/definitions.md §11).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deleteStack } from './delete-stack.ts';
import { changesIn, findingsIn, type Given, StackStand } from './stacks.test.support.ts';
import { describeStack, listStacks } from './tell-stacks.ts';

const API = "Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: pets, ProtocolType: HTTP}}";
const INT =
  "Int: {Type: 'AWS::ApiGatewayV2::Integration', Properties: {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: 'https://a.example', PayloadFormatVersion: 1.0}}";
const route = (id: string, key: string, more = ''): string =>
  `${id}: {Type: 'AWS::ApiGatewayV2::Route', ${more} Properties: {ApiId: !Ref Api, RouteKey: '${key}', Target: !Sub 'integrations/\${Int}'}}`;
const stage = (id: string, name: string, more = 'AutoDeploy: true'): string =>
  `${id}: {Type: 'AWS::ApiGatewayV2::Stage', Properties: {ApiId: !Ref Api, StageName: ${name}, ${more}}}`;
const DOMAIN =
  "Dn: {Type: 'AWS::ApiGatewayV2::DomainName', Properties: {DomainName: api.example.com, DomainNameConfigurations: [{CertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/c'}]}}";
const mapping = (id: string, key: string, of: string): string =>
  `${id}: {Type: 'AWS::ApiGatewayV2::ApiMapping', Properties: {DomainName: !Ref Dn, ApiId: !Ref Api, Stage: ${of}, ApiMappingKey: ${key}}}`;

const template = (resources: readonly string[], sections = ''): string =>
  `Resources:\n${resources.map((each) => `  ${each}\n`).join('')}${sections}`;
const PETS = template([API, stage('S', 'prod'), INT, route('R', 'GET /p')]);

describe('a stack', () => {
  test('is made, and deployed again changes nothing (§11.4.3)', async (t) => {
    const stand = await StackStand.open(t);
    const url =
      "Outputs: {Url: {Value: !Sub 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/prod'}}";
    const given = { template: PETS + url };
    const report = await stand.deploy(given);
    const apiId = await stand.idOf('Api');
    const { Items } = await stand.call('GetRoutes', { ApiId: apiId });
    assert.deepEqual(
      Items!.map(({ RouteKey }) => RouteKey),
      ['GET /p'],
    );
    assert.equal(report.outputs.Url!.here, `http://${apiId}.execute-api.localhost:4700/prod`);
    assert.equal(report.endpoints[0]!.url, `http://${apiId}.execute-api.localhost:4700/prod`);
    const before = await stand.store.latestChange();
    assert.equal((await stand.deploy(given)).outcome, 'unchanged');
    assert.equal(await stand.store.latestChange(), before, 'nothing is written');
  });

  test('has one deployment, however many resources it has (§11.2.1)', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({ template: PETS });
    const ApiId = await stand.idOf('Api');
    const { Items } = await stand.call('GetDeployments', { ApiId });
    assert.equal(Items!.length, 1);
  });

  test('has the same API id in every store (Choice D28), and another when it is taken', async (t) => {
    const [first, second, third] = [
      await StackStand.open(t),
      await StackStand.open(t),
      await StackStand.open(t),
    ];
    await first.deploy({ template: PETS });
    await second.deploy({ template: PETS });
    const id = await first.idOf('Api');
    assert.match(id, /^[a-z0-9]{10}$/);
    assert.equal(await second.idOf('Api'), id);
    const elsewhere = third.with({ account: '111111111111' });
    await third.store.transact((tx) => tx.put(['-', '-', 'apis', id], { Account: '1', Region: 'r' }));
    await third.deploy({ template: PETS });
    assert.notEqual(await third.idOf('Api'), id);
    await elsewhere.deploy({ template: PETS });
    assert.notEqual(await elsewhere.idOf('Api'), await third.idOf('Api'));
  });

  test('is listed, described and deleted (§11.6)', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({ template: PETS, source: 'here' });
    const [summary] = await listStacks(stand.means);
    assert.deepEqual([summary!.state, summary!.source], ['CREATE_COMPLETE', 'here']);
    const { resources, report } = await describeStack('pets', stand.means);
    assert.deepEqual(
      resources.map(({ logicalId }) => logicalId),
      ['Api', 'Int', 'R', 'S'],
    );
    assert.equal(report!.outcome, 'deployed');
    const deleted = await deleteStack('pets', stand.means);
    assert.deepEqual(changesIn(deleted), ['delete S', 'delete R', 'delete Int', 'delete Api']);
    assert.deepEqual(await listStacks(stand.means), []);
    await assert.rejects(
      deleteStack('pets', stand.means),
      /^ServiceError: Stack with id pets does not exist$/,
    );
    await assert.rejects(describeStack('pets', stand.means), /Stack with id pets does not exist/);
    assert.deepEqual((await stand.call('GetApis', {})).Items, []);
  });

  test('has a name of 128 letters, digits and hyphens at most (§1.1.2)', async (t) => {
    const stand = await StackStand.open(t);
    for (const stackName of ['1a', 'a_b', '', 'a'.repeat(129)]) {
      await assert.rejects(stand.ask({ template: PETS, stackName }), /1 validation error detected/);
    }
  });

  test('is protected from whoever does not force it (§9.8)', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({ template: PETS, terminationProtection: true });
    await assert.rejects(deleteStack('pets', stand.means), /TerminationProtection is enabled/);
    await deleteStack('pets', stand.means, { force: true });
    assert.deepEqual(await listStacks(stand.means), []);
  });

  test('is deployed by many at once, one after the other (§11.2.3)', async (t) => {
    const stand = await StackStand.open(t);
    const templates = Array.from({ length: 8 }, (_, i) => template([API, INT, route(`R${i}`, `GET /${i}`)]));
    await Promise.all(templates.map((each) => stand.deploy({ template: each })));
    const { Items } = await stand.call('GetRoutes', { ApiId: await stand.idOf('Api') });
    assert.equal(Items!.length, 1, 'each has taken what the one before it made');
    assert.equal((await describeStack('pets', stand.means)).resources.length, 3);
  });
});

describe('a dry run', () => {
  test('tells what would be done, and stores nothing (§11.4.2)', async (t) => {
    const stand = await StackStand.open(t);
    const report = await stand.deploy({ template: PETS, dryRun: true });
    assert.equal(report.outcome, 'planned');
    assert.deepEqual(changesIn(report), ['create Api', 'create Int', 'create R', 'create S']);
    assert.ok(report.changes.every(({ physicalId }) => physicalId === undefined));
    assert.equal(await stand.store.latestChange(), 0);
  });

  test('tells what is known later as such (§4.5.1)', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({ template: PETS });
    const second = template([
      API,
      stage('S', 'prod'),
      INT.replace('Int:', 'Other:'),
      route('R', 'GET /p').replace('${Int}', '${Other}'),
    ]);
    const { changes } = await stand.deploy({ template: second, dryRun: true });
    const [member] = changes.find(({ logicalId }) => logicalId === 'R')!.members;
    assert.equal(member!.name, 'Target');
    assert.equal(member!.after, '(known after deploy)');
  });

  test('refuses what a deploy would refuse', async (t) => {
    const stand = await StackStand.open(t);
    const message = await stand.refused({
      template: template([API, route('R', 'nonsense'), INT]),
      dryRun: true,
    });
    assert.match(
      message,
      /^R \(AWS::ApiGatewayV2::Route\): .* \(Service: AmazonApiGatewayV2; Status Code: 400; Error Code: BadRequestException\)$/,
    );
  });
});

interface ChangeRow {
  readonly name: string;
  readonly first: readonly string[];
  readonly second: readonly string[];
  readonly changes: readonly string[];
  readonly findings?: readonly RegExp[];
}

const MODEL = (id: string, name: string): string =>
  `${id}: {Type: 'AWS::ApiGatewayV2::Model', Properties: {ApiId: !Ref Api, Name: ${name}, ContentType: application/json, Schema: {type: object}}}`;
const SOCKETS =
  "Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: c, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}}";
const AUTHORIZER = (id: string, name: string): string =>
  `${id}: {Type: 'AWS::ApiGatewayV2::Authorizer', Properties: {ApiId: !Ref Api, AuthorizerType: JWT, Name: ${name}, IdentitySource: [$request.header.Authorization], JwtConfiguration: {Audience: [a], Issuer: 'https://i.example'}}}`;
const secured = (id: string, authorizer: string): string =>
  `${id}: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref Api, RouteKey: 'GET /s', AuthorizationType: JWT, AuthorizerId: !Ref ${authorizer}}}`;
const FAILS = /^note on AWS this deploy would fail: /;

/** §11.3.3, §11.3.4. */
const changeRows: readonly ChangeRow[] = [
  {
    name: 'what leaves goes last',
    first: [API, INT, route('R', 'GET /p'), route('Q', 'GET /q')],
    second: [API, INT, route('P', 'GET /z'), route('Q', 'GET /q')],
    changes: ['create P', 'delete R'],
  },
  {
    name: 'a route key goes to another route',
    first: [API, INT, route('R', 'GET /p')],
    second: [API, INT, route('Q', 'GET /p')],
    changes: ['delete R', 'create Q'],
    findings: [FAILS],
  },
  {
    name: 'a route key of the same shape goes to another route',
    first: [API, INT, route('R', 'GET /p/{id}')],
    second: [API, INT, route('Q', 'GET /p/{name}')],
    changes: ['delete R', 'create Q'],
    findings: [FAILS],
  },
  {
    name: 'three routes hand on their keys',
    first: [API, INT, route('A', 'GET /a'), route('B', 'GET /b'), route('C', 'GET /c')],
    second: [API, INT, route('A', 'GET /b'), route('B', 'GET /c'), route('C', 'GET /a')],
    changes: ['update A RouteKey', 'update B RouteKey', 'update C RouteKey'],
    findings: [FAILS],
  },
  {
    name: 'a route takes the key of one that takes another',
    first: [API, INT, route('A', 'GET /a')],
    second: [API, INT, route('N', 'GET /a'), route('A', 'GET /b')],
    changes: ['create N', 'update A RouteKey'],
    findings: [FAILS],
  },
  {
    name: 'two stages swap their names',
    first: [API, stage('A', 'a'), stage('B', 'b')],
    second: [API, stage('A', 'b'), stage('B', 'a')],
    changes: ['replace A StageName', 'replace B StageName'],
    findings: [FAILS],
  },
  {
    name: 'a stage of another logical id takes a name that a mapping leads to',
    first: [API, DOMAIN, stage('A', 'a'), mapping('M', 'k', 'a')],
    second: [API, DOMAIN, stage('B', 'a'), mapping('M', 'k', 'a')],
    changes: ['delete A', 'create B'],
    findings: [FAILS],
  },
  {
    name: 'two mappings swap their keys',
    first: [API, DOMAIN, stage('A', 'a'), mapping('M', 'k', 'a'), mapping('N', 'l', 'a')],
    second: [API, DOMAIN, stage('A', 'a'), mapping('M', 'l', 'a'), mapping('N', 'k', 'a')],
    changes: ['update M ApiMappingKey', 'update N ApiMappingKey'],
    findings: [FAILS],
  },
  {
    name: 'a model of another logical id has the same name, which a route has',
    first: [SOCKETS, MODEL('M', 'order')],
    second: [SOCKETS, MODEL('N', 'order')],
    changes: ['delete M', 'create N'],
    findings: [FAILS],
  },
  {
    name: 'an authorizer of another logical id has the same name, and its route goes with it',
    first: [API, AUTHORIZER('A', 'j'), secured('R', 'A')],
    second: [API, AUTHORIZER('B', 'j'), secured('R', 'B')],
    changes: ['create B', 'update R AuthorizerId', 'delete A'],
    findings: [FAILS],
  },
  {
    name: 'the type of a logical id',
    first: [API, INT, route('X', 'GET /p')],
    second: [API, INT, stage('X', 'prod')],
    changes: ['create X', 'delete X'],
  },
  {
    name: 'an API is replaced with everything in it',
    first: [API, stage('S', 'prod')],
    second: [SOCKETS, stage('S', 'prod')],
    changes: ['replace Api ProtocolType', 'replace S ApiId'],
  },
  {
    name: 'a deployment has what is left, and not what leaves (Choice D26)',
    first: [
      API,
      INT,
      route('R', 'GET /p'),
      "D: {Type: 'AWS::ApiGatewayV2::Deployment', Properties: {ApiId: !Ref Api}}",
    ],
    second: [
      API,
      INT,
      "E: {Type: 'AWS::ApiGatewayV2::Deployment', DependsOn: Int, Properties: {ApiId: !Ref Api}}",
      route('Q', 'GET /q'),
    ],
    changes: ['create Q', 'delete R', 'create E', 'delete D'],
  },
];

describe('a second deploy', () => {
  for (const { name, first, second, changes, findings = [] } of changeRows) {
    test(name, async (t) => {
      const stand = await StackStand.open(t);
      await stand.deploy({ template: template(first) });
      const report = await stand.deploy({ template: template(second) });
      assert.deepEqual(changesIn(report), changes);
      const lines = findingsIn(report);
      for (const finding of findings)
        assert.ok(
          lines.some((line) => finding.test(line)),
          lines.join('\n'),
        );
      if (findings.length === 0) assert.ok(!lines.some((line) => FAILS.test(line)), lines.join('\n'));
      const again = await stand.deploy({ template: template(second) });
      assert.deepEqual([again.outcome, changesIn(again)], ['unchanged', []]);
      const afresh = await StackStand.open(t);
      await afresh.deploy({ template: template(second) });
      assert.deepEqual(await everything(stand), await everything(afresh), 'it is as if it were the first');
    });
  }

  test('a key that another resource keeps is refused where it is wanted', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({ template: template([API, INT, route('R', 'GET /p')]) });
    const both = template([API, INT, route('Q', 'GET /p'), route('R', 'GET /p')]);
    assert.match(
      await stand.refused({ template: both }),
      /^Q .*Route with key GET \/p already exists for this API/,
    );
  });

  test('a key of a route that is retained is refused', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({ template: template([API, INT, route('R', 'GET /p', 'DeletionPolicy: Retain,')]) });
    const message = await stand.refused({ template: template([API, INT, route('Q', 'GET /p')]) });
    assert.match(message, /already exists/);
  });
});

/** What an API has, by what people call it. */
async function everything(stand: StackStand): Promise<unknown> {
  const { Items: apis } = await stand.call('GetApis', {});
  assert.equal(apis!.length, 1);
  const ApiId = apis![0]!.ApiId!;
  const routes = (await stand.call('GetRoutes', { ApiId })).Items!.map(({ RouteKey }) => RouteKey).sort();
  const stages = (await stand.call('GetStages', { ApiId })).Items!.map(({ StageName }) => StageName).sort();
  const models = (await stand.call('GetModels', { ApiId })).Items!.map(({ Name }) => Name).sort();
  const authorizers = (await stand.call('GetAuthorizers', { ApiId })).Items!.map(({ Name }) => Name).sort();
  return { routes, stages, models, authorizers };
}

describe('what stays', () => {
  const kept: Given = { template: template([API, INT, route('R', 'GET /p', 'DeletionPolicy: Retain,')]) };

  test('a resource that is retained stays, when it leaves the template and when the stack goes (§11.5.1)', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({
      template: template([`${API.slice(0, -1)}, DeletionPolicy: RetainExceptOnCreate}`]),
    });
    const id = await stand.idOf('Api');
    const deleted = await deleteStack('pets', stand.means);
    assert.deepEqual(changesIn(deleted), ['retain Api']);
    assert.equal((await stand.call('GetApi', { ApiId: id })).Name, 'pets');
  });

  test('what is replaced stays with UpdateReplacePolicy (§11.5.1)', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({ template: template([API]) });
    const retained = template([`${SOCKETS.slice(0, -1)}, UpdateReplacePolicy: Retain}`]);
    assert.deepEqual(changesIn(await stand.deploy({ template: retained })), [
      'replace Api ProtocolType',
      'retain Api',
    ]);
    assert.equal((await stand.call('GetApis', {})).Items!.length, 2);
  });

  test('a stage whose API is deleted outside is made again with it (§11.4.5)', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy(kept);
    const ApiId = await stand.idOf('Api');
    await stand.call('DeleteApi', { ApiId });
    const report = await stand.deploy(kept);
    assert.deepEqual(changesIn(report), ['create Api', 'create Int', 'create R']);
    assert.ok(report.changes.every(({ changedOutside }) => changedOutside === true));
    assert.equal(await stand.idOf('Api'), ApiId, 'under its id');
  });
});

describe('what stages serve', () => {
  const V2 = 'AWS::ApiGatewayV2::';
  const typed = (type: string, Properties: object) => ({ Type: V2 + type, Properties });
  const frozenIn = async (stand: StackStand, logicalId: string) => {
    const ApiId = await stand.idOf(logicalId);
    return (await stand.call('GetStages', { ApiId })).Items!.map(({ DeploymentId }) => DeploymentId);
  };

  test('an API of quick create is deployed, though an override has its stage follow no more (§5.3)', async (t) => {
    const stand = await StackStand.open(t);
    const template = {
      Resources: {
        Api: typed('Api', { Name: 'q', ProtocolType: 'HTTP', Target: 'https://q.example' }),
        Over: typed('ApiGatewayManagedOverrides', { ApiId: { Ref: 'Api' }, Stage: { AutoDeploy: false } }),
      },
    };
    await stand.deploy({ template });
    const [deployed] = await frozenIn(stand, 'Api');
    assert.ok(deployed, 'the stage has a deployment');
    assert.equal((await stand.deploy({ template })).outcome, 'unchanged');
    assert.deepEqual(await frozenIn(stand, 'Api'), [deployed]);
  });

  test('a stage that cannot follow its API, which has no route any more, is told (§1.5.2)', async (t) => {
    const stand = await StackStand.open(t);
    const Api = typed('Api', { Name: 'n', ProtocolType: 'HTTP' });
    const S = typed('Stage', { ApiId: { Ref: 'Api' }, StageName: 's', AutoDeploy: true });
    const I = typed('Integration', {
      ...{ ApiId: { Ref: 'Api' }, IntegrationType: 'HTTP_PROXY', IntegrationMethod: 'GET' },
      ...{ IntegrationUri: 'https://i.example', PayloadFormatVersion: '1.0' },
    });
    const Target = { 'Fn::Sub': 'integrations/${I}' };
    const R = typed('Route', { ApiId: { Ref: 'Api' }, RouteKey: 'GET /p', Target });
    const begun = await stand.deploy({ template: { Resources: { Api, S } } });
    assert.deepEqual(findingsIn(begun), []);
    await stand.deploy({ template: { Resources: { Api, S, I, R } } });
    const before = await frozenIn(stand, 'Api');
    const report = await stand.deploy({ template: { Resources: { Api, S } } });
    assert.match(
      findingsIn(report).join(),
      /^warning Stage s of \w+ keeps serving what it had, as on AWS: Unable to deploy/,
    );
    assert.deepEqual(await frozenIn(stand, 'Api'), before);
  });
});

describe('an API with a body', () => {
  const V2 = 'AWS::ApiGatewayV2::';
  const typed = (type: string, Properties: object) => ({ Type: V2 + type, Properties });
  const Body = {
    ...{ openapi: '3.0.1', info: { title: 't', version: '1' } },
    paths: {
      '/a': {
        get: {
          responses: {},
          'x-amazon-apigateway-integration': {
            type: 'http_proxy',
            httpMethod: 'GET',
            payloadFormatVersion: '1.0',
            uri: 'https://a.example',
          },
        },
      },
    },
  };
  const Resources = {
    Link: typed('VpcLink', { Name: 'l', SubnetIds: ['subnet-1'] }),
    Api: typed('Api', { Body }),
    I: typed('Integration', {
      ...{
        ApiId: { Ref: 'Api' },
        IntegrationType: 'HTTP_PROXY',
        IntegrationMethod: 'GET',
        PayloadFormatVersion: '1.0',
      },
      ...{ IntegrationUri: 'arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/a/1/2' },
      ...{ ConnectionType: 'VPC_LINK', ConnectionId: { Ref: 'Link' } },
    }),
  };

  test('loses it in place, and gets it in place (§5.2.5)', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({ template: { Resources: { Api: Resources.Api } } });
    const id = await stand.idOf('Api');
    await stand.deploy({
      template: { Resources: { Api: typed('Api', { Name: 't', ProtocolType: 'HTTP' }) } },
    });
    assert.equal(await stand.idOf('Api'), id);
    assert.deepEqual((await stand.call('GetRoutes', { ApiId: id })).Items, []);
    await stand.deploy({ template: { Resources: { Api: Resources.Api } } });
    assert.equal(await stand.idOf('Api'), id);
    assert.equal((await stand.call('GetRoutes', { ApiId: id })).Items!.length, 1);
  });

  test('is replaced before what its parts needed is deleted (§11.3.3)', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({ template: { Resources } });
    const Api = typed('Api', {
      ...{ Name: 'w', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
    });
    const report = await stand.deploy({ template: { Resources: { Api } } });
    assert.deepEqual(changesIn(report), ['replace Api ProtocolType', 'delete I', 'delete Link']);
    assert.deepEqual((await stand.call('GetVpcLinks', {})).Items, []);
    assert.equal((await stand.call('GetApis', {})).Items!.length, 1);
  });

  test('and parts that are replaced with it go before what they need no more', async (t) => {
    const stand = await StackStand.open(t);
    await stand.deploy({
      template: { Resources: { ...Resources, Api: typed('Api', { Name: 'n', ProtocolType: 'HTTP' }) } },
    });
    const Api = typed('Api', {
      ...{ Name: 'w', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
    });
    const I = typed('Integration', { ApiId: { Ref: 'Api' }, IntegrationType: 'MOCK' });
    await stand.deploy({ template: { Resources: { Api, I } } });
    assert.deepEqual((await stand.call('GetVpcLinks', {})).Items, []);
  });
});
