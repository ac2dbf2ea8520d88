// The program with two workers, for a whole file of tests: a function that says what it was called with, and ways to reach each worker.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { Program } from './program.ts';
import { type RawReply, sendRaw } from './raw-client.ts';

export interface Listed {
  readonly role: string;
  readonly pid: number;
}

export interface WorkersStand {
  readonly program: Program;
  readonly directory: string;
  readonly management: string;
  readonly host: string;
  readonly port: number;
  readonly client: ApiGatewayV2;
  /** Processes that run, as the primary lists them. */
  processes(): Promise<readonly Listed[]>;
  /** Those that serve. */
  workers(): Promise<readonly Listed[]>;
  /** Sends requests, each on a connection of its own, until both workers have answered one. */
  askEach(request: string): Promise<readonly RawReply[]>;
  close(): Promise<void>;
}

export const FUNCTION_TARGET = 'arn:aws:lambda:us-east-1:000000000000:function:say';
const SAY = `import { setTimeout as pause } from 'node:timers/promises';
export const handler = async ({ stageVariables, queryStringParameters: { text, millis = 0 } = {} }) => {
  await pause(Number(millis));
  return text ?? stageVariables?.text ?? 'nothing';
};
`;
const YAML = 'workers: 2\nfunctions: { say: { file: say.mjs } }\n';

/** `code` is the function's, `yaml` more of the configuration file, `environment` of the program. */
export async function startWorkers(
  words: readonly string[] = [],
  {
    at,
    code = SAY,
    yaml = '',
    environment = {},
  }: {
    readonly at?: string;
    readonly code?: string;
    readonly yaml?: string;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<WorkersStand> {
  const directory = at ?? (await mkdtemp(join(tmpdir(), 'postern-workers-')));
  await writeFile(join(directory, 'say.mjs'), code);
  await writeFile(join(directory, 'postern.yaml'), `${YAML}${yaml}`);
  const listen = words.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
  const all = [...listen, '--config', 'postern.yaml', ...words];
  const program = new Program(all, { cwd: directory, environment });
  const { management, data } = await program.ready();
  const { hostname: host, port } = new URL(management);
  const client = new ApiGatewayV2({
    endpoint: management,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const processes = async (): Promise<readonly Listed[]> => {
    const text = await readFile(join(data, 'run', 'processes.json'), 'utf8').catch(() => '{"processes":[]}');
    return (JSON.parse(text) as { processes: Listed[] }).processes;
  };
  return {
    ...{ program, directory, management, host, client, processes },
    port: Number(port),
    async workers() {
      return (await processes()).filter(({ role }) => role.startsWith('worker'));
    },
    async askEach(request) {
      const replies = new Map<string, RawReply>();
      for (let i = 0; replies.size < 2; i++) {
        if (i > 200) throw new Error('one worker alone answers');
        const reply = await sendRaw({ host, port: Number(port), bytes: request });
        replies.set(processOf(reply), reply);
      }
      return [...replies.values()];
    },
    async close() {
      client.destroy();
      program.child.kill('SIGKILL');
      await program.outcome;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Request ids begin with what is the process's own. */
function processOf({ headers }: RawReply): string {
  const id = headers.find(([name]) => name.toLowerCase() === 'apigw-requestid')?.[1];
  if (id === undefined) throw new Error('a reply of the gateway has a request id');
  return id.slice(0, 9);
}
