// Node.js functions through real processes: handlers of every form, context, errors, memory between calls, output.
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARN, startFunctions } from '../../test/support/functions.ts';

const ESM = { 'package.json': '{"type":"module"}' };

test('handlers of every form answer', async (t) => {
  const rows: readonly (readonly [name: string, file: string, source: string])[] = [
    ['async', 'a.mjs', 'export const handler = async (event) => ({ got: event.n });'],
    [
      'callback',
      'b.cjs',
      'exports.handler = (event, context, callback) => setTimeout(callback, 1, null, { got: event.n });',
    ],
    [
      'callbackNow',
      'c.cjs',
      'module.exports.handler = (event, context, callback) => callback(null, { got: event.n });',
    ],
    ['done', 'd.cjs', 'exports.handler = (event, context) => context.done(null, { got: event.n });'],
    ['succeed', 'e.cjs', 'exports.handler = (event, context) => { context.succeed({ got: event.n }); };'],
    ['assigned', 'f.cjs', 'module.exports = { handler: async (event) => ({ got: event.n }) };'],
    ['default', 'g.mjs', 'export default { handler: async (event) => ({ got: event.n }) };'],
    ['plain', 'h.js', 'exports.handler = async (event) => ({ got: event.n });'],
    ['thenable', 'i.mjs', 'export const handler = (event) => ({ then: (take) => take({ got: event.n }) });'],
    [
      'awaiting',
      'j.mjs',
      'const n = await Promise.resolve(0); export const handler = async (event) => ({ got: event.n + n });',
    ],
  ];
  const files = Object.fromEntries(rows.map(([, file, source]) => [file, source]));
  const yaml = rows
    .map(([name, file]) => `  ${name}: { handler: ${file.replace(/\.\w+$/, '')}.handler }`)
    .join('\n');
  const f = await startFunctions(t, files, `functions:\n${yaml}\n`);
  await Promise.all(
    rows.map(async ([name]) => assert.deepEqual(await f.answer(name, { n: 7 }), { got: 7 }, name)),
  );
});

test('a package.json above the directory of a function says nothing of its CommonJS', async (t) => {
  const f = await startFunctions(
    t,
    {
      'package.json': '{"type":"module"}',
      'asset/index.js': "const { n } = require('./lib/n'); exports.handler = async () => ({ n });",
      'asset/lib/n.js': 'exports.n = 7;',
      'modules/index.js': "import { n } from './n.js'; export const handler = async () => ({ n });",
      'modules/n.js': 'export const n = 8;',
      'own/package.json': '{"type":"module"}',
      'own/index.js': 'export const handler = async () => ({ n: 9 });',
    },
    `functions:\n${['asset', 'modules', 'own'].map((name) => `  ${name}: { file: ${name}/index.js }\n`).join('')}`,
  );
  assert.deepEqual(await f.answer('asset', {}), { n: 7 });
  assert.deepEqual(await f.answer('modules', {}), { n: 8 });
  assert.deepEqual(await f.answer('own', {}), { n: 9 });
});

test('handlers are found in nested exports and by file and export', async (t) => {
  const f = await startFunctions(
    t,
    {
      'src/pets.mjs':
        'export const get = { one: async () => 1, all: async () => 2 }; export const handler = async () => 3;',
    },
    `functions:
  nested: { handler: src/pets.get.one }
  named: { file: src/pets.mjs, export: get.all }
  unnamed: { file: src/pets.mjs }`,
  );
  assert.equal(await f.answer('nested'), 1);
  assert.equal(await f.answer('named'), 2);
  assert.equal(await f.answer('unnamed'), 3);
});

test('answers are JSON as JSON.stringify makes it, undefined is null', async (t) => {
  const f = await startFunctions(
    t,
    {
      'a.mjs': `const values = [undefined, null, 'é€𝄞\\n', 0, true, [1], { a: undefined }, new Date(0), 'x'.repeat(300000)];
export const handler = async ({ i }) => values[i];`,
    },
    'functions: { a: { handler: a.handler } }',
  );
  const payloads: string[] = [];
  for (let i = 0; i < 9; i++) {
    const outcome = await f.call('a', { i });
    payloads.push(outcome.kind === 'returned' ? outcome.payload : outcome.kind);
  }
  assert.deepEqual(payloads, [
    ...['null', 'null', '"é€𝄞\\n"', '0', 'true', '[1]', '{}', '"1970-01-01T00:00:00.000Z"'],
    `"${'x'.repeat(300_000)}"`,
  ]);
});

test('the context has the members of Lambda', async (t) => {
  const f = await startFunctions(
    t,
    {
      'a.mjs': `export const handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis(),
        trace: process.env._X_AMZN_TRACE_ID ?? null });`,
    },
    'functions: { a: { handler: a.handler, timeout: 9, memory: 256 } }',
  );
  const outcome = await f.call('a:prod', {}, { traceId: 'Root=1-5e1b4151-5ac6c58f5b5daa6532d2e6a7' });
  assert.equal(outcome.kind, 'returned');
  const { left, logStreamName, ...context } = JSON.parse(outcome.kind === 'returned' ? outcome.payload : '');
  assert.deepEqual(context, {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: '$LATEST',
    functionName: 'a',
    memoryLimitInMB: '256',
    logGroupName: '/aws/lambda/a',
    invokedFunctionArn: `${ARN}a:prod`,
    awsRequestId: outcome.kind === 'returned' ? outcome.awsRequestId : '',
    trace: 'Root=1-5e1b4151-5ac6c58f5b5daa6532d2e6a7',
  });
  assert.match(logStreamName, /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
  assert.ok(left > 0 && left <= 9_000, String(left));
  assert.equal(((await f.answer('a')) as { trace: unknown }).trace, null);
});

test('errors are the documents of Lambda', async (t) => {
  const f = await startFunctions(
    t,
    {
      'a.mjs': `class PetError extends Error { name = 'PetError' }
const ways = {
  throws: () => { throw new PetError('no pet') },
  rejects: async () => { throw new TypeError('bad') },
  text: async () => { throw 'a text' },
  callback: (e, c, done) => done(new RangeError('far')),
  fail: (e, c) => c.fail(new Error('failed')),
  circular: async () => { const a = {}; a.a = a; return a },
  bigint: async () => 1n,
};
export const handler = (event, context, done) => ways[event](event, context, done);`,
    },
    'functions: { a: { handler: a.handler } }',
  );
  const rows: readonly (readonly [way: string, errorType: string, errorMessage: string])[] = [
    ['throws', 'PetError', 'no pet'],
    ['rejects', 'TypeError', 'bad'],
    ['text', 'string', 'a text'],
    ['callback', 'RangeError', 'far'],
    ['fail', 'Error', 'failed'],
    ['circular', 'Error', 'Unable to stringify response body'],
    ['bigint', 'Error', 'Unable to stringify response body'],
  ];
  for (const [way, errorType, errorMessage] of rows) {
    const { trace, ...document } = await f.failure('a', way);
    assert.deepEqual(document, { errorType, errorMessage }, way);
    if (way === 'throws') {
      assert.equal(trace?.[0], 'PetError: no pet');
      assert.match(trace?.[1] ?? '', /a\.mjs:3/);
    }
  }
  assert.equal((await f.untilLogged('PetError: no pet')).function, 'a');
});

test('what cannot be loaded is told by Lambda’s names, to every waiting call', async (t) => {
  const f = await startFunctions(
    t,
    {
      'missing.mjs': "import './nowhere.mjs'; export const handler = async () => 1;",
      'package.mjs': "import 'no-such-package'; export const handler = async () => 1;",
      'syntax.mjs': 'export const handler = async () => { this is no code',
      'throws.mjs': "throw new RangeError('at load');",
      'other.mjs': 'export const other = 1; export const handler = 5;',
      'exits.mjs': 'process.exit(7);',
      'typed.ts': 'export const handler: = 1;',
    },
    `functions:
  missing: { handler: missing.handler }
  package: { handler: package.handler }
  syntax: { handler: syntax.handler }
  throws: { handler: throws.handler }
  other: { handler: other.nothing }
  value: { handler: other.handler }
  exits: { handler: exits.handler }
  typed: { handler: typed.handler }
  later: { handler: later.handler, runtime: nodejs }`,
  );
  const rows: readonly (readonly [name: string, errorType: string, message: RegExp])[] = [
    ['missing', 'Runtime.ImportModuleError', /nowhere\.mjs/],
    ['package', 'Runtime.ImportModuleError', /no-such-package/],
    ['syntax', 'Runtime.UserCodeSyntaxError', /^Unexpected .* \(syntax\.mjs:1\)$/],
    ['throws', 'RangeError', /^at load$/],
    ['other', 'Runtime.HandlerNotFound', /^other\.nothing is undefined or not exported$/],
    ['value', 'Runtime.HandlerNotFound', /^other\.handler is not a function$/],
    [
      'exits',
      'Runtime.ExitError',
      /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 7$/,
    ],
    ['typed', 'Runtime.UserCodeSyntaxError', /typed\.ts/],
    ['later', 'Runtime.ImportModuleError', /Cannot find module '.*later'/],
  ];
  await Promise.all(
    rows.map(async ([name, errorType, message]) => {
      const failures = await Promise.all([f.failure(name), f.failure(name)]);
      for (const failure of failures) {
        assert.equal(failure.errorType, errorType, name);
        assert.match(failure.errorMessage, message, name);
      }
    }),
  );
});

test('TypeScript runs: types, enums, decorators, imports as bundlers find them, CommonJS and ES modules', async (t) => {
  const f = await startFunctions(
    t,
    {
      'src/main.ts': `import type { Pet } from './types';
import { Kind, name } from './lib';
import { twice } from './twice.js';
import { all } from './pets';
const seen: string[] = [];
const see = (value: Function, context?: unknown): void => { seen.push(value.name) };
@see class Kennel { constructor(readonly size: number = 3) {} }
export const handler = async (event: { n: number }): Promise<Pet> =>
  ({ name: name(Kind.Dog), n: twice(event.n), all, seen, size: new Kennel().size } satisfies Pet as Pet);`,
      'src/types.ts':
        'export interface Pet { name: string; n: number; all: string[]; seen: string[]; size: number }',
      'src/lib.ts':
        'export enum Kind { Cat, Dog }\nexport function name(kind: Kind): string { return Kind[kind]! }',
      'src/twice.ts': 'export const twice = (n: number): number => n * 2;',
      'src/pets/index.ts': "export const all: string[] = ['rex'];",
      'old.cts':
        "const { twice } = require('./src/twice.cts');\nexports.handler = async (event: { n: number }) => twice(event.n);",
      'src/twice.cts': 'exports.twice = (n: number): number => n * 2;',
      'fails.mts': `interface A {
  readonly b: string
}

export const handler = async (a: A): Promise<void> => { throw new Error(a.b) };`,
    },
    `functions:
  main: { handler: src/main.handler }
  old: { handler: old.handler }
  fails: { handler: fails.handler }`,
  );
  assert.deepEqual(await f.answer('main', { n: 21 }), {
    name: 'Dog',
    n: 42,
    all: ['rex'],
    seen: ['Kennel'],
    size: 3,
  });
  assert.equal(await f.answer('old', { n: 4 }), 8);
  const failure = await f.failure('fails', { b: 'why' });
  assert.equal(failure.errorMessage, 'why');
  assert.match(failure.trace?.[1] ?? '', /fails\.mts:5:/);
});

test('memory is kept between calls, the environment is Lambda’s, and the parent’s is not seen', async (t) => {
  const f = await startFunctions(
    t,
    {
      ...ESM,
      'a.js':
        'let n = 0; export const handler = async () => ({ n: ++n, env: process.env, cwd: process.cwd() });',
    },
    `functions: { a: { handler: a.handler, memory: 512, environment: { TABLE: pets, COUNT: 007, AWS_REGION: ap-south-1 } } }`,
    {
      PATH: '/usr/bin:/bin',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1',
      SECRET: 'x',
      POSTERN_CREDENTIALS: 'a:b',
    },
  );
  const first = (await f.answer('a')) as { n: number; cwd: string; env: Record<string, string> };
  const second = (await f.answer('a')) as { n: number };
  assert.deepEqual([first.n, second.n, first.cwd], [1, 2, f.directory]);
  const { AWS_LAMBDA_LOG_STREAM_NAME: stream, AWS_EXECUTION_ENV: execution, ...env } = first.env;
  assert.ok(stream);
  assert.match(execution ?? '', /^AWS_Lambda_nodejs\d+\.x$/);
  assert.deepEqual(env, {
    PATH: '/usr/bin:/bin',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1',
    AWS_REGION: 'ap-south-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    TZ: ':UTC',
    TABLE: 'pets',
    COUNT: '007',
    _HANDLER: 'a.handler',
    LAMBDA_TASK_ROOT: f.directory,
    AWS_LAMBDA_FUNCTION_NAME: 'a',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/a',
  });
});

test('output is logged line by line, with the ids of the call that wrote it', async (t) => {
  const f = await startFunctions(
    t,
    {
      'a.mjs': `import { writeSync } from 'node:fs';
console.log('loading');
export const handler = async ({ n }) => {
  console.log('one %d\\ntwo', n); console.error('three'); process.stdout.write('fo'); process.stdout.write('ur');
  writeSync(1, 'by descriptor\\n');
  return n;
};`,
    },
    'functions: { a: { handler: a.handler } }',
  );
  const outcome = await f.call('a', { n: 1 }, { requestId: 'first' });
  await f.call('a', { n: 2 }, { requestId: 'second' });
  const awsRequestId = outcome.kind === 'returned' ? outcome.awsRequestId : '';
  const lines = f.logged.filter(
    (line) => line.message === 'function output' && line.line !== 'by descriptor',
  );
  const ids = { function: 'a', requestId: 'first', awsRequestId, message: 'function output' };
  assert.deepEqual(
    lines.slice(0, 5),
    [
      { function: 'a', stream: 'stdout', line: 'loading', message: 'function output' },
      { ...ids, stream: 'stdout', line: 'one 1' },
      { ...ids, stream: 'stdout', line: 'two' },
      { ...ids, stream: 'stderr', line: 'three' },
      { ...ids, stream: 'stdout', line: 'four' },
    ].map((line) => line),
  );
  assert.deepEqual(
    lines.slice(5).map((line) => [line.requestId, line.line]),
    [
      ['second', 'one 2'],
      ['second', 'two'],
      ['second', 'three'],
      ['second', 'four'],
    ],
  );
  assert.equal((await f.untilLogged('by descriptor')).function, 'a');
});

test('a call that waits for nothing ends with null, and the next one works', async (t) => {
  const f = await startFunctions(
    t,
    { 'a.mjs': 'let n = 0; export const handler = (event) => (n++ === 0 ? undefined : Promise.resolve(n));' },
    'functions: { a: { handler: a.handler } }',
  );
  assert.equal(await f.answer('a'), null);
  assert.equal(await f.answer('a'), 2);
});
