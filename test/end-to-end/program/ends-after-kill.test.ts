// `kill -9` loses no end of a connection: the process that comes next tells it, once, and twice only where the one before had begun
// to (decision 0012).
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import type { WebSocket } from 'ws';
import { type InvokeAnswer, startInvokeServer } from '../../support/invoke-server.ts';
import { REGION, type RunningPostern } from '../../support/postern.ts';
import { killPrograms, Program } from '../../support/program.ts';
import { createWebSocketApi, type WebSocketStand, webSocketApi } from '../../support/websocket-stand.ts';

interface Told {
  readonly id: string;
  readonly requestId: string;
  readonly code: string;
}

test('every connection that was accepted has its end told after kill -9', async (t) => {
  const cwd = await mkdtemp(join(tmpdir(), 'postern-killed-'));
  after(() => rm(cwd, { recursive: true, force: true }));
  t.after(killPrograms);
  const lambda = await startInvokeServer();
  t.after(() => lambda.close());
  await writeFile(join(cwd, 'postern.yaml'), `lambda: { endpoint: ${JSON.stringify(lambda.endpoint)} }\n`);
  /** Events of this kind are not answered. */
  let unanswered = '';
  const wake = new Set<() => void>();
  lambda.script((event): InvokeAnswer => {
    for (const look of wake) look();
    return event.includes(`"eventType":"${unanswered}"`) ? 'silent' : { payload: '{"statusCode":200}' };
  });
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        wake.add(resolve);
        setTimeout(resolve, 20);
      });
      wake.clear();
    }
  };
  const ids = (kind: string): string[] =>
    lambda.invocations
      .map(({ event }) => JSON.parse(event).requestContext)
      .filter(({ eventType }) => eventType === kind)
      .map(({ connectionId }) => connectionId);
  const told = (): Told[] =>
    lambda.invocations
      .map(({ event }) => JSON.parse(event).requestContext)
      .filter(({ eventType }) => eventType === 'DISCONNECT')
      .map(({ connectionId: id, requestId, disconnectStatusCode, disconnectReason }) => ({
        ...{ id, requestId },
        code: `${disconnectStatusCode} ${disconnectReason}`,
      }));
  const tellingsOf = (id: string): Told[] => told().filter((each) => each.id === id);

  let running: Program;
  const start = async (): Promise<WebSocketStand> => {
    running = new Program(['--listen', '127.0.0.1:0', '--data', 'data', '--config', 'postern.yaml'], {
      cwd,
      environment: { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
    });
    const { management } = await running.ready();
    const { hostname: host, port } = new URL(management);
    const client = new ApiGatewayV2Client({
      endpoint: management,
      region: REGION,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    });
    t.after(() => client.destroy());
    return { postern: { host, port: Number(port), client } as unknown as RunningPostern } as WebSocketStand;
  };
  const kill = async (): Promise<void> => void (await running.stop('SIGKILL'));
  const connect = async (stand: WebSocketStand, apiId: string): Promise<WebSocket> => {
    const { socket, status } = await webSocketApi(stand, apiId).connect('/prod');
    assert.ok(socket, `refused with ${status}`);
    socket.on('error', () => {});
    return socket;
  };

  // Three are open, one is ending, one is connecting.
  let stand = await start();
  const { apiId } = await createWebSocketApi(stand);
  for (let i = 0; i < 3; i++) await connect(stand, apiId);
  const ending = await connect(stand, apiId);
  const [endingId] = ids('CONNECT').slice(-1);
  unanswered = 'DISCONNECT';
  ending.close(1000, 'bye');
  await until(() => told().length === 1);
  unanswered = 'CONNECT';
  webSocketApi(stand, apiId)
    .connect('/prod')
    .catch(() => {});
  await until(() => ids('CONNECT').length === 5);
  await kill();

  unanswered = '';
  stand = await start();
  const all = ids('CONNECT');
  await until(() => all.every((id) => tellingsOf(id).some(({ code }) => code === '1006 ')));
  for (const id of all) assert.equal(tellingsOf(id).length, id === endingId ? 2 : 1);
  const [first, second] = tellingsOf(endingId!);
  assert.equal(first!.code, '1000 bye');
  assert.equal(first!.requestId, second!.requestId);

  // Whoever is killed while it tells leaves it to the next.
  await connect(stand, apiId);
  const [lostId] = ids('CONNECT').slice(-1);
  await kill();
  unanswered = 'DISCONNECT';
  stand = await start();
  await until(() => tellingsOf(lostId!).length === 1);
  await kill();
  unanswered = '';
  stand = await start();
  await until(() => tellingsOf(lostId!).length === 2);
  assert.equal(new Set(tellingsOf(lostId!).map(({ requestId }) => requestId)).size, 1);

  // An orderly end tells all itself, and leaves nothing to tell.
  await connect(stand, apiId);
  const before = told().length;
  assert.equal((await running!.stop()).code, 0);
  assert.deepEqual(
    told()
      .slice(before)
      .map(({ code }) => code),
    ['1001 Going away'],
  );
  stand = await start();
  (await connect(stand, apiId)).close(1000);
  await until(() => told().length === before + 2);
  assert.equal(told().at(-1)!.code, '1000 ');
  assert.equal((await running!.stop()).code, 0);
  assert.equal(told().length, before + 2);
});
