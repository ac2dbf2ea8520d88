// GET /_postern/overview: what the console shows of all APIs (docs/reference/console-api.md).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CreateApiCommand,
  CreateApiMappingCommand,
  CreateDomainNameCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Overview } from '../../../src/management/postern/overview-route.ts';
import { ACCOUNT, REGION, type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { sign } from '../../support/signing.ts';

const CERTIFICATE = 'arn:aws:acm:us-east-1:000000000000:certificate/shop';

describe('the overview', () => {
  let postern: RunningPostern;
  let petsId = '';
  before(async () => {
    postern = await startTestPostern();
    const { client } = postern;
    const pets = await client.send(
      new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP', Description: 'of the shop' }),
    );
    petsId = pets.ApiId!;
    const integration = async (uri: string) => {
      const { IntegrationId } = await client.send(
        new CreateIntegrationCommand({
          ApiId: petsId,
          IntegrationType: 'HTTP_PROXY',
          IntegrationMethod: 'GET',
          PayloadFormatVersion: '1.0',
          IntegrationUri: uri,
        }),
      );
      return `integrations/${IntegrationId}`;
    };
    const route = async (RouteKey: string, Target?: string, AuthorizationType?: 'AWS_IAM') =>
      client.send(
        new CreateRouteCommand({
          ApiId: petsId,
          RouteKey,
          ...(Target === undefined ? {} : { Target }),
          ...(AuthorizationType === undefined ? {} : { AuthorizationType }),
        }),
      );
    await route('GET /pets', await integration('http://127.0.0.1:1/pets'));
    await route('GET /bad', await integration('http://${stageVariables.backend}/'));
    await route('GET /signed', undefined, 'AWS_IAM');
    await client.send(new CreateStageCommand({ ApiId: petsId, StageName: 'prod', AutoDeploy: true }));
    await client.send(new CreateStageCommand({ ApiId: petsId, StageName: 'later' }));
    await client.send(
      new CreateDomainNameCommand({
        DomainName: 'api.example.com',
        DomainNameConfigurations: [{ CertificateArn: CERTIFICATE }],
      }),
    );
    await client.send(
      new CreateApiMappingCommand({ DomainName: 'api.example.com', ApiId: petsId, Stage: 'prod' }),
    );
    await client.send(
      new CreateApiCommand({
        Name: 'chat',
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: '$request.body.action',
      }),
    );
  });
  after(() => postern.close());

  async function overview(query = ''): Promise<Overview> {
    const response = await fetch(`${postern.management}/_postern/overview${query}`);
    assert.equal(response.status, 200);
    return (await response.json()) as Overview;
  }

  test('has every API with its stages, routes with their targets, and host names', async () => {
    const { accountId, apis, next } = await overview();
    assert.deepEqual([accountId, next, apis.map(({ name }) => name)], [ACCOUNT, undefined, ['pets', 'chat']]);
    const { routes, stages, traffic: _, createdAt, ...pets } = apis[0]!;
    assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 60_000);
    assert.deepEqual(pets, {
      accountId: ACCOUNT,
      region: REGION,
      apiId: petsId,
      name: 'pets',
      protocolType: 'HTTP',
      description: 'of the shop',
      apiEndpoint: `http://${petsId}.execute-api.localhost:${postern.port}`,
      domains: ['api.example.com'],
    });
    assert.deepEqual(
      routes.map(({ routeKey, target }) => [routeKey, target]),
      [
        ['GET /pets', 'http://127.0.0.1:1/pets'],
        ['GET /bad', 'http://${stageVariables.backend}/'],
        ['GET /signed', undefined],
      ],
    );
    assert.deepEqual(
      stages.map(({ name, status, autoDeploy, deploymentId, routeProblems }) => [
        name,
        status,
        autoDeploy,
        deploymentId !== undefined,
        routeProblems.map(({ routeKey }) => routeKey),
      ]),
      [
        ['prod', 'live', true, true, ['GET /bad', 'GET /signed']],
        ['later', 'empty', false, false, []],
      ],
    );
    assert.equal(apis[1]?.protocolType, 'WEBSOCKET');
    assert.match(apis[1]?.apiEndpoint ?? '', /^ws:/);
  });

  test('tells the problems that doctor tells, each with its API', async () => {
    const { problems } = await overview();
    const bad = problems.filter(({ level }) => level === 'bad');
    assert.deepEqual(bad[0], {
      level: 'bad',
      apiId: petsId,
      text: `stage prod of API ${petsId}, route GET /bad: the integration cannot run and answers with a failure: The stage variable backend in the integration URI is not defined`,
    });
    assert.deepEqual(
      problems.filter(({ level }) => level === 'note'),
      [
        {
          level: 'note',
          apiId: petsId,
          where: `API pets (${petsId}), route GET /signed`,
          text: `AuthorizationType AWS_IAM; no credentials of account ${ACCOUNT} are configured, so requests are refused with 403`,
        },
        {
          level: 'note',
          where: 'domain api.example.com',
          text: `CertificateArn ${CERTIFICATE}; certificates has no files for it: clients cannot call it by https`,
        },
      ],
    );
  });

  test('counts calls and errors in the step that is not over yet', async () => {
    const [before] = (await overview()).apis;
    await fetch(`${postern.management}/_aws/execute-api/${petsId}/prod/pets`);
    await fetch(`${postern.management}/_aws/execute-api/${petsId}/prod/nowhere`);
    const [pets, chat] = (await overview()).apis;
    const sum = (counts: readonly number[]) => counts.reduce((total, each) => total + each, 0);
    assert.deepEqual(
      [pets!.traffic.stepSeconds, pets!.traffic.calls.length, pets!.traffic.errors.length],
      [10, 60, 60],
    );
    assert.equal(sum(pets!.traffic.calls) - sum(before!.traffic.calls), 2);
    assert.equal(sum(pets!.traffic.errors) - sum(before!.traffic.errors), 1);
    assert.equal(sum(chat!.traffic.calls), 0);
  });

  test('comes in pages', async () => {
    const first = await overview('?limit=1');
    assert.deepEqual([first.apis.map(({ name }) => name), first.problems.length > 1], [['pets'], true]);
    const second = await overview(`?limit=1&after=${encodeURIComponent(first.next!)}`);
    assert.deepEqual(
      [second.apis.map(({ name }) => name), second.next, second.problems],
      [['chat'], undefined, []],
    );
    for (const [query, text] of [
      ['?limit=0', /^limit is "0": it is a whole number from 1 to 1000$/],
      ['?limit=x', /^limit is "x"/],
      ['?limit=1&after=nothing', /^Invalid nextToken specified$/],
    ] as const) {
      const response = await fetch(`${postern.management}/_postern/overview${query}`);
      assert.equal(response.status, 400);
      assert.match(((await response.json()) as { message: string }).message, text);
    }
  });
});

test('with credentials, callers see the APIs and domains of their own account alone', async (t) => {
  const other = { accessKeyId: 'AKIDOTHER', secretAccessKey: 'other', accountId: '111111111111' };
  const postern = await startTestPostern({ credentials: [other] });
  t.after(() => postern.close());
  await postern.client.send(new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP' }));
  await postern.client.send(
    new CreateDomainNameCommand({
      DomainName: 'api.example.com',
      DomainNameConfigurations: [{ CertificateArn: CERTIFICATE }],
    }),
  );
  const url = `${postern.management}/_postern/overview`;
  assert.equal((await fetch(url)).status, 403);
  const seen = async (accessKeyId: string, secretAccessKey: string) => {
    const unsigned = { host: new URL(url).host, path: '/_postern/overview' };
    const { lines } = await sign(unsigned, { accessKeyId, secretAccessKey, service: 'apigateway' });
    const headers = lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]);
    const { accountId, apis, problems } = (await (await fetch(url, { headers })).json()) as Overview;
    return [accountId, apis.map(({ name }) => name), problems.length];
  };
  assert.deepEqual(await seen('AKIDEXAMPLE', 'secret'), [ACCOUNT, ['pets'], 1]);
  assert.deepEqual(await seen('AKIDOTHER', 'other'), ['111111111111', [], 0]);
});
