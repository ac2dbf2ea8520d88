// How calls and instances meet: concurrency, waiting, throttling, time-outs, crashes, reload, asynchronous calls, sizes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { ARN, startFunctions } from '../../test/support/functions.ts';
import { MAX_INVOKE_BYTES } from '../backends/lambda-function.ts';

/** Answers with the process and how many calls it has had; `event.hold` makes it wait for a file of that name. */
const COUNTING = `import { existsSync } from 'node:fs';
let n = 0;
export const handler = async ({ hold }) => {
  n++;
  if (hold) {
    console.log('holding ' + hold);
    await new Promise((done) => {
      const look = () => existsSync(hold) && (clearInterval(timer), done());
      const timer = setInterval(look, 5);
    });
  }
  return { pid: process.pid, n };
};`;

interface Counted {
  readonly pid: number;
  readonly n: number;
}

test('instances are started up to the concurrency; calls beyond it wait, the last used instance is used first', async (t) => {
  const f = await startFunctions(
    t,
    { 'a.mjs': COUNTING },
    'functions: { a: { handler: a.handler, concurrency: 2, timeout: 60 } }',
  );
  const held = [0, 1].map((i) => f.answer('a', { hold: `go-${i}` }));
  const waiting = [0, 1, 2, 3].map(() => f.answer('a'));
  await Promise.all([f.untilLogged('holding go-0'), f.untilLogged('holding go-1')]);
  await f.write('go-0', '');
  const [first] = (await Promise.all([held[0], ...waiting])) as Counted[];
  const rest = (await Promise.all(waiting)) as Counted[];
  assert.deepEqual(
    rest.map((each) => each.n),
    [2, 3, 4, 5],
  );
  assert.deepEqual([...new Set(rest.map((each) => each.pid))], [first?.pid]);
  await f.write('go-1', '');
  const second = (await held[1]) as Counted;
  assert.notEqual(second.pid, first?.pid);
  assert.deepEqual(await f.answer('a'), { pid: second.pid, n: 2 });
});

test('one call after the other needs one instance', async (t) => {
  const f = await startFunctions(t, { 'a.mjs': COUNTING }, 'functions: { a: { handler: a.handler } }');
  const pids = new Set<number>();
  for (let i = 0; i < 20; i++) pids.add(((await f.answer('a')) as Counted).pid);
  assert.equal(pids.size, 1);
});

test('a full queue throttles; without a queue the concurrency does', async (t) => {
  const f = await startFunctions(
    t,
    { 'a.mjs': COUNTING },
    `functions:
  none: { handler: a.handler, concurrency: 1, queue: 0, timeout: 60 }
  one: { handler: a.handler, concurrency: 1, queue: 1, timeout: 60 }`,
  );
  const none = f.answer('none', { hold: 'go' });
  const one = [f.answer('one', { hold: 'go' }), f.answer('one')];
  assert.deepEqual(await f.call('none'), { kind: 'throttled' });
  assert.deepEqual(await f.call('one'), { kind: 'throttled' });
  await f.write('go', '');
  await Promise.all([none, ...one]);
  assert.equal(((await f.answer('none')) as Counted).n, 2);
});

test('a caller’s time-out ends its call, not the function; one that waited is never run', async (t) => {
  const f = await startFunctions(
    t,
    { 'a.mjs': COUNTING },
    'functions: { a: { handler: a.handler, concurrency: 1, timeout: 60 } }',
  );
  assert.equal(((await f.answer('a')) as Counted).n, 1);
  const running = f.call('a', { hold: 'go' }, { timeoutInMillis: 50 });
  const waited = f.call('a', {}, { timeoutInMillis: 20 });
  assert.deepEqual(await waited, { kind: 'timeout' });
  assert.deepEqual(await running, { kind: 'timeout' });
  await f.write('go', '');
  assert.equal(((await f.answer('a')) as Counted).n, 3);
});

test('the function’s own time-out ends the instance', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const f = await startFunctions(
    t,
    {
      'a.mjs': `let n = 0; export const handler = async (event) => {
  n++; console.log('called to ' + event);
  if (event === 'loop') { await new Promise(setImmediate); for (;;); }
  if (event === 'wait') await new Promise((done) => setTimeout(done, 1e6));
  return n; };`,
    },
    'functions: { a: { handler: a.handler, timeout: 0.2 } }',
  );
  for (const event of ['wait', 'loop']) {
    const failed = f.failure('a', event);
    await f.untilLogged(`called to ${event}`);
    t.mock.timers.tick(199);
    assert.equal(await Promise.race([failed, turn()]), undefined);
    t.mock.timers.tick(1);
    const failure = await failed;
    assert.equal(failure.errorType, 'Sandbox.Timedout');
    assert.match(
      failure.errorMessage,
      /^RequestId: [0-9a-f-]{36} Error: Task timed out after 0\.20 seconds$/,
    );
  }
  assert.equal(await f.answer('a'), 1);
  assert.match(String((await f.untilLogged('a function failed')).reason), /Task timed out/);
});

test('a process that ends in a call fails that call alone, with Lambda’s document', async (t) => {
  const f = await startFunctions(
    t,
    {
      'a.mjs': `const ways = {
  exit: () => process.exit(3), clean: () => process.exit(0), kill: () => process.kill(process.pid, 'SIGKILL'),
  uncaught: () => setTimeout(() => { throw new TypeError('later') }), unhandled: () => { Promise.reject(new Error('lost')) },
};
export const handler = (event) => { if (event === 'pid') return Promise.resolve(process.pid); ways[event](); return new Promise((done) => setTimeout(done, 1e6)); };`,
    },
    'functions: { a: { handler: a.handler, concurrency: 1 } }',
  );
  const rows: readonly (readonly [way: string, errorType: string, message: RegExp])[] = [
    ['exit', 'Runtime.ExitError', /Error: Runtime exited with error: exit status 3$/],
    ['clean', 'Runtime.ExitError', /Error: Runtime exited without providing a reason$/],
    ['kill', 'Runtime.ExitError', /Error: Runtime exited with error: signal: killed$/],
    ['uncaught', 'TypeError', /^later$/],
    ['unhandled', 'Runtime.UnhandledPromiseRejection', /^lost$/],
  ];
  const pids = new Set<unknown>();
  for (const [way, errorType, message] of rows) {
    pids.add(await f.answer('a', 'pid'));
    const [failure, next] = await Promise.all([f.failure('a', way), f.answer('a', 'pid')]);
    assert.equal(failure.errorType, errorType, way);
    assert.match(failure.errorMessage, message, way);
    pids.add(next);
  }
  assert.equal(pids.size, rows.length + 1);
});

test('an instance that dies between calls is replaced', async (t) => {
  const f = await startFunctions(t, { 'a.mjs': COUNTING }, 'functions: { a: { handler: a.handler } }');
  const { pid } = (await f.answer('a')) as Counted;
  process.kill(pid, 'SIGKILL');
  await untilGone(pid);
  // Until the exit is heard of, a call may still go to the dead one.
  let outcome = await f.call('a');
  while (outcome.kind === 'functionError') outcome = await f.call('a');
  const next: Counted = JSON.parse(outcome.kind === 'returned' ? outcome.payload : '{}');
  assert.notEqual(next.pid, pid);
  assert.equal(next.n, 1);
});

test('a changed file is used by the next call; running calls finish on the old instance', async (t) => {
  const f = await startFunctions(
    t,
    {
      'src/a.mjs': `import { v } from './lib/v.mjs'; ${COUNTING.replace('return {', 'return { v,')}`,
      'src/lib/v.mjs': 'export const v = 1;',
    },
    'functions: { a: { handler: src/a.handler, concurrency: 1, timeout: 60 }, still: { handler: src/a.handler, watch: false } }',
  );
  await f.answer('still');
  const running = f.answer('a', { hold: 'go' });
  await f.untilLogged('holding go');
  const changed = f.untilLogged('a function changed');
  await f.write('src/lib/v.mjs', 'export const v = 2;');
  await changed;
  const { v, n } = (await f.answer('a')) as Counted & { v: number };
  assert.deepEqual([v, n], [2, 1]);
  await f.write('go', '');
  assert.equal(((await running) as { v: number }).v, 1);
  assert.equal(((await f.answer('a')) as Counted).n, 2);
  assert.deepEqual(((await f.answer('still')) as Counted & { v: number }).v, 1);
});

test('a function that cannot be loaded works after it is corrected, in a directory that is new too', async (t) => {
  const f = await startFunctions(
    t,
    { 'a.mjs': "import './lib/b.mjs'; export const handler = async () => 1;" },
    'functions: { a: { handler: a.handler } }',
  );
  assert.equal((await f.failure('a')).errorType, 'Runtime.ImportModuleError');
  await f.write('lib/b.mjs', '');
  assert.equal(await f.answer('a'), 1);
});

test('events and answers up to the limit pass, larger ones do not', async (t) => {
  const f = await startFunctions(
    t,
    {
      'a.mjs':
        'export const handler = async (event) => (event.size === undefined ? event.length : "é".repeat(event.size / 2) + "x".repeat(event.size % 2));',
    },
    'functions: { a: { handler: a.handler, timeout: 30 } }',
  );
  const quotes = 2;
  assert.equal(await f.answer('a', 'x'.repeat(MAX_INVOKE_BYTES - quotes)), MAX_INVOKE_BYTES - quotes);
  assert.deepEqual(await f.call('a', 'x'.repeat(MAX_INVOKE_BYTES - quotes + 1)), { kind: 'tooLarge' });
  assert.deepEqual(await f.call('a', 'é'.repeat(MAX_INVOKE_BYTES / 2)), { kind: 'tooLarge' });
  const largest = await f.call('a', { size: MAX_INVOKE_BYTES - quotes });
  assert.equal(largest.kind === 'returned' && Buffer.byteLength(largest.payload), MAX_INVOKE_BYTES);
  assert.deepEqual(await f.failure('a', { size: MAX_INVOKE_BYTES - quotes + 1 }), {
    errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    errorType: 'Function.ResponseSizeTooLarge',
  });
});

test('asynchronous calls are answered at once and run twice more when they fail', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const f = await startFunctions(
    t,
    {
      'a.mjs':
        'let n = 0; export const handler = async (event, context) => { console.log("run " + ++n + " " + context.awsRequestId); throw new Error("no"); };',
    },
    'functions: { a: { handler: a.handler } }',
  );
  const outcome = await f.call('a', {}, { type: 'Event' });
  assert.ok(outcome.kind === 'returned' && outcome.payload === '');
  for (const [i, millis] of [1_000, 2_000].entries()) {
    await f.untilLogged('a function failed', i + 1);
    t.mock.timers.tick(millis - 1);
    await turn();
    assert.ok(!f.logged.some(({ line }) => line === `run ${i + 2} ${outcome.awsRequestId}`));
    t.mock.timers.tick(1);
    await f.untilLogged(`run ${i + 2} ${outcome.awsRequestId}`);
  }
  await f.untilLogged('an asynchronous call is given up');
  assert.equal(f.logged.filter((line) => String(line.line).startsWith('run ')).length, 3);
});

test('functions are found by ARN, then by name, whatever the qualifier', async (t) => {
  const source = (n: number): string => `export const handler = async () => ${n};`;
  const f = await startFunctions(
    t,
    { 'a.mjs': source(1), 'b.mjs': source(2), 'c.mjs': source(3), 'd.mjs': source(4) },
    `functions:
  pets: { handler: a.handler }
  pets:blue: { handler: b.handler }
  ${ARN}pets: { handler: c.handler }
  ${ARN}pets:green: { handler: d.handler }`,
  );
  const other = ARN.replace('eu-west-1', 'us-east-1');
  const rows: readonly (readonly [arn: string, answer: number])[] = [
    [`${ARN}pets`, 3],
    [`${ARN}pets:green`, 4],
    [`${ARN}pets:7`, 3],
    [`${ARN}pets:$LATEST`, 3],
    [`${other}pets`, 1],
    [`${other}pets:blue`, 2],
    [`${other}pets:green`, 1],
  ];
  for (const [arn, answer] of rows) assert.equal(await f.answer(arn), answer, arn);
  assert.throws(() => f.find('dogs'), /there is no function/);
});

test('closing ends instances, what waits is told, running calls may finish', async (t) => {
  const f = await startFunctions(
    t,
    { 'a.mjs': COUNTING },
    'functions: { a: { handler: a.handler, concurrency: 1, timeout: 60 } }',
  );
  const running = f.answer('a', { hold: 'go' });
  await f.untilLogged('holding go');
  const waiting = f.call('a');
  const closed = f.functions.close(30_000);
  assert.equal((await waiting).kind, 'unavailable');
  assert.equal((await f.call('a')).kind, 'unavailable');
  await f.write('go', '');
  const { pid } = (await running) as Counted;
  await closed;
  await untilGone(pid);
});

test('when Postern is killed its functions end, endless loops and their children too', async (t) => {
  const f = await startFunctions(
    t,
    {
      'a.mjs': `import { spawn } from 'node:child_process';
export const handler = async (event) => {
  if (event === 'loop') { process.stdout.write('pids ' + process.pid + ' ' + spawn('sleep', ['1000']).pid + '\\n'); await new Promise((d) => setTimeout(d, 50)); for (;;); }
  return process.pid; };`,
    },
    'functions: { a: { handler: a.handler, timeout: 600 } }',
  );
  const program = `import { createLocalFunctions } from ${JSON.stringify(new URL('./local-functions.js', import.meta.url).href)};
import { parseConfig } from ${JSON.stringify(new URL('../settings/config-file.js', import.meta.url).href)};
const { sections } = parseConfig('functions: { a: { handler: a.handler, timeout: 600 } }', 'p.yaml', ${JSON.stringify(f.directory)});
const log = (_event, fields) => { if (fields.line) console.log(fields.line) };
const functions = createLocalFunctions(sections.functions, { region: 'us-east-1', environment: process.env, log });
const a = functions.find({ partition: 'aws', region: 'us-east-1', account: '123456789012', name: 'a', qualifier: undefined });
a.invoke({ event: '"loop"', type: 'RequestResponse', timeoutInMillis: 1e6, requestId: 'x', traceId: undefined });`;
  const postern = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = (await once(postern.stdout, 'data')) as [Buffer];
  const pids = output.toString().trim().split(' ').slice(1).map(Number);
  assert.equal(pids.length, 2);
  postern.kill('SIGKILL');
  await Promise.all(pids.map(untilGone));
});

/** Lets the event loop go round once. */
const turn = (): Promise<undefined> => new Promise((resolve) => setImmediate(() => resolve(undefined)));

/** Resolves when there is no such process; the test's own time-out is the limit. */
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
