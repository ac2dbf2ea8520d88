// The program is bundled (docs/decisions/0019-one-bundle.md), and its code does not know it.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withSourceLines } from '../../../src/telemetry/source-lines.ts';
import { Program, runProgram } from '../../support/program.ts';

const sources = readdirSync('src', { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.ts') && !/\.test(?:\.support)?\.ts$|contract/.test(name));

test('every file that a thread or a process is started with is in the bundle', () => {
  const started = sources.flatMap((name) => {
    const urls = readFileSync(join('src', name), 'utf8').matchAll(
      /new URL\('([^']+\.js)', import\.meta\.url\)/g,
    );
    return [...urls].map(([, url]) => join('dist/program', dirname(name), url!));
  });
  assert.ok(started.length >= 3, `${started}`);
  assert.deepEqual(
    started.filter((path) => !existsSync(path)),
    [],
  );
});

test('stacks name the files and lines of the sources', async () => {
  // Nobody has started it as a thread.
  const { stderr } = await runProgram([], {
    cwd: tmpdir(),
    entry: join(process.cwd(), 'dist/program/openapi/reading-thread.js'),
  });
  const [, line] = /\/src\/openapi\/reading-thread\.ts:(\d+):\d+/.exec(withSourceLines(stderr)) ?? [];
  assert.ok(line !== undefined, stderr);
  const text = readFileSync('src/openapi/reading-thread.ts', 'utf8').split('\n')[Number(line) - 1]!;
  assert.match(text, /parentPort/);
});

test('the program needs no package that an installation does not have (docs/decisions/0027-bundled-exporter.md)', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const files = readdirSync('dist/program', { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.js'));
  const imported = files.flatMap((name) => {
    const text = readFileSync(join('dist/program', name), 'utf8');
    return [
      ...text.matchAll(
        /\b(?:from|import|require|requirePackage)\s*\(?\s*"((?:@[\w-]+\/)?\w[\w.-]*)(?:\/[^"]*)?"/g,
      ),
    ].map(([, name]) => name!);
  });
  assert.ok(imported.includes('ws'));
  // Texts that look like imports name no package.
  const packages = new Set(imported.filter((name) => existsSync(join('node_modules', name))));
  assert.deepEqual(
    [...packages].filter((name) => !Object.hasOwn(dependencies, name)),
    [],
  );
});

/** What one process with its store in SQLite has no use for. */
const OF_SEVERAL =
  /\/src\/(?:cluster\/|store\/postgres\/|store\/replica\/|(?:primary|worker|functions-process)\.ts$)/;
/** What both have: the spelling of a URL, batches of the registry, the form of a request that a worker hands on. */
const OF_BOTH = [
  'store/postgres/place',
  'cluster/registry/batched-registry',
  'cluster/workers/forwarded-exchange',
];

test('a start of one process on SQLite loads nothing of workers, of nodes, of PostgreSQL and of Valkey', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'postern-loaded-'));
  try {
    // The coverage of a process names every file that it has loaded.
    const coverage = join(directory, 'coverage');
    const words = ['start', '--listen', '127.0.0.1:0', '--data', join(directory, 'data')];
    const program = new Program(words, { cwd: tmpdir(), environment: { NODE_V8_COVERAGE: coverage } });
    await program.logged('ready');
    program.child.kill('SIGTERM');
    assert.equal((await program.outcome).code, 0);
    const loaded = readdirSync(coverage).flatMap((name) => {
      const { result } = JSON.parse(readFileSync(join(coverage, name), 'utf8')) as {
        readonly result: readonly { readonly url: string }[];
      };
      return result.flatMap(({ url }) => (url.startsWith('file:') ? [fileURLToPath(url)] : []));
    });
    const own = loaded.filter((path) => path.includes('/dist/program/'));
    const parts = own.flatMap((path) => {
      const { sources } = JSON.parse(readFileSync(`${path}.map`, 'utf8')) as {
        readonly sources: readonly string[];
      };
      return sources.map((source) => join(dirname(path), source));
    });
    assert.ok(parts.some((path) => path.endsWith('/src/main.ts')));
    assert.deepEqual(
      parts.filter(
        (path) => OF_SEVERAL.test(path) && !OF_BOTH.some((name) => path.endsWith(`/src/${name}.ts`)),
      ),
      [],
    );
    assert.deepEqual(
      loaded.filter((path) => /\/node_modules\/(?:pg|ioredis)\//.test(path)),
      [],
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});
