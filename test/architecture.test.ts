// The dependency rule of docs/architecture.md: a folder imports only from rows above its own, never from its row. The folders of
// `net` have rows of their own. Files import each other in a circle only where a grammar does, and nothing is exported for nobody.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

type Rows = readonly (readonly string[])[];

const ROWS: Rows = [
  ['wire', 'grammar', 'template', 'tree'],
  ['config'],
  ['store', 'net', 'identity', 'openapi', 'definitions'],
  ['backends'],
  ['functions'],
  ['stage'],
  ['http-api', 'websocket-api'],
  ['snapshot', 'settings'],
  ['resources'],
  ['sources', 'findings'],
  ['gateway', 'management', 'cli', 'cluster'],
  ['roles'],
  ['main.ts'],
  ['functions-process.ts', 'primary.ts', 'worker.ts'],
  ['testing'],
];
/** Files beside the folders of `net` are the words that all of them speak. */
const NET_ROWS: Rows = [['channel', 'tls'], ['http1'], ['http2', 'upstream', 'websocket'], ['listener']];
/** Anybody may import them; they import nobody but each other. */
const FREE = new Set(['clock.ts', 'counted.ts', 'defect.ts', 'packages.ts', 'private-files.ts', 'telemetry']);
/** The program's entry starts the roots. */
const EXCEPTIONS: readonly (readonly [file: string, imported: string])[] = [
  ['cli/server.ts', 'main.ts'],
  ['cli/functions-host.ts', 'functions-process.ts'],
  ['cli/server.ts', 'primary.ts'],
  ['cli/worker-process.ts', 'worker.ts'],
];
/** The grammar of templates is recursive: a string has a template in it, and a template has strings. */
const CIRCLES: readonly (readonly string[])[] = [
  ['compile-call', 'compile-expression', 'compile-loop', 'compile-template'],
  ['parse-directive', 'parse-expression', 'parse-reference', 'parse-template'],
].map((circle) => circle.map((name) => `template/${name}.ts`));
/** Exports that no file imports. */
const UNIMPORTED: readonly (readonly [name: string, why: string])[] = [
  ['functions/node-child/typescript-loader.ts resolve', 'a hook that Node.js calls'],
  ['functions/node-child/typescript-loader.ts load', 'a hook that Node.js calls'],
];

const typescriptIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true })
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter((name) => /\.tsx?$/.test(name));

const sources = typescriptIn('src').filter(
  (name) => !/\.test(\.support)?\.ts$/.test(name) && !name.startsWith('store/contract/'),
);

interface Import {
  readonly file: string;
  readonly imported: string;
  /** What is imported by name; undefined for all. */
  readonly names: readonly string[] | undefined;
  readonly isOfTypes: boolean;
}

const IMPORTS =
  /^(?:import|export)( type)?\s(?:\{([^}]*)\}|[^;{}]*?)\s*from '(\.[^']+)'|(\btypeof )?\bimport\('(\.[^']+)'\)/gms;

/** What a file imports of others, at its beginning or when it needs it. */
function importsOf(folder: string, file: string): readonly Import[] {
  const found = readFileSync(join(folder, file), 'utf8').matchAll(IMPORTS);
  return [...found].map(([, type, names, atOnce, typeOf, later]) => ({
    file,
    imported: normalize(join(dirname(file), (atOnce ?? later)!)).replaceAll('\\', '/'),
    names: names?.split(',').map((each) => /^(?:type )?(\w*)/.exec(each.trim())![1]!),
    isOfTypes: type !== undefined || typeOf !== undefined,
  }));
}

/** What sources import of each other. */
const imports = sources.flatMap((file) => importsOf('src', file));

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

test('every folder of src has a row, and every row is one of folders that are there', () => {
  const folders = new Set(sources.map((file) => file.split('/')[0]!));
  assert.deepEqual([...folders].sort(), [...ROWS.flat(), ...FREE].sort());
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
  const needed = new Set(printed(against(ROWS, 0, imports).filter(isException)));
  assert.equal(needed.size, EXCEPTIONS.length);
});

test('only settings/settings.ts reads the environment', () => {
  const readers = sources.filter((file) => /process\.env\b/.test(readFileSync(join('src', file), 'utf8')));
  assert.deepEqual(
    readers.filter((file) => file !== 'settings/settings.ts'),
    [],
  );
});

test('files import each other in a circle only where the grammar of templates does', () => {
  const edges = new Map<string, string[]>();
  for (const { file, imported, isOfTypes } of imports) {
    if (!isOfTypes) edges.set(file, [...(edges.get(file) ?? []), imported]);
  }
  const reached = new Map(sources.map((file) => [file, reachedFrom(file, edges)]));
  const circles = sources
    .filter((file) => reached.get(file)!.has(file))
    .map((file) => [...reached.get(file)!].filter((other) => reached.get(other)!.has(file)).sort());
  assert.deepEqual(new Set(circles.map(String)), new Set(CIRCLES.map(String)));
});

/** All that a file imports, and what that imports. */
function reachedFrom(file: string, edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (from: string): void => {
    for (const next of edges.get(from) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      visit(next);
    }
  };
  visit(file);
  return reached;
}

test('every function, class and constant that is exported is imported somewhere', () => {
  const used = new Set<string>();
  for (const folder of ['src', 'test', 'bench', 'scripts', 'console']) {
    for (const file of typescriptIn(folder)) {
      for (const { imported, names = ['*'] } of importsOf(folder, file)) {
        for (const name of names) used.add(`${imported.replace(/^(?:\.\.\/)+src\//, '')} ${name}`);
      }
    }
  }
  const unused = sources.flatMap((file) =>
    [...readFileSync(join('src', file), 'utf8').matchAll(EXPORTED)]
      .map(([, name]) => `${file} ${name}`)
      .filter((each) => !used.has(each) && !used.has(`${file} *`)),
  );
  assert.deepEqual(unused.sort(), UNIMPORTED.map(([name]) => name).sort());
});

const EXPORTED = /^export (?:async )?(?:function\*?|const|let|class) (\w+)/gm;

test('only config/keys.ts spells keys of the store', () => {
  const codeOf = (file: string): string =>
    readFileSync(join('src', file), 'utf8').replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');
  const names = [...codeOf('config/keys.ts').matchAll(/'([a-z-]+)'/g)].map(([, name]) => name);
  assert.ok(names.includes('routes') && names.includes('-targets'), 'the names are found');
  const key = new RegExp(`\\[(?:\\.\\.\\.|'-', |[\\w.]*\\baccount\\b)[^[\\]]*'(?:${names.join('|')})'`);
  assert.deepEqual(
    sources.filter((file) => key.test(codeOf(file))),
    ['config/keys.ts'],
  );
});

test('private members are #private: what the compiler alone keeps private is so no more when it runs', () => {
  const wrong = ['src', 'test', 'bench', 'scripts'].flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .map((name) => join(folder, String(name)))
      .filter((path) => path.endsWith('.ts'))
      // A constructor has no other form.
      .filter((path) => /^ +private (?!constructor\b)/m.test(readFileSync(path, 'utf8'))),
  );
  assert.deepEqual(wrong, []);
});
