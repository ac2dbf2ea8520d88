// The dependency rule of docs/architecture.md: a folder imports only from rows above its own, never from its row. The folders of
// `net` have rows of their own.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

type Rows = readonly (readonly string[])[];

const ROWS: Rows = [
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
/** Files beside the folders of `net` are the words that all of them speak. */
const NET_ROWS: Rows = [['tls'], ['http1'], ['http2', 'upstream', 'websocket'], ['listener']];
/** Anybody may import them; they import nobody but each other. */
const FREE = new Set(['defect.ts', 'private-files.ts', 'telemetry']);
/** The program's entry starts the root. */
const EXCEPTIONS: readonly (readonly [file: string, imported: string])[] = [['cli/start.ts', 'main.ts']];

const sources = readdirSync('src', { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter(
    (name) =>
      name.endsWith('.ts') && !/\.test(\.support)?\.ts$/.test(name) && !name.startsWith('store/contract/'),
  );

interface Import {
  readonly file: string;
  readonly imported: string;
}

/** What sources import of each other, at their beginning or when they need it. */
const imports: readonly Import[] = sources.flatMap((file) => {
  const text = readFileSync(join('src', file), 'utf8');
  const found = text.matchAll(/^(?:import|export)\s[^;]*?from '(\.[^']+)'|\bimport\('(\.[^']+)'\)/gms);
  return [...found].map(([, atOnce, later]) => ({
    file,
    imported: normalize(join(dirname(file), (atOnce ?? later)!)).replaceAll('\\', '/'),
  }));
});

/** The imports that go from one folder to another of its row or of one below. `depth` is that of the folders' names. */
function against(rows: Rows, depth: number, among: readonly Import[]): readonly Import[] {
  const rowOf = new Map(rows.flatMap((folders, row) => folders.map((folder) => [folder, row] as const)));
  return among.filter(({ file, imported }) => {
    const [from, to] = [file, imported].map((path) => path.split('/')[depth]!) as [string, string];
    if (from === to) return false;
    // What has no row is beside the folders: above all of them.
    return (rowOf.get(to) ?? -1) >= (rowOf.get(from) ?? -1) && (rowOf.has(from) || rowOf.has(to));
  });
}

const isFree = (path: string): boolean => FREE.has(path.split('/')[0]!);
const isException = ({ file, imported }: Import): boolean =>
  EXCEPTIONS.some(([of, what]) => of === file && what === imported);
const printed = (found: readonly Import[]): readonly string[] =>
  found.map(({ file, imported }) => `src/${file} imports ${imported}`);

test('every folder of src has a row', () => {
  const known = new Set([...ROWS.flat(), ...FREE]);
  const folders = new Set(sources.map((file) => file.split('/')[0]!));
  assert.deepEqual(
    [...folders].filter((folder) => !known.has(folder)),
    [],
  );
  const ofNet = new Set(sources.filter((file) => /^net\/.*\//.test(file)).map((file) => file.split('/')[1]!));
  assert.deepEqual([...ofNet].sort(), NET_ROWS.flat().sort());
});

test('no file imports from its own row or from below', () => {
  const ruled = imports.filter(({ file, imported }) => !isFree(file) && !isFree(imported));
  assert.deepEqual(printed(against(ROWS, 0, ruled).filter((each) => !isException(each))), []);
});

test('inside net, no folder imports from its own row or from below', () => {
  const inside = imports.filter(
    ({ file, imported }) => file.startsWith('net/') && imported.startsWith('net/'),
  );
  assert.deepEqual(printed(against(NET_ROWS, 1, inside)), []);
});

test('what is free for all imports nothing but its like', () => {
  const wrong = imports.filter(({ file, imported }) => isFree(file) && !isFree(imported));
  assert.deepEqual(printed(wrong), []);
});

test('every exception is needed', () => {
  const needed = against(ROWS, 0, imports).filter(isException);
  assert.equal(needed.length, EXCEPTIONS.length);
});

test('only settings/settings.ts reads the environment', () => {
  const readers = sources.filter((file) => /process\.env\b/.test(readFileSync(join('src', file), 'utf8')));
  assert.deepEqual(
    readers.filter((file) => file !== 'settings/settings.ts'),
    [],
  );
});
