// Functions in a process of their own, called from this one (docs/guide/lambda.md).
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { logTo } from '../../../test/support/logged.ts';
import { ENTRY } from '../../../test/support/program.ts';
import { type Invocation, type InvocationOutcome, MAX_INVOKE_BYTES } from '../../backends/lambda-function.ts';
import { DEFAULT_LIMITS, type FunctionSettings } from '../../functions/settings.ts';
import { parseFunctionName } from '../../grammar/function-name.ts';
import { HostProcess } from './host-process.ts';
import { RemoteFunctions } from './remote-functions.ts';

const PLACE = { partition: 'aws', region: 'eu-west-1', account: '123456789012' };

const SOURCE = `
export const echo = async (event, context) => ({ event, pid: process.pid, parent: process.ppid, traceId: process.env._X_AMZN_TRACE_ID, context: context.clientContext });
export const says = async () => { console.log('one'); console.log('two ☕'); return 'said'; };
export const hangs = () => new Promise((resolve) => setTimeout(resolve, 60_000));
export const large = async () => 'x'.repeat(${MAX_INVOKE_BYTES - 2});
`;

// biome-ignore lint/suspicious/noExplicitAny: what a function returns, which each test knows.
type Answer = any;

describe('the functions host', () => {
  let directory = '';
  let host: HostProcess;
  let other: RemoteFunctions;
  let pid: number | undefined;
  const waiting = new Set<() => void>();
  const logged: string[] = [];

  function settingsOf(key: string, exported: string, more: Partial<FunctionSettings> = {}): FunctionSettings {
    return {
      ...DEFAULT_LIMITS,
      ...{ key, runtime: 'nodejs', file: join(directory, 'code.mjs'), exported, handler: `code.${exported}` },
      ...{ taskRoot: directory, environment: {}, watch: [], ...more },
    };
  }

  /** From another process than the primary's, as it were. */
  function call(name: string, event: unknown, more: Partial<Invocation> = {}): Promise<InvocationOutcome> {
    const found = other.find(parseFunctionName(name, PLACE));
    assert.ok(found !== undefined, `${name} is found`);
    return found.invoke({
      event: typeof event === 'string' ? event : JSON.stringify(event),
      ...{ type: 'RequestResponse', timeoutInMillis: 30_000, requestId: 'r', traceId: 'Root=1', ...more },
    });
  }

  async function answer(name: string, event: unknown, more: Partial<Invocation> = {}): Promise<Answer> {
    const outcome = await call(name, event, more);
    assert.equal(outcome.kind, 'returned');
    return JSON.parse(outcome.kind === 'returned' ? outcome.payload : '');
  }

  async function replace(...configured: readonly FunctionSettings[]): Promise<void> {
    const lists = { configured, deployed: [] };
    await host.prepare(lists);
    await host.replace(lists);
    other.replace(host.names);
  }

  /** Resolves with what the log says next. */
  async function untilLogged(event: string): Promise<void> {
    while (!logged.includes(event)) await new Promise<void>((resolve) => void waiting.add(resolve));
    logged.splice(logged.indexOf(event), 1);
  }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-host-'));
    await writeFile(join(directory, 'code.mjs'), SOURCE);
    const path = join(directory, 'functions.sock');
    host = new HostProcess({
      program: { exec: ENTRY, args: ['functions-host'] },
      path,
      beginning: {
        region: PLACE.region,
        log: { level: 'silent', pretty: false, colour: false },
      },
      log: logTo(({ event }) => {
        logged.push(String(event));
        for (const wake of waiting) wake();
        waiting.clear();
      }),
      output: { write: () => undefined },
      onStarted: async (started) => {
        pid = started;
      },
      onEnded: async (ended) => {
        if (pid === ended) pid = undefined;
      },
    });
    other = new RemoteFunctions(path, []);
    await host.prepare({ configured: [], deployed: [] });
    assert.equal(pid, undefined, 'nobody without functions');
    await replace(
      settingsOf('echo', 'echo', { concurrency: 1 }),
      settingsOf('says', 'says'),
      settingsOf('hangs', 'hangs'),
    );
  });
  after(async () => {
    await host.close(0);
    other.close();
    await rm(directory, { recursive: true });
  });

  test('answers calls with what the function returns, and hands over what the function is told', async () => {
    const { event, context, parent } = await answer(
      'echo:prod',
      { text: '"☕"\n\u0000' },
      { clientContext: '{"custom":{"a":1}}' },
    );
    assert.deepEqual([event, context], [{ text: '"☕"\n\u0000' }, { custom: { a: 1 } }]);
    assert.equal(parent, pid, 'it runs in the host');
  });

  test('answers many at once, each its own', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, (_, n) => answer('echo', { n })));
    assert.deepEqual(
      all.map(({ event }) => event.n),
      all.map((_, n) => n),
    );
  });

  test('tells what a function writes to who listens, before the answer', async () => {
    const lines: string[] = [];
    assert.equal(await answer('says', {}, { onOutput: (line) => lines.push(line) }), 'said');
    assert.deepEqual(lines, ['one', 'two ☕']);
  });

  test('keeps the limits of events, answers and time', async () => {
    assert.deepEqual(await call('echo', 'é'.repeat(MAX_INVOKE_BYTES / 2 + 1)), { kind: 'tooLarge' });
    assert.deepEqual(await call('hangs', {}, { timeoutInMillis: 50 }), { kind: 'timeout' });
    assert.equal((await call('echo', {}, { type: 'Event' })).kind, 'returned');
  });

  test('has other functions when it is told so, and those that stay keep their processes', async () => {
    const { pid: before } = await answer('echo', {});
    await replace(
      settingsOf('echo', 'echo', { concurrency: 1 }),
      settingsOf('large', 'large'),
      settingsOf('hangs', 'hangs'),
    );
    assert.equal((await answer('echo', {})).pid, before);
    assert.equal(other.find(parseFunctionName('says', PLACE)), undefined);
    assert.equal((await answer('large', {})).length, MAX_INVOKE_BYTES - 2);
    assert.deepEqual(host.names, ['echo', 'large', 'hangs']);
  });

  test('tells what has been counted', async () => {
    const { functions, process: figures } = await host.counts();
    const { invocations, errors, instances } = functions.find(({ key }) => key === 'echo')!;
    assert.ok(invocations > 50 && errors === 0 && instances === 1);
    assert.ok((figures?.resident ?? 0) > 1e6);
    assert.equal(functions.find(({ key }) => key === 'hangs')!.errors, 1, 'one has taken too long');
  });

  test('killed: calls that ran fail as a function that crashed, its processes go, and the next calls are answered', async () => {
    const { pid: child } = await answer('echo', {});
    const running = call('hangs', {});
    // It has arrived there once a later one has been answered.
    await answer('echo', {});
    const before = pid!;
    process.kill(before, 'SIGKILL');
    const killedAt = performance.now();
    const outcome = await running;
    assert.equal(outcome.kind, 'functionError');
    assert.match(
      outcome.kind === 'functionError' ? outcome.payload : '',
      /"errorType":"Runtime\.ExitError".*signal: killed/,
    );
    const { parent } = await answer('echo', { again: true });
    const millis = performance.now() - killedAt;
    assert.ok(parent === pid && pid !== before);
    // On a busy machine too.
    assert.ok(millis < 5_000, `back after ${millis} ms`);
    await untilLogged('functions-host.ended');
    await untilLogged('functions-host.replaced');
    await untilGone(child);
  });
});

async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
