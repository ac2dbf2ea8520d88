// The program is bundled (docs/decisions/0019-one-bundle.md), and its code does not know it.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { withSourceLines } from '../../../src/telemetry/source-lines.ts';
import { runProgram } from '../../support/program.ts';

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
