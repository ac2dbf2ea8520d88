// Calls of local functions as the gateway makes them: hello world, 4 instances, 64 callers (bench/METHOD.md). Prints calls a
// second and the CPU that this process, the gateway's part, spends on one.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, cpuUsage } from 'node:process';
import type { Invocation, LambdaFunction } from '../../src/backends/lambda-function.ts';
import { createLocalFunctions } from '../../src/functions/local-functions.ts';
import { parseConfig } from '../../src/settings/config-file.ts';
import { environmentOfProcess } from '../../src/settings/settings.ts';
import { createLog } from '../../src/telemetry/log.ts';

const CALLERS = 64;
const SECONDS = Number(argv[2] ?? 3);
const ROUNDS = 3;

const FILES: Readonly<Record<string, string>> = {
  'node.mjs': "export const handler = async () => ({ statusCode: 200, body: 'hello world' });",
  'python.py': "def handler(event, context):\n    return {'statusCode': 200, 'body': 'hello world'}\n",
};
const CONFIG = `functions:
  node: { handler: node.handler, concurrency: 4, timeout: 30 }
  python: { handler: python.handler, concurrency: 4, timeout: 30 }`;

/** The size of an event of format 2.0 with a browser's headers. */
const EVENT = JSON.stringify({ version: '2.0', headers: { cookie: 'x'.repeat(900) }, body: 'y'.repeat(100) });

const directory = await mkdtemp(join(tmpdir(), 'postern-bench-functions-'));
for (const [name, text] of Object.entries(FILES)) {
  await writeFile(join(directory, name), text);
  await chmod(join(directory, name), 0o755);
}
const log = createLog({ level: 'warn', pretty: false, colour: false, output: process.stderr });
const { sections } = parseConfig(CONFIG, 'bench.yaml', directory);
const functions = createLocalFunctions(sections.functions, {
  region: 'us-east-1',
  environment: environmentOfProcess(),
  log,
});
for (let round = 0; round < ROUNDS; round++) {
  for (const name of ['node', 'python']) await measure(name);
}
await functions.close(0);
await rm(directory, { recursive: true });

async function measure(name: string): Promise<void> {
  const place = { partition: 'aws', region: 'us-east-1', account: '000000000000' };
  const found = functions.find({ ...place, name, qualifier: undefined });
  if (found === undefined) throw new Error(`there is no function ${name}`);
  await run(found, 500);
  const before = cpuUsage();
  const { calls, seconds } = await run(found, SECONDS * 1000);
  const { user, system } = cpuUsage(before);
  const rate = Math.round(calls / seconds).toLocaleString('en');
  console.log(
    `${name.padEnd(8)} ${rate.padStart(8)} calls/s  ${((user + system) / calls).toFixed(1).padStart(6)} µs CPU a call`,
  );
}

async function run(found: LambdaFunction, millis: number): Promise<{ calls: number; seconds: number }> {
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
      const outcome = await found.invoke(invocation);
      if (outcome.kind !== 'returned') throw new Error(JSON.stringify(outcome));
      calls++;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return { calls, seconds: (performance.now() - startedAt) / 1000 };
}
