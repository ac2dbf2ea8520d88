// Deployments and stages of WebSocket APIs: what is of the deployment, what of the stage, and what open connections see of
// either (spec/websocket-api.md §10, §11).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import {
  ApiGatewayV2,
  type CreateIntegrationCommandInput,
  type CreateStageCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import { WebSocket } from 'ws';
import { ACCOUNT, REGION, type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { startRecordingBackend } from '../../support/recording-backend.ts';
import { createWebSocketApi, nextMessage, startWebSocketStand, told } from '../../support/websocket-stand.ts';

const REPLY = { $default: '{"statusCode":200}' };
const FIXED = { TemplateSelectionExpression: '\\$default' };

function sdkOf(t: TestContext, { management }: RunningPostern): ApiGatewayV2 {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const sdk = new ApiGatewayV2({ endpoint: management, region: REGION, credentials, maxAttempts: 1 });
  t.after(() => sdk.destroy());
  return sdk;
}

/** An API whose route `say` answers by a MOCK integration, in the stage `dev`, deployed by hand. */
async function start(t: TestContext, stage: Partial<CreateStageCommandInput> = {}) {
  const postern = await startTestPostern();
  t.after(() => postern.close());
  const sdk = sdkOf(t, postern);
  const { ApiId } = await sdk.createApi({
    Name: 'says',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  });
  const { IntegrationId } = await sdk.createIntegration({
    ApiId,
    IntegrationType: 'MOCK',
    RequestTemplates: REPLY,
    ...FIXED,
  });
  const { IntegrationResponseId } = await sdk.createIntegrationResponse({
    ApiId,
    IntegrationId,
    IntegrationResponseKey: '$default',
    ResponseTemplates: { $default: 'one $context.routeKey $!stageVariables.v' },
    ...FIXED,
  });
  const { ModelId } = await sdk.createModel({ ApiId, Name: 'Say', Schema: '{}' });
  const { RouteId } = await sdk.createRoute({
    ApiId,
    RouteKey: 'say',
    Target: `integrations/${IntegrationId}`,
    RouteResponseSelectionExpression: '$default',
    ModelSelectionExpression: 'm',
    RequestModels: { m: 'Say' },
  });
  const { RouteResponseId } = await sdk.createRouteResponse({ ApiId, RouteId, RouteResponseKey: '$default' });
  await sdk.createStage({ ApiId, StageName: 'dev', ...stage });
  if (stage.AutoDeploy !== true) await sdk.createDeployment({ ApiId, StageName: 'dev' });
  const open = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://${postern.host}:${postern.port}/dev`, {
      headers: { Host: `${ApiId}.execute-api.localhost` },
    });
    await once(socket, 'open');
    return socket;
  };
  const ids = { ApiId: ApiId!, IntegrationId, IntegrationResponseId, ModelId, RouteId, RouteResponseId };
  return { postern, sdk, ids, open };
}

/** What comes back, without ids. */
async function ask(socket: WebSocket, message = '{"action":"say","kind":"say"}'): Promise<string> {
  const answer = nextMessage(socket);
  socket.send(message);
  const text = String(await answer);
  return text.startsWith('{"message": ') ? JSON.parse(text).message : text;
}

type Started = Awaited<ReturnType<typeof start>>;

const CHANGES: readonly (readonly [
  what: string,
  change: (sdk: ApiGatewayV2, ids: Started['ids']) => Promise<unknown>,
  after: string,
])[] = [
  [
    'an integration response',
    (sdk, ids) => sdk.updateIntegrationResponse({ ...ids, ResponseTemplates: { $default: 'two' } }),
    'two',
  ],
  [
    'an integration',
    (sdk, ids) => sdk.updateIntegration({ ...ids, RequestTemplates: { $default: 'nothing' } }),
    'Internal server error',
  ],
  ['a model', (sdk, ids) => sdk.updateModel({ ...ids, Schema: '{"required":["who"]}' }), 'Bad request body'],
  [
    'the route selection expression',
    (sdk, ids) => sdk.updateApi({ ...ids, RouteSelectionExpression: '$request.body.nothing' }),
    'Forbidden',
  ],
  ['a route', (sdk, ids) => sdk.deleteRoute(ids).then(() => other(sdk, ids)), 'Forbidden'],
];

/** An API without routes cannot be deployed. */
const other = (sdk: ApiGatewayV2, { ApiId }: Started['ids']) => sdk.createRoute({ ApiId, RouteKey: 'other' });

for (const [what, change, after] of CHANGES) {
  test(`a change of ${what} is seen from the next deployment on, by open connections too (§10.1.1, §10.1.2, §10.1.6)`, async (t) => {
    const { sdk, ids, open } = await start(t);
    const before = 'one say ';
    const socket = await open();
    assert.equal(await ask(socket), before);
    await change(sdk, ids);
    assert.equal(await ask(socket), before);
    assert.equal(await ask(await open()), before);
    const { DeploymentId, DeploymentStatus } = await sdk.createDeployment(ids);
    assert.equal(DeploymentStatus, 'DEPLOYED');
    assert.equal(await ask(socket), before, 'bound to no stage');
    await sdk.updateStage({ ApiId: ids.ApiId, StageName: 'dev', DeploymentId });
    assert.equal(await ask(socket), after);
    assert.equal(await ask(await open()), after);
  });
}

test('a route without its response is one-way from the next deployment on (§10.1.1)', async (t) => {
  const { sdk, ids, open } = await start(t);
  await sdk.deleteRouteResponse(ids);
  const socket = await open();
  assert.equal(await ask(socket), 'one say ');
  await sdk.createDeployment({ ApiId: ids.ApiId, StageName: 'dev' });
  socket.send('{"action":"say"}');
  assert.equal(await ask(socket, '{"action":"nothing"}'), 'Forbidden');
});

test('authorizers and the types of routes are of the deployment (§10.1.1)', async (t) => {
  const { postern, sdk, ids, open } = await start(t);
  await sdk.createRoute({ ApiId: ids.ApiId, RouteKey: '$connect', AuthorizationType: 'AWS_IAM' });
  const socket = await open();
  await sdk.createDeployment({ ApiId: ids.ApiId, StageName: 'dev' });
  await assert.rejects(open, /Unexpected server response: 403/);
  // Who is in stays in.
  assert.equal(await ask(socket), 'one say ');
  assert.deepEqual(postern.errors, []);
});

test('stage variables are live at once (§10.1.1)', async (t) => {
  const { sdk, ids, open } = await start(t, { StageVariables: { v: 'a' } });
  const socket = await open();
  const variables = (StageVariables: Record<string, string>) =>
    sdk.updateStage({ ApiId: ids.ApiId, StageName: 'dev', StageVariables });
  const { DeploymentId } = await sdk.getStage({ ApiId: ids.ApiId, StageName: 'dev' });
  await sdk.updateIntegrationResponse({ ...ids, ResponseTemplates: { $default: '$!stageVariables.v' } });
  await sdk.createDeployment({ ApiId: ids.ApiId, StageName: 'dev' });
  assert.equal(await ask(socket), 'a');
  const { DeploymentId: same } = await variables({ v: 'b-._~:/?#&=,' });
  assert.notEqual(same, DeploymentId);
  assert.equal(await ask(socket), 'b-._~:/?#&=,');
  await variables({ v: '' });
  assert.equal(await ask(socket), '');
});

test('a stage with AutoDeploy follows changes by itself (§10.1.3)', async (t) => {
  const { sdk, ids, open } = await start(t, { AutoDeploy: true });
  const socket = await open();
  assert.equal(await ask(socket), 'one say ');
  await sdk.updateIntegrationResponse({ ...ids, ResponseTemplates: { $default: 'two' } });
  assert.equal(await ask(socket), 'two');
});

test('DisableSchemaValidation lets no model through that cannot be run, and messages are checked all the same (§10.1.5)', async (t) => {
  const { sdk, ids, open } = await start(t);
  const { ApiId } = ids;
  await sdk.updateApi({ ApiId, DisableSchemaValidation: true });
  await assert.rejects(sdk.updateModel({ ...ids, Schema: '{"type":"nothing"}' }), {
    name: 'BadRequestException',
  });
  await sdk.updateModel({ ...ids, Schema: '{"required":["who"]}' });
  await sdk.createDeployment({ ApiId, StageName: 'dev' });
  assert.equal(await ask(await open()), 'Bad request body');
});

test('models of route responses are stored and never applied (§10.4)', async (t) => {
  const { sdk, ids, open } = await start(t);
  const { ApiId } = ids;
  await sdk.createModel({ ApiId, Name: 'Never', Schema: '{"not":{}}' });
  const stored = await sdk.updateRouteResponse({ ...ids, ResponseModels: { $default: 'Never' } });
  assert.deepEqual(stored.ResponseModels, { $default: 'Never' });
  await sdk.createDeployment({ ApiId, StageName: 'dev' });
  assert.equal(await ask(await open()), 'one say ');
});

test('there is no OpenAPI form of a WebSocket API (§10.6)', async (t) => {
  const { sdk, ids } = await start(t);
  await assert.rejects(
    sdk.exportApi({ ApiId: ids.ApiId, Specification: 'OAS30', OutputType: 'JSON', StageName: 'dev' }),
  );
});

test('the protocol of an API does not change (§11.5)', async (t) => {
  const { postern, sdk, ids, open } = await start(t);
  const { management } = postern;
  const reply = await fetch(`${management}/v2/apis/${ids.ApiId}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: '{"protocolType":"HTTP","name":"other"}',
  });
  assert.equal(reply.status, 200);
  const { Name, ProtocolType } = await sdk.getApi(ids);
  assert.deepEqual([Name, ProtocolType], ['other', 'WEBSOCKET']);
  assert.equal(await ask(await open()), 'one say ');
});

const nameArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:`;
const invokeUri = (name: string): string =>
  `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${nameArn}${name}/invocations`;

test('stage variables in addresses, links, functions, roles, mappings and events; each stage has its own (§10.3.2)', async (t) => {
  const backend = await startRecordingBackend();
  t.after(() => backend.close());
  const target = { host: '127.0.0.1', port: backend.port, weight: 1, attributes: new Map<string, string>() };
  const source = { kind: 'static', targets: [target] } as const;
  const stand = await startWebSocketStand(t, {
    sections: { privateTargets: [{ arn: 'vpclink/abc123', source, healthCheck: undefined }] },
  });
  const sdk = sdkOf(t, stand.postern);
  const api = await createWebSocketApi(stand, { stages: [] });
  const ApiId = api.apiId;
  const route = async (RouteKey: string, integration: Partial<CreateIntegrationCommandInput>) => {
    const { IntegrationId } = await sdk.createIntegration({
      ApiId,
      ...integration,
    } as CreateIntegrationCommandInput);
    const Target = `integrations/${IntegrationId}`;
    const { RouteId } = await sdk.createRoute({
      ...{ ApiId, RouteKey, Target },
      RouteResponseSelectionExpression: '$default',
    });
    await sdk.createRouteResponse({ ApiId, RouteId, RouteResponseKey: '$default' });
  };
  await route('http', {
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'POST',
    IntegrationUri:
      'http://127.0.0.${stageVariables.last}:${stageVariables.port}/a/${stageVariables.dir}/b?c=${stageVariables.q}',
    RequestParameters: { 'integration.request.header.x-dir': 'stageVariables.dir' },
  });
  await route('whole', {
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'POST',
    IntegrationUri: 'http://${stageVariables.host}/x',
  });
  await route('link', {
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'POST',
    IntegrationUri: 'http://internal.example/y',
    ConnectionType: 'VPC_LINK',
    ConnectionId: '${stageVariables.link}',
  });
  await route('function', {
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: invokeUri('${stageVariables.fn}:${stageVariables.alias}'),
    CredentialsArn: 'arn:aws:iam::000000000000:role/${stageVariables.role}',
  });
  const at = `127.0.0.1:${backend.port}`;
  const common = { last: '1', port: String(backend.port), dir: 'dir', q: '1', host: at, link: 'abc123' };
  const AutoDeploy = true;
  const one = { ...common, fn: 'one', alias: 'live', role: 'caller' };
  await sdk.createStage({ ApiId, StageName: 'one', AutoDeploy, StageVariables: one });
  const two = { ...common, dir: 'other', fn: 'two', alias: '2' };
  await sdk.createStage({ ApiId, StageName: 'two', AutoDeploy, StageVariables: two });
  const first = (await api.connect('/one')).socket!;
  const second = (await api.connect('/two')).socket!;
  assert.equal(await ask(first, '{"action":"http"}'), 'ok');
  assert.equal(await ask(second, '{"action":"http"}'), 'ok');
  assert.equal(await ask(first, '{"action":"whole"}'), 'ok');
  assert.equal(await ask(first, '{"action":"link"}'), 'ok');
  assert.deepEqual(
    backend.requests.map(({ startLine, headers }) => [
      startLine,
      headers.find(([name]) => name.toLowerCase() === 'x-dir')?.[1],
      headers.find(([name]) => name.toLowerCase() === 'host')?.[1],
    ]),
    [
      ['POST /a/dir/b?c=1 HTTP/1.1', 'dir', at],
      ['POST /a/other/b?c=1 HTTP/1.1', 'other', at],
      ['POST /x HTTP/1.1', undefined, at],
      ['POST /y HTTP/1.1', undefined, 'internal.example'],
    ],
  );
  stand.answer({ payload: '{}' }, { payload: '{"body":"called"}' });
  assert.equal(await ask(first, '{"action":"function"}'), 'called');
  const [call] = stand.lambda.invocations;
  assert.deepEqual([call!.functionName, call!.qualifier], [`${nameArn}one`, 'live']);
  assert.deepEqual(JSON.parse(call!.event).stageVariables, one);
  // The variable of the role is not there.
  assert.equal(await ask(second, '{"action":"function"}'), 'Internal server error');
  assert.equal(stand.lambda.invocations.length, 1);
});

test('one integration serves several routes (§11.3)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const handshake = await api.connect('/prod');
  assert.equal(told(handshake), '101');
  handshake.socket!.send('{}');
  while (stand.eventsOf('hello').length < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    stand.eventsOf('hello').map(({ requestContext }) => Object(requestContext).routeKey),
    ['$connect', '$default'],
  );
});
