// Servers and load of the WebSocket scenarios, as processes on their cores.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  CreateIntegrationResponseCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Bench } from '../bench.ts';
import { call } from '../call.ts';
import { Commanded } from '../commanded.ts';
import { pinned } from '../cores.ts';
import { freePort, Program } from '../program.ts';
import type { BareOptions } from './bare.ts';
import type { Server } from './raw.ts';
import type { Talked, TalkOptions } from './talk.ts';

const BARE = fileURLToPath(new URL('./bare.js', import.meta.url));
const TALK = fileURLToPath(new URL('./talk.js', import.meta.url));
const CROWD = fileURLToPath(new URL('./crowd.js', import.meta.url));
const RETURNING = fileURLToPath(new URL('./returning.js', import.meta.url));
const POSTS = fileURLToPath(new URL('./posts.js', import.meta.url));

export const STAGE = 'bench';

export interface Subject {
  readonly name: string;
  readonly program: Program;
  readonly server: Server;
}

/** The server of `ws` alone. */
export async function startBare(
  bench: Bench,
  { secure = false, tellsIds = false }: Omit<BareOptions, 'port'> = {},
): Promise<Subject> {
  const port = await freePort();
  const program = new Program({
    name: 'bare ws',
    command: process.execPath,
    args: [BARE, JSON.stringify({ port, secure, tellsIds } satisfies BareOptions)],
    env: { NODE_ENV: 'production' },
    cores: bench.cores,
    on: bench.cores.gateway,
    log: join(bench.folder, 'bare-ws.log'),
  });
  await program.ready(async () => (await call({ port, secure, path: '/' })).status === 426);
  return { name: 'bare ws', program, server: { port, host: 'localhost', path: '/', secure } };
}

export interface MockTemplates {
  readonly request: string;
  readonly response: string;
}

/** What comes is sent back: by way of an override, as responses of MOCK see no message. */
export const ECHO: MockTemplates = {
  request: '#set($context.responseOverride.header.echo = $input.body){"statusCode": 200}',
  response: '$context.responseOverride.header.echo',
};

/** Whoever sends something is told its connection's id. */
export const TELL_ID: MockTemplates = {
  request: '#set($context.responseOverride.header.id = $context.connectionId){"statusCode": 200}',
  response: '$context.responseOverride.header.id',
};

/** The same with the id of the event, which its process has made. */
export const TELL_IDS: MockTemplates = {
  request:
    '#set($context.responseOverride.header.ids = "$context.connectionId $context.requestId"){"statusCode": 200}',
  response: '$context.responseOverride.header.ids',
};

/** An API whose `$default` route is a two-way MOCK; with `disconnectUri`, the ends of connections are POSTed there. */
export async function makeSocketApi(
  client: ApiGatewayV2Client,
  templates: MockTemplates,
  disconnectUri?: string,
): Promise<string> {
  const { ApiId } = await client.send(
    new CreateApiCommand({
      Name: 'sockets',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    }),
  );
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'MOCK',
      TemplateSelectionExpression: 'bench',
      RequestTemplates: { bench: templates.request },
    }),
  );
  await client.send(
    new CreateIntegrationResponseCommand({
      ApiId,
      IntegrationId,
      IntegrationResponseKey: '$default',
      TemplateSelectionExpression: 'bench',
      ResponseTemplates: { bench: templates.response },
    }),
  );
  const { RouteId } = await client.send(
    new CreateRouteCommand({
      ApiId,
      RouteKey: '$default',
      RouteResponseSelectionExpression: '$default',
      Target: `integrations/${IntegrationId}`,
    }),
  );
  await client.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
  if (disconnectUri !== undefined) {
    const made = await client.send(
      new CreateIntegrationCommand({
        ApiId,
        IntegrationType: 'HTTP',
        IntegrationMethod: 'POST',
        IntegrationUri: disconnectUri,
        TemplateSelectionExpression: 'bench',
        RequestTemplates: { bench: '$context.connectionId' },
      }),
    );
    await client.send(
      new CreateRouteCommand({
        ApiId,
        RouteKey: '$disconnect',
        Target: `integrations/${made.IntegrationId}`,
      }),
    );
  }
  await client.send(new CreateStageCommand({ ApiId, StageName: STAGE }));
  await client.send(new CreateDeploymentCommand({ ApiId, StageName: STAGE }));
  return ApiId!;
}

/** With an integration for `$connect`, connects wait for the registry. */
export async function makeConnectRoute(client: ApiGatewayV2Client, ApiId: string): Promise<void> {
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ...{ ApiId, IntegrationType: 'MOCK', TemplateSelectionExpression: 'bench' },
      RequestTemplates: { bench: '{"statusCode": 200}' },
    }),
  );
  const Target = `integrations/${IntegrationId}`;
  await client.send(new CreateRouteCommand({ ApiId, RouteKey: '$connect', Target }));
  await client.send(new CreateDeploymentCommand({ ApiId, StageName: STAGE }));
}

/** Replies a second, by as many processes as there are cores for the load. */
export async function talk(bench: Bench, options: TalkOptions): Promise<number> {
  const threads = bench.cores.loadThreads;
  const each = { ...options, connections: options.connections / threads };
  const talked = await Promise.all(Array.from({ length: threads }, () => talkOnce(bench, each)));
  return talked.reduce((sum, { replies, seconds }) => sum + replies / seconds, 0);
}

function talkOnce(bench: Bench, options: TalkOptions): Promise<Talked> {
  const [command, args] = pinned(bench.cores, bench.cores.load, process.execPath, [
    TALK,
    JSON.stringify(options),
  ]);
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (data) => {
    output += String(data);
  });
  child.stderr.on('data', (data) => {
    errors += String(data);
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as Talked);
      else reject(new Error(`the load failed: ${errors.slice(-600)}`));
    });
  });
}

/** Many connections in one process of the load. */
export class Crowd extends Commanded {
  constructor({ cores }: Bench, server: Server, postPath = '/') {
    super(cores, cores.load, CROWD, [JSON.stringify(server), postPath]);
  }
}

/** Connections of several workers, and who posts to them. */
export class PostLoad extends Commanded {
  constructor({ cores }: Bench, server: Server, postPath: string) {
    super(cores, cores.load, POSTS, [JSON.stringify(server), postPath]);
  }
}

/** Connections that open again where they are lost. */
export class ReturningCrowd extends Commanded {
  constructor({ cores }: Bench, server: Server, addresses: readonly string[]) {
    super(cores, cores.load, RETURNING, [JSON.stringify(server), JSON.stringify(addresses)]);
  }
}
