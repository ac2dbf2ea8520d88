// Buckets that run empty, on the wire (spec/http-api.md §7.1, §7.2, §8). Rates are so small that none fills meanwhile.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CreateDeploymentCommand,
  CreateRouteCommand,
  DeleteRouteSettingsCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { type LoggedApi, makeApi } from '../../support/logged-api.ts';
import { type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { type RecordingBackend, startRecordingBackend } from '../../support/recording-backend.ts';

const bucket = (burst: number) => ({ ThrottlingBurstLimit: burst, ThrottlingRateLimit: 1e-6 });

describe('throttling', () => {
  let postern: RunningPostern;
  let limited: RunningPostern;
  let backend: RecordingBackend;
  before(async () => {
    backend = await startRecordingBackend();
    postern = await startTestPostern();
    limited = await startTestPostern({ sections: { throttling: { rateLimit: 1e-6, burstLimit: 3 } } });
  });
  after(async () => {
    await postern.close();
    await limited.close();
    await backend.close();
  });

  const make = (
    stage: object,
    { on = postern, api = {} }: { on?: RunningPostern; api?: object } = {},
  ): Promise<LoggedApi> =>
    makeApi(on, {
      api,
      integration: { IntegrationUri: `http://127.0.0.1:${backend.port}` },
      routes: [{ RouteKey: 'GET /a' }, { RouteKey: 'GET /b' }],
      stage,
    });

  const statuses = async (api: LoggedApi, ...lines: string[]): Promise<string> => {
    const got: number[] = [];
    for (const line of lines) got.push((await api.send(line)).status);
    return got.join(' ');
  };

  test('a burst passes, then each route waits for its own tokens', async () => {
    const api = await make({ DefaultRouteSettings: bucket(2) });
    assert.equal(
      await statuses(api, 'GET /a', 'GET /a', 'GET /a', 'GET /b', 'GET /a'),
      '200 200 429 200 429',
    );
  });

  test('a stage has buckets of its own', async () => {
    const api = await make({ DefaultRouteSettings: bucket(1) });
    const other = await make({ StageName: 'prod', DefaultRouteSettings: bucket(1) });
    assert.equal(await statuses(api, 'GET /a', 'GET /a'), '200 429');
    assert.equal(await statuses(other, 'GET /prod/a', 'GET /prod/a'), '200 429');
  });

  test('preflights take tokens', async () => {
    const api = await make(
      { DefaultRouteSettings: bucket(1) },
      { api: { CorsConfiguration: { AllowOrigins: ['*'], AllowMethods: ['*'] } } },
    );
    const preflight = () =>
      api.send('OPTIONS /nowhere', ['Origin: https://a.com', 'Access-Control-Request-Method: GET']);
    assert.deepEqual([(await preflight()).status, (await preflight()).status], [204, 429]);
  });

  test('levels are carried over a redeployment', async () => {
    const api = await make({ DefaultRouteSettings: bucket(2) });
    assert.equal(await statuses(api, 'GET /a'), '200');
    const { ApiId } = { ApiId: api.apiId };
    await postern.client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /c' }));
    await postern.client.send(new CreateDeploymentCommand({ ApiId }));
    assert.equal(await statuses(api, 'GET /a', 'GET /a'), '200 429');
  });

  test('levels are carried over a change of settings, as far as they fit', async () => {
    const api = await make({ DefaultRouteSettings: bucket(9) });
    const update = (settings: object) =>
      postern.client.send(new UpdateStageCommand({ ApiId: api.apiId, StageName: '$default', ...settings }));
    await update({ StageVariables: { a: 'b' }, DefaultRouteSettings: bucket(1) });
    assert.equal(await statuses(api, 'GET /a', 'GET /a'), '200 429');
    await update({ DefaultRouteSettings: bucket(9) });
    assert.equal(await statuses(api, 'GET /a'), '429');
  });

  test('a closed route is full once it is opened, and closed again it has nothing', async () => {
    const api = await make({ DefaultRouteSettings: { ThrottlingBurstLimit: 0, ThrottlingRateLimit: 0 } });
    const update = (settings: object) =>
      postern.client.send(new UpdateStageCommand({ ApiId: api.apiId, StageName: '$default', ...settings }));
    assert.equal(await statuses(api, 'GET /a', 'GET /b'), '429 429');
    await update({ DefaultRouteSettings: bucket(2) });
    assert.equal(await statuses(api, 'GET /a', 'GET /a', 'GET /a', 'GET /b'), '200 200 429 200');
    await update({ DefaultRouteSettings: { ThrottlingRateLimit: 0 } });
    assert.equal(await statuses(api, 'GET /a', 'GET /b'), '429 429');
    await update({ RouteSettings: { 'GET /b': bucket(1) } });
    assert.equal(await statuses(api, 'GET /a', 'GET /b', 'GET /b'), '429 200 429');
  });

  test('settings of a route that was closed go: the stage default is full', async () => {
    const api = await make({ DefaultRouteSettings: bucket(2), RouteSettings: { 'GET /a': bucket(0) } });
    assert.equal(await statuses(api, 'GET /a', 'GET /b', 'GET /b'), '429 200 200');
    const stage = { ApiId: api.apiId, StageName: '$default' };
    await postern.client.send(new DeleteRouteSettingsCommand({ ...stage, RouteKey: 'GET /a' }));
    assert.equal(await statuses(api, 'GET /a', 'GET /a', 'GET /a', 'GET /b'), '200 200 429 429');
  });

  test('settings of a route come and go without a deployment', async () => {
    const api = await make({ AutoDeploy: true });
    const stage = { ApiId: api.apiId, StageName: '$default' };
    await postern.client.send(new UpdateStageCommand({ ...stage, RouteSettings: { 'GET /a': bucket(0) } }));
    assert.equal(await statuses(api, 'GET /a', 'GET /b'), '429 200');
    await postern.client.send(new DeleteRouteSettingsCommand({ ...stage, RouteKey: 'GET /a' }));
    assert.equal(await statuses(api, 'GET /a'), '200');
  });

  test('APIs of an account share its limit, and no stage exceeds it', async () => {
    const one = await make({}, { on: limited });
    const two = await make({ DefaultRouteSettings: bucket(100) }, { on: limited });
    assert.equal(await statuses(one, 'GET /a', 'GET /b'), '200 200');
    assert.equal(await statuses(two, 'GET /a', 'GET /a', 'GET /b'), '200 429 429');
    assert.equal(await statuses(one, 'GET /a'), '429');
  });
});
