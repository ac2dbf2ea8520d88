// Stages, driven by the unmodified AWS SDK (spec/management-api.md §2.8, §1.10).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ApiGatewayV2, ConflictException, NotFoundException } from '@aws-sdk/client-apigatewayv2';
import { deployableApi, httpApi, plain, webSocketApi } from '../../support/management-seeds.ts';
import { refused, startManagementServer } from '../../support/management-server.ts';

interface Started {
  readonly sdk: ApiGatewayV2;
  /** Lets time pass. */
  later(millis: number): void;
}

const START = Date.parse('2026-03-01T12:00:00Z');
const CREATED = '2026-03-01T12:00:00.000Z';

async function start(t: TestContext): Promise<Started> {
  let now = START;
  const server = await startManagementServer(() => now);
  t.after(() => server.close());
  return {
    sdk: server.client(),
    later: (millis) => {
      now += millis;
    },
  };
}

const LOG_GROUP = 'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/apis/pets';
const FORMAT = '$context.requestId $context.status';

test('a bare stage of each protocol (§2.8.1)', async (t) => {
  const { sdk } = await start(t);
  const bare = {
    CreatedDate: CREATED,
    LastUpdatedDate: CREATED,
    RouteSettings: {},
    StageVariables: {},
    Tags: {},
  };
  const http = await httpApi(sdk);
  for (const StageName of ['dev', '$default', 'c7n-test', 'A_1']) {
    const created = plain(await sdk.createStage({ ...http, StageName }));
    assert.deepEqual(created, {
      ...bare,
      StageName,
      DefaultRouteSettings: { DetailedMetricsEnabled: false },
    });
    assert.deepEqual(plain(await sdk.getStage({ ...http, StageName })), created);
  }
  const ws = await webSocketApi(sdk);
  assert.deepEqual(plain(await sdk.createStage({ ...ws, StageName: 'dev' })), {
    ...bare,
    StageName: 'dev',
    DefaultRouteSettings: { DataTraceEnabled: false, DetailedMetricsEnabled: false, LoggingLevel: 'OFF' },
  });
});

test('every member of an HTTP stage comes back', async (t) => {
  const { sdk } = await start(t);
  const { ApiId } = await deployableApi(sdk);
  const { DeploymentId } = await sdk.createDeployment({ ApiId });
  const given = {
    StageName: 'prod',
    AccessLogSettings: { DestinationArn: LOG_GROUP, Format: FORMAT },
    AutoDeploy: false,
    DefaultRouteSettings: { DetailedMetricsEnabled: true, ThrottlingBurstLimit: 0, ThrottlingRateLimit: 0.5 },
    DeploymentId: DeploymentId!,
    Description: 'd',
    RouteSettings: { 'GET /pets/{petId}': { ThrottlingBurstLimit: 100, ThrottlingRateLimit: 2000 } },
    StageVariables: { host: 'a.example:8080', path_1: '/x?y=1&z=2,3#f~' },
    Tags: { team: 'a b' },
  };
  const created = plain(await sdk.createStage({ ApiId, ...given }));
  assert.deepEqual(created, { ...given, CreatedDate: CREATED, LastUpdatedDate: CREATED });
  assert.deepEqual(plain(await sdk.getStages({ ApiId })).Items, [created]);
});

test('every member of a WebSocket stage comes back', async (t) => {
  const { sdk } = await start(t);
  const { ApiId } = await webSocketApi(sdk);
  await sdk.createRoute({ ApiId, RouteKey: 'send message' });
  const given = {
    StageName: 'prod',
    ClientCertificateId: 'cert01',
    AccessLogSettings: {
      DestinationArn: 'arn:aws:firehose:eu-west-1:111111111111:deliverystream/amazon-apigateway-x',
      Format: FORMAT,
    },
    DefaultRouteSettings: { DataTraceEnabled: true, DetailedMetricsEnabled: true, LoggingLevel: 'ERROR' },
    RouteSettings: { 'send message': { LoggingLevel: 'INFO' } },
  } as const;
  const created = plain(await sdk.createStage({ ApiId, ...given }));
  const server = { CreatedDate: CREATED, LastUpdatedDate: CREATED, StageVariables: {}, Tags: {} };
  assert.deepEqual(created, { ...given, ...server });
  const path = { ApiId, StageName: 'prod' };
  const { ClientCertificateId } = await sdk.updateStage({ ...path, Description: '', AccessLogSettings: {} });
  assert.equal(ClientCertificateId, 'cert01');
  const { ClientCertificateId: _, ...without } = created;
  assert.deepEqual(plain(await sdk.updateStage({ ...path, ClientCertificateId: '' })), without);
});

test('UpdateStage merges and clears, and moves LastUpdatedDate (§1.10)', async (t) => {
  const { sdk, later } = await start(t);
  const { ApiId } = await deployableApi(sdk);
  const { DeploymentId } = await sdk.createDeployment({ ApiId });
  const StageName = 'prod';
  await sdk.createRoute({ ApiId, RouteKey: 'GET /b' });
  const created = plain(
    await sdk.createStage({
      ApiId,
      StageName,
      DeploymentId,
      Description: 'd',
      AccessLogSettings: { DestinationArn: `${LOG_GROUP}:*`, Format: FORMAT },
      DefaultRouteSettings: { ThrottlingBurstLimit: 5 },
      RouteSettings: { 'GET /pets/{petId}': { ThrottlingBurstLimit: 1 } },
      StageVariables: { a: '1', b: '2' },
    }),
  );
  assert.deepEqual(created.AccessLogSettings, { DestinationArn: LOG_GROUP, Format: FORMAT });
  later(60_000);
  const moved = { ...created, LastUpdatedDate: '2026-03-01T12:01:00.000Z' };
  let expected: Record<string, unknown> = moved;
  const rows: readonly (readonly [change: object, after: object])[] = [
    [{}, {}],
    [{ Description: '' }, {}],
    [{ Description: 'New' }, { Description: 'New' }],
    [{ Description: '' }, {}],
    [{ DeploymentId: '' }, {}],
    [{ DeploymentId }, {}],
    [
      { AccessLogSettings: { Format: `${FORMAT}\n` } },
      { AccessLogSettings: { DestinationArn: LOG_GROUP, Format: `${FORMAT}\n` } },
    ],
    [{ AccessLogSettings: {} }, {}],
    [
      { DefaultRouteSettings: { ThrottlingRateLimit: 0 } },
      {
        DefaultRouteSettings: {
          DetailedMetricsEnabled: false,
          ThrottlingBurstLimit: 5,
          ThrottlingRateLimit: 0,
        },
      },
    ],
    [{ RouteSettings: {} }, {}],
    [
      { RouteSettings: { 'GET /b': { DetailedMetricsEnabled: true } } },
      {
        RouteSettings: {
          'GET /pets/{petId}': { ThrottlingBurstLimit: 1 },
          'GET /b': { DetailedMetricsEnabled: true },
        },
      },
    ],
    [{ StageVariables: { b: '', c: '3', d: '' } }, { StageVariables: { a: '1', c: '3' } }],
    [{ StageVariables: { a: '', c: '' } }, { StageVariables: {} }],
    [{ AutoDeploy: false }, { AutoDeploy: false }],
  ];
  for (const [change, after] of rows) {
    expected = JSON.parse(JSON.stringify({ ...expected, ...after }));
    assert.deepEqual(
      plain(await sdk.updateStage({ ApiId, StageName, ...change })),
      expected,
      JSON.stringify(change),
    );
  }
  assert.deepEqual(plain(await sdk.getStage({ ApiId, StageName })), expected);
});

test('"off" settings of execution logs are accepted on HTTP APIs and do not come back (§2.8.2)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId } = await httpApi(sdk);
  const stage = await sdk.createStage({
    ApiId,
    StageName: 'dev',
    DefaultRouteSettings: { LoggingLevel: 'OFF', DataTraceEnabled: false },
  });
  assert.deepEqual(stage.DefaultRouteSettings, { DetailedMetricsEnabled: false });
});

test('DeleteRouteSettings and DeleteAccessLogSettings (§2.8.2, §2.8.3)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId, RouteId } = await deployableApi(sdk);
  const RouteKey = 'GET /pets/{petId}';
  const StageName = '$default';
  await sdk.createStage({
    ApiId,
    StageName,
    AccessLogSettings: { DestinationArn: LOG_GROUP, Format: FORMAT },
    RouteSettings: { [RouteKey]: { ThrottlingBurstLimit: 1 } },
  });
  // A route with settings may go, and its settings stay and can be sent back.
  await sdk.deleteRoute({ ApiId, RouteId });
  const kept = await sdk.updateStage({
    ApiId,
    StageName,
    RouteSettings: { [RouteKey]: { ThrottlingBurstLimit: 2 } },
  });
  assert.deepEqual(kept.RouteSettings, { [RouteKey]: { ThrottlingBurstLimit: 2 } });
  const removed = await sdk.deleteRouteSettings({ ApiId, StageName, RouteKey });
  assert.equal(removed.$metadata.httpStatusCode, 204);
  const text = `Unable to find Route by key ${RouteKey} within the provided RouteSettings`;
  await refused(sdk.deleteRouteSettings({ ApiId, StageName, RouteKey }), NotFoundException, 404, text);
  assert.equal((await sdk.deleteAccessLogSettings({ ApiId, StageName })).$metadata.httpStatusCode, 204);
  await sdk.deleteAccessLogSettings({ ApiId, StageName });
  const stage = await sdk.getStage({ ApiId, StageName });
  assert.deepEqual([stage.RouteSettings, stage.AccessLogSettings], [{}, undefined]);
});

test('stages are listed in pages and deleted; names are taken once (§2.8.1)', async (t) => {
  const { sdk } = await start(t);
  const { ApiId } = await httpApi(sdk);
  for (const StageName of ['c', 'a', 'b']) await sdk.createStage({ ApiId, StageName });
  await refused(sdk.createStage({ ApiId, StageName: 'a' }), ConflictException, 409, 'Stage already exists');
  const first = await sdk.getStages({ ApiId, MaxResults: '2' });
  const second = await sdk.getStages({ ApiId, MaxResults: '2', NextToken: first.NextToken! });
  assert.deepEqual(
    [...first.Items!, ...second.Items!].map((stage) => stage.StageName),
    ['c', 'a', 'b'],
  );
  assert.equal((await sdk.deleteStage({ ApiId, StageName: 'a' })).$metadata.httpStatusCode, 204);
  const text = 'Invalid stage identifier specified';
  await refused(sdk.getStage({ ApiId, StageName: 'a' }), NotFoundException, 404, text);
  await refused(sdk.deleteStage({ ApiId, StageName: 'a' }), NotFoundException, 404, text);
});
