// What a function that writes without end costs: bounded lines, a bounded log, memory that comes back (docs/guide/lambda.md).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFunctions } from '../../test/support/functions.ts';
import { LINE_COST, MAX_OUTPUT_LENGTH, OutputBound } from './output-bound.ts';
import { MAX_LINE_LENGTH, OutputLines } from './output-lines.ts';

/** Resident bytes that the gateway may have more at the worst moment: what it had before is not counted. */
const MAX_GROWTH = 120 * 1_048_576;

const ONE_LINE = 'x'.repeat(99);

const MEGABYTE = 1_000_000;

/** Each writes so much in one call. */
const WRITERS: readonly (readonly [what: string, total: number, file: string, text: string])[] = [
  ['many lines', 10 * MEGABYTE, 'a.mjs', `for (let i = 0; i < 100_000; i++) console.log('${ONE_LINE}');`],
  ['one line', 100 * MEGABYTE, 'a.mjs', `console.log('x'.repeat(100_000_000));`],
  [
    'one write of many lines',
    100 * MEGABYTE,
    'a.mjs',
    `process.stderr.write('${ONE_LINE}\\n'.repeat(1_000_000));`,
  ],
  [
    'a program of its own',
    100 * MEGABYTE,
    'a.mjs',
    `spawnSync('sh', ['-c', 'yes ${ONE_LINE} | head -c 100000000'], { stdio: ['ignore', 1, 2] });`,
  ],
  ['Python', 10 * MEGABYTE, 'a.py', `    for i in range(100000): print('${ONE_LINE}')`],
];

for (const [what, total, file, text] of WRITERS) {
  test(`${total / MEGABYTE} MB in one call: ${what}`, async (t) => {
    const code = file.endsWith('.py')
      ? `def handler(event, context):\n  if event != 'write': print('after')\n  else:\n${text}\n  return 1`
      : `import { spawnSync } from 'node:child_process';
export const handler = async (event) => { if (event !== 'write') console.log('after'); else { ${text} } return 1; };`;
    const f = await startFunctions(
      t,
      { [file]: code },
      'functions: { a: { handler: a.handler, timeout: 60, memory: 2048 } }',
    );
    assert.equal(await f.answer('a', 'before'), 1);
    const { rss } = process.memoryUsage();
    let highest = 0;
    const look = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage().rss);
    }, 5);
    t.after(() => clearInterval(look));
    assert.equal(await f.answer('a', 'write', { requestId: 'writes' }), 1);
    clearInterval(look);
    assert.equal(await f.answer('a', 'after', { requestId: 'next' }), 1);

    assert.ok(highest - rss < MAX_GROWTH, `${Math.round((highest - rss) / 1_048_576)} MB more`);
    const lines = f.logged.filter(({ requestId, line }) => requestId === 'writes' && line !== undefined);
    const characters = lines.reduce((sum, { line }) => sum + (line as string).length, 0);
    assert.ok(characters <= MAX_OUTPUT_LENGTH && characters > MAX_OUTPUT_LENGTH / 2, String(characters));
    assert.ok(lines.every(({ line }) => (line as string).length <= MAX_LINE_LENGTH));
    const left = f.logged.filter(({ message }) => message === 'function output was left out');
    assert.equal(left.length, 1);
    assert.ok((left[0]!.lines as number) > 0);
    assert.ok(Math.abs(characters + (left[0]!.characters as number) - total) <= 2 * MEGABYTE);
    // The next call has its own.
    assert.deepEqual(
      f.logged.filter(({ requestId }) => requestId === 'next').map(({ line }) => line),
      ['after'],
    );
  });
}

test('what comes between calls is bounded too', async (t) => {
  const f = await startFunctions(
    t,
    {
      'a.mjs': `for (let i = 0; i < 20_000; i++) console.log('${ONE_LINE}'); export const handler = async () => 1;`,
    },
    'functions: { a: { handler: a.handler } }',
  );
  assert.equal(await f.answer('a'), 1);
  const lines = f.logged.filter(({ line }) => line === ONE_LINE);
  const [left, ...more] = f.logged.filter(({ message }) => message === 'function output was left out');
  assert.deepEqual(more, []);
  assert.equal(lines.length + (left!.lines as number), 20_000);
  assert.equal(lines.length, Math.floor(MAX_OUTPUT_LENGTH / (ONE_LINE.length + LINE_COST)));
});

test('lines of a character each, and records of them, are bounded as long ones are', async (t) => {
  const f = await startFunctions(
    t,
    {
      'a.mjs': `export const handler = async () => { process.stdout.write('y\\n'.repeat(1_000_000)); return 1; };`,
    },
    'functions: { a: { handler: a.handler, timeout: 60 } }',
  );
  assert.equal(await f.answer('a'), 1);
  assert.ok(JSON.stringify(f.logged).length < 8 * MAX_OUTPUT_LENGTH);
  const shown = f.logged.filter(({ line }) => line === 'y').length;
  const left = f.logged.find(({ message }) => message === 'function output was left out');
  assert.equal(shown + (left!.lines as number), 1_000_000);
});

test('a call has room anew when it begins', () => {
  const bound = new OutputBound();
  assert.equal(bound.renew(), undefined);
  assert.equal(bound.admits(MAX_OUTPUT_LENGTH - LINE_COST), true);
  assert.equal(bound.admits(0), false);
  assert.equal(bound.admits(5), false);
  assert.deepEqual(bound.renew(), { lines: 2, characters: 5 });
  assert.equal(bound.admits(MAX_OUTPUT_LENGTH), false);
  assert.deepEqual(bound.renew(), { lines: 1, characters: MAX_OUTPUT_LENGTH });
});

test('a line that is too long is cut, but not inside a character', () => {
  for (const end of ['\n', '']) {
    const got: string[] = [];
    const lines = new OutputLines((line) => got.push(line));
    const text = `a${'😀'.repeat(MAX_LINE_LENGTH)}`;
    lines.push(text + end);
    lines.flush();
    assert.equal(got.join(''), text);
    assert.ok(got.every((line) => line.length <= MAX_LINE_LENGTH && !/[\ud83d]$|^[\ude00]/.test(line)));
  }
});
