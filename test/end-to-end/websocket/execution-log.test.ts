// What the execution log says of connects, messages and each type of integration (spec/websocket-api.md §9.2, §9.3).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  type CreateStageCommandInput,
  GetRoutesCommand,
  UpdateRouteCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { deployed, startLogged } from '../../support/logged-sockets.ts';
import { ACCOUNT, REGION } from '../../support/postern.ts';
import { startRecordingBackend } from '../../support/recording-backend.ts';
import { nextMessage } from '../../support/websocket-stand.ts';

const INVOKE_URI = `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/arn:aws:lambda:${REGION}:${ACCOUNT}:function:hello/invocations`;

const TRACED = { DefaultRouteSettings: { LoggingLevel: 'INFO', DataTraceEnabled: true } } as const;

test('the execution log of a connect over HTTP_PROXY, with data trace: order, headers, what is secret (§9.3.3)', async (t) => {
  const backend = await startRecordingBackend();
  t.after(() => backend.close());
  const stand = await startLogged(t);
  const { client } = stand.postern;
  const api = await deployed(stand, {});
  const { apiId: ApiId } = api;
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'POST',
      IntegrationUri: `http://127.0.0.1:${backend.port}/hook`,
    }),
  );
  const { Items } = await client.send(new GetRoutesCommand({ ApiId }));
  const { RouteId } = Items!.find(({ RouteKey }) => RouteKey === '$connect')!;
  await client.send(new UpdateRouteCommand({ ApiId, RouteId, Target: `integrations/${IntegrationId}` }));
  await client.send(new UpdateStageCommand({ ApiId, StageName: 'prod', ...TRACED }));
  backend.script('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Own: 1\r\nSet-Cookie: a=b\r\n\r\nok');
  await api.connect('/prod?token=t', {
    Authorization: 'Bearer some-rather-long-secret-token',
    'X-Api-Key': 'k',
  });
  const said = (await stand.executionLog(api))!;
  const end = said.findIndex((line) => line.startsWith('Successfully completed'));
  const [, request, ...rest] = said.slice(6, end + 1);
  const id = /^Extended Request Id: (.*)$/.exec(said[0]!)![1];
  assert.deepEqual(said.slice(0, 7), [
    `Extended Request Id: ${id}`,
    `Verifying Usage Plan for request: ${id}. API Key:  API Stage: ${ApiId}/prod`,
    "API Key  authorized because route '$connect' does not require API Key. Request will not contribute to throttle or quota limits",
    `Usage Plan check succeeded for API Key  and API Stage ${ApiId}/prod`,
    `Starting execution for request: ${id}`,
    'WebSocket Request Route: [$connect]',
    `Client [UserAgent: null, SourceIp: 127.0.0.1] is connecting to WebSocket API [${ApiId}].`,
  ]);
  assert.equal(request, `Endpoint request URI: http://127.0.0.1:${backend.port}/hook?token=t`);
  assert.match(rest[0]!, /^Endpoint request headers: \{.*Authorization=\*{16}-token, .*X-Api-Key=\*{16}[,}]/);
  assert.ok(!said.join('').includes('rather-long-secret'));
  assert.match(rest[2]!, /^Received response\. Status: 200, Integration latency: \d+ ms$/);
  assert.deepEqual(
    [rest[1], ...rest.slice(4)],
    [
      'Endpoint request body after transformations: ',
      'Endpoint response body before transformations: ok',
      'Successfully completed execution with status: 200',
    ],
  );
  assert.match(rest[3]!, /^Endpoint response headers: \{.*X-Own=1/);
});

/** What a traced message says between its client line and its end. */
async function traceOf(
  t: TestContext,
  integration: Partial<CreateIntegrationCommandInput>,
  stage: Partial<CreateStageCommandInput> = TRACED,
): Promise<string[]> {
  const stand = await startLogged(t);
  const api = await deployed(stand, stage, {}, { join: integration });
  const { socket } = await api.connect('/prod');
  stand.answer({ payload: '{}' }, { payload: '{"answer":1}' });
  const answered = nextMessage(socket!);
  socket!.send('{"action":"join","n":1}');
  await answered;
  const said = (await stand.executionLog(api))!;
  const begin = said.findIndex((line) => / sent a message to /.test(line));
  const end = said.findIndex(
    (line, i) => i > begin && /^(?:Successfully completed|Execution failed)/.test(line),
  );
  return said.slice(begin + 1, end + 1).map((line) => line.replace(/latency: \d+ ms/, 'latency: 0 ms'));
}

test('what is sent and received by each type of integration is traced (§9.2, §9.3.3)', async (t) => {
  const backend = await startRecordingBackend();
  t.after(() => backend.close());
  backend.script('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"answer":1}');
  const received = 'Received response. Status: 200, Integration latency: 0 ms';
  const done = 'Successfully completed execution with status: 200';
  const answer = 'Endpoint response body before transformations: {"answer":1}';
  const RequestTemplates = { $default: '{"sent": $input.json(\'$.n\')}' };
  const TemplateSelectionExpression = '\\$default';
  const rendered = 'Endpoint request body after transformations: {"sent": 1}';
  await t.test('MOCK', async (t) => {
    assert.deepEqual(
      await traceOf(t, {
        IntegrationType: 'MOCK',
        RequestTemplates: { $default: '{"statusCode": 200}' },
        TemplateSelectionExpression,
      }),
      ['Endpoint request body after transformations: {"statusCode": 200}', received, done],
    );
  });
  await t.test('HTTP', async (t) => {
    const [uri, headers, ...rest] = await traceOf(t, {
      IntegrationType: 'HTTP',
      IntegrationMethod: 'PUT',
      IntegrationUri: `http://127.0.0.1:${backend.port}/a`,
      RequestTemplates,
      TemplateSelectionExpression,
    });
    assert.equal(uri, `Endpoint request URI: http://127.0.0.1:${backend.port}/a`);
    assert.match(
      headers!,
      /^Endpoint request headers: \{Host=127\.0\.0\.1:\d+, .*User-Agent=AmazonAPIGateway_/,
    );
    assert.deepEqual(rest, [
      rendered,
      received,
      'Endpoint response headers: {Content-Length=12}',
      answer,
      done,
    ]);
  });
  await t.test('AWS to a function', async (t) => {
    assert.deepEqual(
      await traceOf(t, {
        IntegrationType: 'AWS',
        IntegrationUri: INVOKE_URI,
        RequestTemplates,
        RequestParameters: { 'integration.request.header.X-Own': "'1'" },
        TemplateSelectionExpression,
      }),
      [
        `Endpoint request URI: ${INVOKE_URI}`,
        'Endpoint request headers: {X-Own=1}',
        rendered,
        received,
        'Endpoint response headers: {Content-Type=application/json}',
        answer,
        done,
      ],
    );
  });
  await t.test('AWS_PROXY, whose answer is malformed', async (t) => {
    const [uri, , body, ...rest] = await traceOf(t, {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: INVOKE_URI,
    });
    assert.equal(uri, `Endpoint request URI: ${INVOKE_URI}`);
    assert.match(
      body!,
      /^Endpoint request body after transformations: \{"requestContext":\{.*"routeKey":"join"/,
    );
    assert.deepEqual(rest, [
      received,
      'Execution failed with status: 502, DEFAULT_5XX: Malformed Lambda proxy response',
    ]);
  });
  await t.test('without DataTraceEnabled neither', async (t) => {
    const integration = {
      IntegrationType: 'HTTP',
      IntegrationMethod: 'PUT',
      IntegrationUri: `http://127.0.0.1:${backend.port}/a`,
    } as const;
    assert.deepEqual(await traceOf(t, integration, { DefaultRouteSettings: { LoggingLevel: 'INFO' } }), [
      received,
      done,
    ]);
  });
  await t.test('an entry has 1,024 bytes at most, and whole characters', async (t) => {
    const text = 'é'.repeat(2_000);
    const [entry] = await traceOf(t, {
      IntegrationType: 'MOCK',
      RequestTemplates: { $default: `{"statusCode": 200, "text": "${text}"}` },
      TemplateSelectionExpression,
    });
    const whole = `Endpoint request body after transformations: {"statusCode": 200, "text": "${text}`;
    // With the id in front.
    assert.ok(whole.startsWith(entry!) && [1_023, 1_024].includes(19 + Buffer.byteLength(entry!)));
  });
});

test('the execution log of a stage has what the levels of its routes say (§9.2)', async (t) => {
  const stand = await startLogged(t);
  const MOCK = { IntegrationType: 'MOCK' } as const;
  const api = await deployed(
    stand,
    {
      DefaultRouteSettings: { LoggingLevel: 'OFF' },
      RouteSettings: {
        quiet: { LoggingLevel: 'ERROR' },
        loud: { LoggingLevel: 'INFO' },
        // A level that there is none of stands for INFO (management §2.8.2).
        louder: { LoggingLevel: 'DEBUG' as 'INFO' },
      },
    },
    {},
    { quiet: MOCK, loud: MOCK, louder: MOCK, silent: MOCK },
  );
  const { socket } = await api.connect('/prod');
  for (const action of ['quiet', 'loud', 'louder', 'silent']) {
    const answered = nextMessage(socket!);
    socket!.send(JSON.stringify({ action }));
    await answered;
  }
  const said = (await stand.executionLog(api))!;
  const failed =
    'Execution failed with status: 500, API_CONFIGURATION_ERROR: The request template of a MOCK integration has no statusCode';
  assert.deepEqual([said[0], said.length, said[5], said.at(-1)], [failed, 11, failed, failed]);
  assert.equal(said[3], 'WebSocket Request Route: [loud]');
  assert.equal(said[8], 'WebSocket Request Route: [louder]');
});

test('without a level there is no execution log (§9.2)', async (t) => {
  const stand = await startLogged(t);
  const api = await deployed(stand, { DefaultRouteSettings: { DataTraceEnabled: true } });
  await api.connect('/prod');
  assert.equal(await stand.executionLog(api), undefined);
});
