// `functions:` of the configuration file: what it comes to, and what is wrong with it (docs/reference/settings.md).
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { FunctionSettings } from '../../functions/settings.ts';
import { parseConfig } from '../parse-config.test.support.ts';
import { UsageError } from '../usage-error.ts';

describe('functions:', () => {
  let directory = '';
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-functions-section-'));
    for (const name of ['src/hello.ts', 'src/pets.py', 'run/bootstrap', 'plain/bootstrap', 'notes.txt']) {
      await mkdir(join(directory, name, '..'), { recursive: true });
      await writeFile(join(directory, name), '');
    }
    await mkdir(join(directory, 'empty'));
    await chmod(join(directory, 'run/bootstrap'), 0o755);
  });
  after(() => rm(directory, { recursive: true }));

  function read(yaml: string): readonly FunctionSettings[] {
    return parseConfig(yaml, 'postern.yaml', directory).sections.functions;
  }

  test('defaults are those of the reference', () => {
    assert.deepEqual(read('functions: { hello: { handler: src/hello.handler } }'), [
      {
        key: 'hello',
        runtime: 'nodejs',
        file: join(directory, 'src/hello'),
        exported: 'handler',
        handler: 'src/hello.handler',
        taskRoot: directory,
        environment: {},
        timeout: 3,
        memory: 1024,
        concurrency: 10,
        queue: 1000,
        watch: [join(directory, 'src')],
      },
    ]);
    assert.deepEqual(read('functions: {}'), []);
  });

  const CODE: readonly (readonly [yaml: string, code: Partial<FunctionSettings>])[] = [
    ['{ handler: src/pets.list }', { runtime: 'python', file: 'src/pets', exported: 'list', taskRoot: '' }],
    ['{ handler: src.pets.list }', { runtime: 'python', handler: 'src.pets.list', taskRoot: '' }],
    [
      '{ handler: ./src/hello.handler }',
      { runtime: 'nodejs', handler: 'src/hello.handler', file: 'src/hello' },
    ],
    ['{ handler: dist/later.handler, runtime: nodejs }', { runtime: 'nodejs', file: 'dist/later' }],
    [
      '{ file: src/hello.ts }',
      { runtime: 'nodejs', file: 'src/hello.ts', exported: 'handler', taskRoot: 'src' },
    ],
    ['{ file: dist/later.mjs, export: a.b }', { runtime: 'nodejs', exported: 'a.b', handler: 'later.a.b' }],
    [
      '{ file: run }',
      {
        runtime: 'provided',
        file: 'run/bootstrap',
        handler: 'provided',
        taskRoot: 'run',
        watch: ['run/bootstrap'],
      },
    ],
    ['{ file: run/bootstrap, handler: x.y }', { runtime: 'provided', file: 'run/bootstrap', handler: 'x.y' }],
    ['{ handler: run/bootstrap }', { runtime: 'provided', file: 'run/bootstrap', handler: 'bootstrap' }],
    ['{ handler: src/hello.handler, watch: false }', { watch: [] }],
    ['{ handler: src/hello.handler, watch: [src, lib] }', { watch: ['src', 'lib'] }],
    [
      '{ handler: src/hello.handler, timeout: 900, memory: 10240, concurrency: 1000, queue: 0 }',
      { timeout: 900, memory: 10_240, concurrency: 1000, queue: 0 },
    ],
    ['{ handler: src/hello.handler, environment: { A: 1e3, B: "" } }', { environment: { A: '1e3', B: '' } }],
  ];
  for (const [yaml, code] of CODE) {
    test(yaml, () => {
      const [settings] = read(`functions: { f: ${yaml} }`);
      const paths = (value: unknown): unknown => {
        if (Array.isArray(value)) return value.map(paths);
        if (value === directory) return '';
        return typeof value === 'string' ? value.replace(`${directory}/`, '') : value;
      };
      const found = Object.entries(settings!).map(([name, value]) => [name, paths(value)] as const);
      assert.deepEqual({ ...Object.fromEntries(found), ...code }, Object.fromEntries(found));
    });
  }

  const KEYS = [
    'hello',
    'hello:prod',
    'arn:aws:lambda:eu-west-1:123456789012:function:hello',
    'arn:aws:lambda:eu-west-1:123456789012:function:hello:7',
  ];
  test('keys are names and ARNs', () => {
    for (const key of KEYS) {
      assert.equal(read(`functions: { ? "${key}" : { handler: src/hello.handler } }`)[0]?.key, key);
    }
  });

  const WRONG: readonly (readonly [yaml: string, message: RegExp])[] = [
    ['f: { handler: src/hello.handler, layers: [] }', /there is no setting "layers" here/],
    ['f: {}', /functions\.f needs its code: handler: src\/hello\.handler, or file: src\/hello\.ts\./],
    [
      'f: { handler: src/nothing.handler }',
      /functions\.f\.handler leads to no file: there is no .*src\/nothing with \.js, /,
    ],
    [
      'f: { handler: hello }',
      /functions\.f\.handler is FILE\.EXPORT, for example src\/hello\.handler, or a bootstrap, not "hello"/,
    ],
    [
      'f: { handler: src/hello.ts }',
      /names a file, not its export; write src\/hello\.handler, or file: src\/hello\.ts/,
    ],
    ['f: { handler: src/hello.handler, export: a }', /functions\.f\.export goes with file/],
    [
      'f: { file: src/hello.ts, handler: a.b }',
      /functions\.f\.handler and file are two ways to say the same/,
    ],
    ['f: { file: notes.txt }', /functions\.f\.file is a file of \.js, .* not "notes\.txt"/],
    ['f: { file: empty }', /functions\.f\.file is a file of/],
    ['f: { file: empty, runtime: provided }', /is a directory without an executable file named bootstrap/],
    ['f: { file: plain/bootstrap }', /is not executable; chmod \+x /],
    ['f: { file: run, export: a }', /export is not for a provided runtime/],
    [
      'f: { handler: src/hello.handler, runtime: java21 }',
      /runtime is one of nodejs, python, provided, not "java21"/,
    ],
    ['f: { handler: src/hello.handler, timeout: 901 }', /timeout is a number from 0\.1 to 900, not "901"/],
    ['f: { handler: src/hello.handler, memory: 64 }', /memory is a number from 128 to 10240/],
    ['f: { handler: src/hello.handler, concurrency: 0 }', /concurrency is a number from 1 to 1000/],
    ['f: { handler: src/hello.handler, queue: -1 }', /queue is a number from 0 to 100000/],
    ['f: { handler: src/hello.handler, watch: maybe }', /watch is true or false/],
    ['f: { handler: src/hello.handler, environment: { A-B: 1 } }', /has no name that a variable can have/],
    [
      'f: { handler: src/hello.handler, environment: { _HANDLER: x } }',
      /_HANDLER is set by Postern, as by Lambda/,
    ],
    ['"a b": { handler: src/hello.handler }', /has no key that a function can have/],
    [
      '"arn:aws:sqs:eu-west-1:123456789012:function:f": { handler: src/hello.handler }',
      /has no key that a function can have/,
    ],
  ];
  for (const [yaml, message] of WRONG) {
    test(`wrong: ${yaml}`, () => {
      assert.throws(
        () => read(`functions:\n  ${yaml}`),
        (error) => {
          assert.ok(error instanceof UsageError);
          assert.match(error.message, /^postern\.yaml:2:\d+: /);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});
