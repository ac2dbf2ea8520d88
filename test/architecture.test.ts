// The dependency rule of docs/architecture.md: a folder imports only from rows above its own, never from its row.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

const ROWS: readonly (readonly string[])[] = [
  ['wire', 'grammar', 'template'],
  ['config'],
  ['store', 'net', 'identity'],
  ['backends'],
  ['functions'],
  ['stage'],
  ['http-api', 'websocket-api'],
  ['snapshot', 'settings'],
  ['resources'],
  ['gateway', 'management', 'cli'],
  ['listen.ts', 'live-settings.ts'],
  ['main.ts'],
];
const FREE = new Set(['defect.ts', 'private-files.ts', 'telemetry']);
/** The program's entry starts the root. */
const EXCEPTIONS: readonly (readonly [file: string, imported: string])[] = [['cli/start.ts', 'main.ts']];

const rowOf = new Map(ROWS.flatMap((folders, row) => folders.map((folder) => [folder, row] as const)));
const sources = readdirSync('src', { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter(
    (name) =>
      name.endsWith('.ts') && !/\.test(\.support)?\.ts$/.test(name) && !name.startsWith('store/contract/'),
  );

test('every folder of src has a row', () => {
  const folders = new Set(sources.map((file) => file.split('/')[0]!));
  assert.deepEqual(
    [...folders].filter((folder) => !rowOf.has(folder) && !FREE.has(folder)),
    [],
  );
});

test('no file imports from its own row or from below', () => {
  const wrong: string[] = [];
  for (const file of sources) {
    const folder = file.split('/')[0]!;
    if (FREE.has(folder)) continue;
    const text = readFileSync(join('src', file), 'utf8');
    for (const [, path] of text.matchAll(/^(?:import|export)\s[^;]*?from '(\.[^']+)'/gms)) {
      const imported = normalize(join(dirname(file), path!)).replaceAll('\\', '/');
      const target = imported.split('/')[0]!;
      if (target === folder || FREE.has(target)) continue;
      const isAbove = rowOf.get(target)! < rowOf.get(folder)!;
      const isException = EXCEPTIONS.some(([of, what]) => of === file && what === imported);
      if (!isAbove && !isException) wrong.push(`src/${file} imports ${imported}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('only settings/settings.ts reads the environment', () => {
  const readers = sources.filter((file) => /process\.env\b/.test(readFileSync(join('src', file), 'utf8')));
  assert.deepEqual(
    readers.filter((file) => file !== 'settings/settings.ts'),
    [],
  );
});
