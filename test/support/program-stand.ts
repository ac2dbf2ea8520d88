// The program as a process, with an unmodified AWS client for it and a data directory that goes with the test.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { REGION } from './postern.ts';
import { Program, type ProgramOptions } from './program.ts';

export interface ProgramStand {
  readonly program: Program;
  readonly cwd: string;
  readonly management: string;
  readonly host: string;
  readonly port: number;
  readonly client: ApiGatewayV2Client;
}

export interface ProgramStandOptions extends Partial<ProgramOptions> {
  /** Makes files in the working directory before the start. */
  readonly prepare?: (cwd: string) => Promise<unknown>;
}

/** Starts `postern WORDS` on a free port. */
export async function startProgram(
  t: TestContext,
  words: readonly string[] = [],
  options: ProgramStandOptions = {},
): Promise<ProgramStand> {
  const cwd = await mkdtemp(join(tmpdir(), 'postern-program-'));
  await options.prepare?.(cwd);
  const all = words.includes('--management') ? words : ['--listen', '127.0.0.1:0', ...words];
  const program = new Program(all, { cwd, ...options });
  t.after(async () => {
    program.child.kill('SIGKILL');
    await program.outcome;
    await rm(cwd, { recursive: true, force: true });
  });
  const management =
    options.terminal === true
      ? /https?:\S+/.exec(await program.line('Management '))![0].replace(/\x1b.*/, '')
      : (await program.ready()).management;
  const { hostname, port } = new URL(management);
  const client = new ApiGatewayV2Client({
    endpoint: management,
    region: REGION,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  t.after(() => client.destroy());
  return { program, cwd, management, host: hostname, port: Number(port), client };
}
