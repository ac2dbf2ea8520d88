// Postern itself, started as a user starts it and configured through the management API with the AWS SDK.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import type { Bench, Gateway, Manner, RunningGateway } from '../bench.ts';
import { call } from '../call.ts';
import { certificateFiles } from '../certificate.ts';
import { cpuMicros } from '../proc.ts';
import { freePort, Program } from '../program.ts';
import { createApi, logAccess, managementClient, mappedRoutes } from './postern-api.ts';

export const POSTERN_COMMAND = fileURLToPath(new URL('../../../program/cli/bin.js', import.meta.url));

export interface RunningPostern {
  /** The gateway's. */
  readonly port: number;
  readonly managementPort: number;
  readonly program: Program;
  readonly folder: string;
  readonly client: ApiGatewayV2Client;
  /** Milliseconds from the start of the process to the first 200 from its health check. */
  readonly readyMillis: number;
  /** What it has used of the CPU by then. */
  readonly readyCpuMillis: number;
}

export interface StartOptions {
  /** The data directory; absent: a new empty one. */
  readonly folder?: string;
  /** The configuration file. */
  readonly config?: string;
  /** The command file of the build to start. */
  readonly command?: string;
  /** More words of the command line. */
  readonly words?: readonly string[];
  /** A core list; absent: the gateway's. */
  readonly on?: string;
  /** The gateway speaks TLS; the management door is then on a port of its own. */
  readonly secure?: boolean;
}

export async function startPostern(bench: Bench, options: StartOptions = {}): Promise<RunningPostern> {
  const { config, secure = false } = options;
  const command = options.command ?? bench.options.postern ?? POSTERN_COMMAND;
  const folder = options.folder ?? mkdtempSync(join(bench.folder, 'postern-'));
  const port = await freePort();
  const managementPort = secure ? await freePort() : port;
  const words = [...(options.words ?? [])];
  if (secure) {
    const { cert, key } = certificateFiles(bench.folder);
    words.push('--management', `127.0.0.1:${managementPort}`, '--tls-cert', cert, '--tls-key', key);
  }
  const { profileFolder } = bench.options;
  const profile = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const startedAt = performance.now();
  const program = new Program({
    name: 'postern',
    command: process.execPath,
    args: [
      ...profile,
      command,
      'start',
      '--listen',
      `127.0.0.1:${port}`,
      '--data',
      folder,
      ...(config === undefined ? [] : ['--config', config]),
      ...words,
    ],
    env: { NODE_ENV: 'production' },
    cores: bench.cores,
    on: options.on ?? bench.cores.gateway,
    log: join(bench.folder, 'postern.log'),
  });
  await program.ready(
    async () => (await call({ port: managementPort, path: '/_postern/health' })).status === 200,
    2,
  );
  const readyMillis = performance.now() - startedAt;
  const readyCpuMillis = cpuMicros(program.pids()) / 1_000;
  const client = managementClient(managementPort);
  return { port, managementPort, program, folder, client, readyMillis, readyCpuMillis };
}

export function hostOf(apiId: string): string {
  return `${apiId}.execute-api.localhost`;
}

export const postern: Gateway = posternOf('postern', 'this tree');

/** With a line for each request in a file. */
export const loggingPostern: Gateway = startedWith('logging', ['--log-requests', 'on']);

/** Another configuration file. */
export const tracingPostern = (name: string, config: string): Gateway =>
  posternOf(name, 'this tree', undefined, ['--config', config]);

/** Another build: its command file. */
export const besidePostern = (file: string): Gateway => posternOf('the other', file, file);

/** With more words of the command line. */
export function startedWith(name: string, words: readonly string[]): Gateway {
  return posternOf(name, 'this tree', undefined, words);
}

function posternOf(name: string, version: string, command?: string, words: readonly string[] = []): Gateway {
  return {
    name,
    version: () => version,
    async start(bench, { secure = false, accessLog = false }: Manner = {}): Promise<RunningGateway> {
      const { port, program, client, folder } = await startPostern(bench, {
        ...{ words, secure },
        ...(command === undefined ? {} : { command }),
      });
      const apiId = await createApi(client, { name: 'pets', routes: mappedRoutes(bench.backend.port) });
      const log = accessLog ? join(folder, await logAccess(client, apiId)) : undefined;
      client.destroy();
      return {
        ...{ name, port, host: hostOf(apiId), program, secure, lacks: [] },
        ...(log === undefined ? {} : { accessLog: log }),
      };
    },
  };
}
