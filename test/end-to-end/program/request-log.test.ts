// The line of each request: JSON where asked for, short lines on a terminal, nothing elsewhere (docs/guide/logs-and-metrics.md).
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import {
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { makeApi } from '../../support/logged-api.ts';
import { type ProgramStand, startProgram } from '../../support/program-stand.ts';
import { sendRaw } from '../../support/raw-client.ts';
import { startRecordingBackend } from '../../support/recording-backend.ts';
import { closeFrame, frame, SocketClient, TEXT } from '../../support/socket-client.ts';

type Line = Readonly<Record<string, unknown>>;

/** What is the same in every run. */
function shown({ time, pid, ms, requestId, ...rest }: Line): Line {
  assert.ok(!Number.isNaN(Date.parse(String(time))) && typeof pid === 'number' && Number(ms) >= 0);
  assert.match(String(requestId), /^[A-Za-z0-9_-]{15}=$/);
  return rest;
}

async function refusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function makeEcho({ client }: ProgramStand): Promise<string> {
  const { ApiId } = await client.send(
    new CreateApiCommand({
      Name: 'echo',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    }),
  );
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'MOCK',
      RequestTemplates: { '200': '{"statusCode":200}' },
      TemplateSelectionExpression: '200',
    }),
  );
  await client.send(
    new CreateRouteCommand({ ApiId, RouteKey: 'say', Target: `integrations/${IntegrationId}` }),
  );
  await client.send(new CreateStageCommand({ ApiId, StageName: 'live', AutoDeploy: true }));
  return ApiId!;
}

test('JSON: calls, refusals and management, with the cause of failures and without secrets', async (t) => {
  const backend = await startRecordingBackend();
  t.after(() => backend.close());
  const closed = await refusedPort();
  const stand = await startProgram(t, ['--log-requests', 'on']);
  const good = await makeApi(stand, {
    integration: { IntegrationUri: `http://127.0.0.1:${backend.port}` },
    routes: [{ RouteKey: 'ANY /pets/{id}' }],
    stage: { StageName: 'prod' },
  });
  const bad = await makeApi(stand, {
    integration: { IntegrationUri: `http://127.0.0.1:${closed}` },
    routes: [{ RouteKey: 'GET /pets' }],
  });
  const secret = ['Authorization: Bearer s3cret', 'Cookie: s=s3cret'];
  await good.send('GET /prod/pets/7?token=s3cret', secret);
  await good.send('DELETE /prod/dogs', secret);
  await good.send('GET /pets/7?token=s3cret', secret);
  await bad.send('GET /pets', secret);
  await fetch(`${stand.management}/_postern/health`);
  const { stdout } = await stand.program.stop();
  assert.ok(!stdout.includes('s3cret'));
  const lines = stdout
    .split('\n')
    .filter((line) => line.includes('"msg":"request"'))
    .map((line) => shown(JSON.parse(line)));
  const request = { level: 'info', event: 'request.ended', msg: 'request' };
  assert.deepEqual(
    lines.filter(({ door }) => door === undefined),
    [
      {
        ...request,
        method: 'GET',
        path: '/prod/pets/7',
        status: 200,
        apiId: good.apiId,
        stage: 'prod',
        route: 'ANY /pets/{id}',
      },
      {
        ...request,
        method: 'DELETE',
        path: '/prod/dogs',
        status: 404,
        apiId: good.apiId,
        stage: 'prod',
        error: 'no route matches',
      },
      {
        ...request,
        method: 'GET',
        path: '/pets/7',
        status: 404,
        host: good.host,
        error:
          `API ${good.apiId} has no stage \\"pets\\"; its stages: prod. The stage is the first part of the path, for example /prod/pets/7`.replaceAll(
            '\\',
            '',
          ),
      },
      {
        ...request,
        method: 'GET',
        path: '/pets',
        status: 503,
        apiId: bad.apiId,
        stage: '$default',
        route: 'GET /pets',
        error: `Connection failed: http://127.0.0.1:${closed}: no connection (ECONNREFUSED)`,
      },
    ],
  );
  const management = lines.filter(({ door }) => door === 'management');
  assert.equal(management.length, 8, 'four calls an API, and no line for the probe');
  assert.deepEqual(management[0], {
    ...request,
    method: 'POST',
    path: '/v2/apis',
    status: 201,
    door: 'management',
  });
});

test('JSON: connections, messages and their ends', async (t) => {
  const stand = await startProgram(t, ['--log-requests', 'on']);
  const apiId = await makeEcho(stand);
  const { host, port } = stand;
  const target = { host, port, authority: `${apiId}.execute-api.localhost` };
  for (const path of ['/nowhere', '/', '/live/x']) {
    await assert.rejects(SocketClient.open({ ...target, path: `${path}?auth=s3cret` }));
  }
  const socket = await SocketClient.open({ ...target, path: '/live?auth=s3cret' });
  socket.send(frame(TEXT, '{"action":"say","s":"s3cret"}'), frame(TEXT, '{}'));
  await socket.text();
  socket.send(closeFrame(1000));
  await socket.rest();
  await stand.program.line('DISCONNECT');
  const { stdout } = await stand.program.stop();
  assert.ok(!stdout.includes('s3cret'));
  const lines = stdout
    .split('\n')
    .filter((line) => line.includes('"msg":"request"') && !line.includes('"door"'))
    .map((line) => shown(JSON.parse(line)));
  const ids = new Set(lines.slice(3).map(({ connectionId }) => connectionId));
  assert.equal(ids.size, 1);
  const event = {
    level: 'info',
    event: 'request.ended',
    msg: 'request',
    path: '/live',
    apiId,
    stage: 'live',
    connectionId: [...ids][0],
  };
  const example = 'The stage is the first part of the path, for example /live';
  const refused = {
    level: 'info',
    event: 'request.ended',
    msg: 'request',
    method: 'GET',
    status: 403,
    host: target.authority,
  };
  assert.deepEqual(lines, [
    ...[
      ['/nowhere', `API ${apiId} has no stage "nowhere"; its stages: live. ${example}`],
      ['/', `the path names no stage; its stages: live. ${example}`],
      ['/live/x', 'behind the stage a WebSocket API has nothing at "/x" but @connections'],
    ].map(([path, error]) => ({ ...refused, path, error })),
    { ...event, method: 'CONNECT', status: 200 },
    { ...event, method: 'MESSAGE', status: 200, route: 'say' },
    { ...event, method: 'MESSAGE', status: 403, error: 'no route matches' },
    { ...event, method: 'DISCONNECT', status: 200, code: '1000' },
  ]);
});

test('on a terminal one short line a request, failures among them, unless switched off', async (t) => {
  const closed = await refusedPort();
  for (const words of [[], ['--log-requests', 'off'], ['--log-level', 'warn']]) {
    const stand = await startProgram(t, words, { terminal: true, environment: { TERM: 'dumb' } });
    const api = await makeApi(stand, {
      integration: { IntegrationUri: `http://127.0.0.1:${closed}` },
      routes: [{ RouteKey: 'GET /pets' }],
    });
    await api.send('GET /pets?token=s3cret');
    await fetch(`${stand.management}/nowhere`);
    if (words.length > 0) await stand.program.line('an integration failed');
    else {
      const line = await stand.program.line(' /pets ');
      const failed = `error=Connection failed: http://127.0.0.1:${closed}: no connection (ECONNREFUSED)`;
      assert.match(
        line,
        /^\d\d:\d\d:\d\d 503 {3}GET {2}\/pets [\d.]+ ms apiId=\w+ stage=\$default route=GET \/pets /,
      );
      assert.ok(line.includes(failed), line);
      await stand.program.line(`error=the host "127.0.0.1" is no API's and no custom domain's`);
    }
    const printed = stand.program.lines.join('\n');
    assert.equal(printed.includes('503   GET'), words.length === 0, printed);
    assert.equal(printed.includes('an integration failed'), words.length > 0, printed);
  }
});

test('off without a terminal; a client cannot forge a line', async (t) => {
  const off = await startProgram(t);
  await fetch(`${off.management}/nowhere`);
  assert.ok(!(await off.program.stop()).stdout.includes('"request"'));

  const on = await startProgram(t, [], { environment: { POSTERN_LOG_REQUESTS: 'on' } });
  const bytes = 'GET /a"b\\c HTTP/1.1\r\nHost: x\r\n\r\n';
  await sendRaw({ host: on.host, port: on.port, bytes });
  const { stdout } = await on.program.stop();
  const line = stdout.split('\n').find((each) => each.includes('"request"'));
  const { status, path } = JSON.parse(line!);
  assert.deepEqual([status, path], [403, '/a"b\\c']);
});
