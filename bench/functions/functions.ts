// Calls of local functions as the gateway makes them: hello world, 4 instances, 64 callers (bench/METHOD.md). Prints calls a
// second and the CPU of one: of this process, which is the gateway's part, and of all processes together.
//
// `node, host` is a call through the functions host, as workers make it. `node, floor` is a call in one process beside which an empty
// message goes to another process and back: what sockets and waking cost of the way through a host, whatever goes over it.
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, cpuUsage, execPath, pid } from 'node:process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Invocation, LambdaFunction } from '../../src/backends/lambda-function.ts';
import { HostProcess } from '../../src/cluster/functions/host-process.ts';
import { FUNCTION_CHANNEL } from '../../src/cluster/functions/protocol.ts';
import { RemoteFunctions } from '../../src/cluster/functions/remote-functions.ts';
import { createLocalFunctions } from '../../src/functions/local-functions.ts';
import { Channel, FIRST_KIND } from '../../src/net/channel/channel.ts';
import { parseConfig } from '../../src/settings/config-file.ts';
import { environmentOfProcess } from '../../src/settings/settings.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { POSTERN_COMMAND } from '../load/gateways/postern.ts';
import { cpuMicros, processTree } from '../load/proc.ts';
import { median } from '../load/rounds.ts';

const CALLERS = 64;
const SECONDS = Number(argv[2] ?? 3);
const ROUNDS = Number(argv[3] ?? 3);
const ECHO = 'echo';
const ECHO_FD = 3;

const FILES: Readonly<Record<string, string>> = {
  'node.mjs': "export const handler = async () => ({ statusCode: 200, body: 'hello world' });",
  'python.py': "def handler(event, context):\n    return {'statusCode': 200, 'body': 'hello world'}\n",
};
const CONFIG = `functions:
  node: { handler: node.handler, concurrency: 4, timeout: 30 }
  python: { handler: python.handler, concurrency: 4, timeout: 30 }`;

/** The size of an event of format 2.0 with a browser's headers. */
const EVENT = JSON.stringify({ version: '2.0', headers: { cookie: 'x'.repeat(900) }, body: 'y'.repeat(100) });

interface Sample {
  readonly perSecond: number;
  /** Microseconds a call. */
  readonly here: number;
  readonly everywhere: number;
}

if (argv[2] === ECHO) {
  new Channel(
    new Socket({ fd: ECHO_FD }),
    { onAsk: (_kind, body) => body, onTell: () => undefined, onEnd: () => undefined },
    FUNCTION_CHANNEL,
  );
} else await measureAll();

async function measureAll(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-bench-functions-'));
  for (const [name, text] of Object.entries(FILES)) {
    await writeFile(join(directory, name), text);
    await chmod(join(directory, name), 0o755);
  }
  const style = { level: 'warn', pretty: false, colour: false } as const;
  const log = createLog({ ...style, output: process.stderr });
  const { sections } = parseConfig(CONFIG, 'bench.yaml', directory);
  const region = 'us-east-1';
  const here = createLocalFunctions(sections.functions, { region, environment: environmentOfProcess(), log });
  const path = join(directory, 'functions.sock');
  const host = new HostProcess({
    program: { exec: POSTERN_COMMAND, args: ['functions-host'] },
    path,
    beginning: { region, log: style },
    log,
    output: process.stdout,
    onStarted: async () => undefined,
    onEnded: async () => undefined,
  });
  const lists = { configured: sections.functions, deployed: [] };
  await host.prepare(lists);
  await host.replace(lists);
  const there = new RemoteFunctions(path, host.names);
  const [echo, endEcho] = startEcho();
  const place = { partition: 'aws', region, account: '000000000000' };
  const arnOf = (name: string) => ({ ...place, name, qualifier: undefined });
  const node = here.find(arnOf('node'))!;
  const subjects = new Map<string, LambdaFunction>([
    ['node', node],
    ['node, floor', { invoke: (call) => echo.ask(FIRST_KIND, '').then(() => node.invoke(call)) }],
    ['node, host', there.find(arnOf('node'))!],
    ['python', here.find(arnOf('python'))!],
  ]);
  const series = new Map<string, Sample[]>([...subjects.keys()].map((name) => [name, []]));
  for (const subject of subjects.values()) await run(subject, 500);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, subject] of subjects) series.get(name)!.push(await measure(subject));
  }
  for (const [name, samples] of series) print(name, samples);
  there.close();
  endEcho();
  await Promise.all([host.close(0), here.close(0)]);
  await rm(directory, { recursive: true });
}

/** A process that gives back what it is asked. */
function startEcho(): readonly [Channel, end: () => void] {
  const child = spawn(execPath, [fileURLToPath(import.meta.url), ECHO], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const handlers = { onAsk: () => '', onTell: () => undefined, onEnd: () => undefined };
  return [
    new Channel(child.stdio[ECHO_FD] as Duplex, handlers, FUNCTION_CHANNEL),
    () => void child.kill('SIGKILL'),
  ];
}

async function measure(subject: LambdaFunction): Promise<Sample> {
  const pids = processTree(pid);
  const before = { here: cpuUsage(), everywhere: cpuMicros(pids) };
  const { calls, seconds } = await run(subject, SECONDS * 1000);
  const { user, system } = cpuUsage(before.here);
  return {
    perSecond: calls / seconds,
    here: (user + system) / calls,
    everywhere: (cpuMicros(pids) - before.everywhere) / calls,
  };
}

function print(name: string, samples: readonly Sample[]): void {
  const of = (pick: (sample: Sample) => number): number => median(samples.map(pick));
  const rate = Math.round(of((each) => each.perSecond)).toLocaleString('en');
  const here = of((each) => each.here).toFixed(1);
  const everywhere = of((each) => each.everywhere).toFixed(1);
  console.log(
    `${name.padEnd(11)} ${rate.padStart(8)} calls/s  ${here.padStart(6)} µs CPU a call here, ${everywhere.padStart(6)} in all processes`,
  );
}

async function run(subject: LambdaFunction, millis: number): Promise<{ calls: number; seconds: number }> {
  const invocation: Invocation = {
    event: EVENT,
    type: 'RequestResponse',
    timeoutInMillis: 30_000,
    requestId: 'JKJaXmPLvHcESHA=',
    traceId: 'Root=1-5e1b4151-5ac6c58f5b5daa6532d2e6a7',
  };
  const startedAt = performance.now();
  let calls = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() - startedAt < millis) {
      const outcome = await subject.invoke(invocation);
      if (outcome.kind !== 'returned') throw new Error(JSON.stringify(outcome));
      calls++;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return { calls, seconds: (performance.now() - startedAt) / 1000 };
}
