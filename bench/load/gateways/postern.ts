// Postern itself, started as a user starts it and configured through the management API with the AWS SDK.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import type { Bench, Gateway, RunningGateway } from '../bench.ts';
import { call } from '../call.ts';
import { cpuMicros } from '../proc.ts';
import { freePort, Program } from '../program.ts';
import { createApi, managementClient, mappedRoutes } from './postern-api.ts';

export const POSTERN_COMMAND = fileURLToPath(new URL('../../../program/cli/bin.js', import.meta.url));

export interface RunningPostern {
  readonly port: number;
  readonly program: Program;
  readonly folder: string;
  readonly client: ApiGatewayV2Client;
  /** Milliseconds from the start of the process to the first 200 from its health check. */
  readonly readyMillis: number;
  /** What it has used of the CPU by then. */
  readonly readyCpuMillis: number;
}

/** Starts Postern; in `folder` when one is given, else in a new empty one; with the configuration file `config`. */
export async function startPostern(
  bench: Bench,
  folder?: string,
  config?: string,
  command = bench.options.postern ?? POSTERN_COMMAND,
  words: readonly string[] = [],
): Promise<RunningPostern> {
  const data = folder ?? mkdtempSync(join(bench.folder, 'postern-'));
  const port = await freePort();
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
      data,
      ...(config === undefined ? [] : ['--config', config]),
      ...words,
    ],
    env: { NODE_ENV: 'production' },
    cores: bench.cores,
    on: bench.cores.gateway,
    log: join(bench.folder, 'postern.log'),
  });
  await program.ready(async () => (await call({ port, path: '/_postern/health' })).status === 200, 2);
  const readyMillis = performance.now() - startedAt;
  const readyCpuMillis = cpuMicros(program.pids()) / 1_000;
  return { port, program, folder: data, client: managementClient(port), readyMillis, readyCpuMillis };
}

export function hostOf(apiId: string): string {
  return `${apiId}.execute-api.localhost`;
}

export const postern: Gateway = posternOf('postern', 'this tree');

/** With a line for each request in a file. */
export const loggingPostern: Gateway = posternOf('logging', 'this tree', undefined, ['--log-requests', 'on']);

/** Another build: its command file. */
export const besidePostern = (file: string): Gateway => posternOf('the other', file, file);

function posternOf(name: string, version: string, command?: string, words: readonly string[] = []): Gateway {
  return {
    name,
    version: () => version,
    async start(bench): Promise<RunningGateway> {
      const { port, program, client } = await startPostern(bench, undefined, undefined, command, words);
      const apiId = await createApi(client, { name: 'pets', routes: mappedRoutes(bench.backend.port) });
      client.destroy();
      return { name, port, host: hostOf(apiId), program, lacks: [] };
    },
  };
}
