// The program as a process, whose connections' ends are told to a function outside of it: what was told before it died is known.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import type { WebSocket } from 'ws';
import { type InvokeAnswer, startInvokeServer } from './invoke-server.ts';
import { REGION, type RunningPostern } from './postern.ts';
import { Program } from './program.ts';
import { createWebSocketApi, webSocketApi } from './websocket-stand.ts';

export interface ToldEnd {
  readonly id: string;
  readonly requestId: string;
  /** Code and reason. */
  readonly how: string;
}

export interface OpenSocket {
  readonly id: string;
  readonly socket: WebSocket;
}

export type EndsStand = Awaited<ReturnType<typeof startEndsStand>>;

export async function startEndsStand(t: TestContext, yaml = '') {
  const cwd = await mkdtemp(join(tmpdir(), 'postern-ends-'));
  const lambda = await startInvokeServer();
  await writeFile(
    join(cwd, 'postern.yaml'),
    `lambda: { endpoint: ${JSON.stringify(lambda.endpoint)} }\n${yaml}`,
  );
  const programs: Program[] = [];
  t.after(async () => {
    for (const { child } of programs) child.kill('SIGKILL');
    await Promise.all(programs.map(({ outcome }) => outcome));
    await lambda.close();
    await rm(cwd, { recursive: true, force: true });
  });
  const stand = {
    cwd,
    /** Events of this kind are not answered. */
    unanswered: '',
    postern: undefined as unknown as RunningPostern,
    apiId: '',

    get program(): Program {
      return programs.at(-1)!;
    },

    /** Starts one on a data directory; from here on it is the one that is connected to. */
    async start(data = 'data'): Promise<void> {
      const program = new Program(['--listen', '127.0.0.1:0', '--data', data, '--config', 'postern.yaml'], {
        cwd,
        environment: { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
      });
      programs.push(program);
      const { management } = await program.ready();
      const { hostname: host, port } = new URL(management);
      const client = new ApiGatewayV2Client({
        endpoint: management,
        region: REGION,
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      });
      t.after(() => client.destroy());
      stand.postern = { host, port: Number(port), client } as unknown as RunningPostern;
      if (stand.apiId === '') {
        const { apiId } = await createWebSocketApi({
          postern: stand.postern,
        } as Parameters<typeof createWebSocketApi>[0]);
        stand.apiId = apiId;
      }
    },

    async kill(): Promise<void> {
      await stand.program.stop('SIGKILL');
    },

    async connect(): Promise<OpenSocket> {
      const { socket, status } = await webSocketApi(stand, stand.apiId).connect('/prod');
      assert.ok(socket, `refused with ${status}`);
      socket.on('error', () => {});
      return { id: stand.connected().at(-1)!, socket };
    },

    /** Ids that the function has heard of, in this order. */
    connected: (): string[] => contexts('CONNECT').map(({ connectionId }) => connectionId),

    told: (): ToldEnd[] =>
      contexts('DISCONNECT').map(({ connectionId, requestId, disconnectStatusCode, disconnectReason }) => ({
        id: connectionId,
        requestId,
        how: `${disconnectStatusCode} ${disconnectReason}`,
      })),

    toldOf: (id: string): ToldEnd[] => stand.told().filter((each) => each.id === id),

    async until(what: string, isSo: () => boolean): Promise<void> {
      for (let i = 0; !isSo(); i++) {
        assert.ok(i < 2_000, `in time: ${what}`);
        await pause(10);
      }
    },
  };
  const contexts = (kind: string) =>
    lambda.invocations
      .map(({ event }) => JSON.parse(event).requestContext)
      .filter(({ eventType }) => eventType === kind);
  lambda.script(
    (event): InvokeAnswer =>
      event.includes(`"eventType":"${stand.unanswered}"`) ? 'silent' : { payload: '{"statusCode":200}' },
  );
  await stand.start();
  return stand;
}
