// Lambda functions on this machine: one hello-world function behind Postern and behind serverless-offline, over HTTP
// (bench/METHOD.md). The gateway has its core to itself; what runs the function has the others.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateApiCommand } from '@aws-sdk/client-apigatewayv2';
import type { Bench, Outcome, Row, Scenario } from '../bench.ts';
import { call } from '../call.ts';
import { hostOf, startPostern } from '../gateways/postern.ts';
import { cpuMicros, residentMiB, threadCpuMicros } from '../proc.ts';
import { freePort, Program } from '../program.ts';
import { get } from '../requests.ts';
import { median } from '../rounds.ts';
import { type Load, wrk } from '../wrk.ts';

const PEERS = fileURLToPath(new URL('../../../../bench/peers/node_modules', import.meta.url));
const INSTANCES = 4;

const HANDLER = "export const handler = async () => ({ statusCode: 200, body: 'hello world' });\n";
const POSTERN_YAML = `functions: { hello: { file: hello.mjs, concurrency: ${INSTANCES}, timeout: 30 } }\n`;
const SERVERLESS_YAML = `service: hello
frameworkVersion: '3'
provider: { name: aws, runtime: nodejs20.x, region: us-east-1, httpApi: { payload: '2.0' } }
plugins: [serverless-offline]
functions:
  hello: { handler: hello.handler, timeout: 30, events: [{ httpApi: 'GET /pets/{petId}' }] }
`;

interface Subject {
  readonly name: string;
  readonly program: Program;
  readonly port: number;
  readonly load: Load;
  /** What runs the function beside the gateway: processes of its own, threads of the gateway's process, or nothing. */
  readonly functions: 'processes' | 'threads' | 'none';
}

interface Sample {
  readonly perSecond: number;
  /** Of the gateway alone, without what runs the function, microseconds a call. */
  readonly gatewayCpu: number;
  /** With it. */
  readonly cpu: number;
  readonly p50Micros: number;
  readonly residentMiB: number;
  readonly failed: number;
}

export const lambda: Scenario = {
  name: 'lambda',
  title: `A hello-world function over HTTP, 64 callers: Postern with ${INSTANCES} instances, and serverless-offline`,
  async run(bench): Promise<Outcome> {
    const folder = join(bench.folder, 'lambda');
    mkdirSync(folder, { recursive: true });
    writeFunction(folder);
    writeFileSync(join(folder, 'serverless.yml'), SERVERLESS_YAML);
    const subjects: Subject[] = [];
    const notes: string[] = [];
    try {
      subjects.push(await startPosternSubject(bench, folder, []));
      if (existsSync(join(PEERS, 'serverless-offline'))) {
        symlinkSync(PEERS, join(folder, 'node_modules'));
        subjects.push(await startServerless(bench, folder, 'serverless-offline', []));
        subjects.push(await startServerless(bench, folder, 'same, in process', ['--useInProcess']));
      } else
        notes.push('serverless-offline is left out: `npm ci --ignore-scripts` in bench/peers installs it.');
      const series = await measureAll(bench, subjects);
      return {
        table: subjects.map(({ name }) => rowOf(name, series)),
        goals: [
          {
            what: 'CPU of the gateway a call',
            value: median(series.get('postern')!.map(({ gatewayCpu }) => gatewayCpu)),
            unit: ' µs',
            atMost: 90,
          },
          ...subjects.slice(1, 2).map(({ name }) => ({
            what: `invocations/s of postern / ${name}`,
            value: ratioOf(series, 'postern', name),
            unit: '×',
            atLeast: 5,
          })),
        ],
        notes,
      };
    } finally {
      await Promise.all(subjects.map(({ program }) => program.stop()));
    }
  },
};

/** The function, and the configuration that names it. */
export function writeFunction(folder: string): void {
  writeFileSync(join(folder, 'hello.mjs'), HANDLER);
  writeFileSync(join(folder, 'postern.yaml'), POSTERN_YAML);
}

/** Postern with the function of `writeFunction`; `words` are more of the command line. */
export async function startPosternSubject(
  bench: Bench,
  folder: string,
  words: readonly string[],
): Promise<Subject> {
  const config = join(folder, 'postern.yaml');
  const { program, port, client } = await startPostern(bench, { config, words });
  const { ApiId } = await client.send(
    new CreateApiCommand({
      Name: 'hello',
      ProtocolType: 'HTTP',
      RouteKey: 'GET /pets/{petId}',
      Target: 'arn:aws:lambda:us-east-1:000000000000:function:hello',
    }),
  );
  client.destroy();
  const subject: Subject = {
    name: 'postern',
    program,
    port,
    load: get(hostOf(ApiId!)),
    functions: 'processes',
  };
  await check(subject);
  return subject;
}

async function startServerless(
  bench: Bench,
  folder: string,
  name: string,
  args: readonly string[],
): Promise<Subject> {
  const [port, lambdaPort] = [await freePort(), await freePort()];
  const program = new Program({
    name,
    command: process.execPath,
    args: [
      join(PEERS, 'serverless/bin/serverless.js'),
      ...['offline', 'start', '--noPrependStageInUrl', '--host', '127.0.0.1'],
      ...['--httpPort', String(port), '--lambdaPort', String(lambdaPort), ...args],
    ],
    env: { NODE_ENV: 'production', SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' },
    cwd: folder,
    cores: bench.cores,
    on: bench.cores.gateway,
    log: join(bench.folder, 'serverless.log'),
  });
  const subject: Subject = {
    name,
    program,
    port,
    load: get('127.0.0.1'),
    functions: args.length === 0 ? 'threads' : 'none',
  };
  await program.ready(async () => (await call({ port, path: '/pets/42' })).status === 200);
  await check(subject);
  return subject;
}

async function check({ name, port, load }: Subject): Promise<void> {
  const { status, body } = await call({ port, path: load.target, headers: load.headers });
  if (status !== 200 || body !== 'hello world') throw new Error(`${name} answers ${status} ${body}`);
}

async function measureAll(bench: Bench, subjects: readonly Subject[]): Promise<Map<string, Sample[]>> {
  const rounds = bench.options.rounds ?? 5;
  const seconds = bench.options.seconds ?? 4;
  const series = new Map<string, Sample[]>(subjects.map(({ name }) => [name, []]));
  // Instances start with calls, and are moved to their cores then; the second run finds them there.
  for (const subject of [...subjects, ...subjects]) await measureOnce(bench, subject, seconds);
  for (let round = 1; round <= rounds; round++) {
    const parts: string[] = [];
    for (const subject of subjects) {
      const sample = await measureOnce(bench, subject, seconds);
      series.get(subject.name)!.push(sample);
      parts.push(`${subject.name} ${Math.round(sample.perSecond)}`);
    }
    bench.say(`  round ${round}/${rounds}: ${parts.join(', ')}`);
  }
  return series;
}

async function measureOnce(bench: Bench, subject: Subject, seconds: number): Promise<Sample> {
  const { program, port, load, functions } = subject;
  moveFunctions(bench, subject);
  const pids = program.pids();
  const gatewayCpu = (): number =>
    functions === 'threads' ? threadCpuMicros(pids[0]!) : cpuMicros(pids.slice(0, 1));
  const before = { gateway: gatewayCpu(), all: cpuMicros(pids) };
  const result = await wrk({ ...bench, port }, load, seconds);
  const { requests } = result;
  return {
    perSecond: requests / result.seconds,
    gatewayCpu: (gatewayCpu() - before.gateway) / requests,
    cpu: (cpuMicros(pids) - before.all) / requests,
    p50Micros: result.p50Micros,
    residentMiB: residentMiB(pids),
    failed: result.failed,
  };
}

/** Everything of a program but the gateway's process, or its main thread, leaves the gateway's core. */
function moveFunctions({ cores }: Bench, { program, functions }: Subject): void {
  if (cores.gatewayCore === undefined || functions === 'none') return;
  const [gateway, ...others] = program.pids();
  const tasks =
    functions === 'processes'
      ? others
      : readdirSync(`/proc/${gateway}/task`)
          .map(Number)
          .filter((each) => each !== gateway);
  for (const task of tasks) {
    const all = functions === 'processes' ? ['-a'] : [];
    spawnSync('taskset', [...all, '-c', '-p', `${cores.backend},${cores.load}`, String(task)]);
  }
}

function rowOf(name: string, series: ReadonlyMap<string, readonly Sample[]>): Row {
  const samples = series.get(name)!;
  const of = (pick: (sample: Sample) => number): number => median(samples.map(pick));
  return {
    name,
    'invocations/s': Math.round(of((each) => each.perSecond)),
    'postern /': ratioOf(series, 'postern', name).toFixed(2),
    'gateway CPU µs': of((each) => each.gatewayCpu).toFixed(1),
    'CPU µs with functions': of((each) => each.cpu).toFixed(1),
    'p50 ms': (of((each) => each.p50Micros) / 1000).toFixed(2),
    'RSS MiB': Math.round(of((each) => each.residentMiB)),
    failed: samples.reduce((sum, each) => sum + each.failed, 0),
  };
}

/** Median over the rounds of one subject's rate divided by another's in the same round. */
function ratioOf(series: ReadonlyMap<string, readonly Sample[]>, name: string, base: string): number {
  const below = series.get(base)!;
  return median(series.get(name)!.map(({ perSecond }, round) => perSecond / below[round]!.perSecond));
}
