// Where the code of functions is found (spec/definitions.md §7.2).
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { zipOf } from '../../../test/support/zip.ts';
import type { CodeSource } from './code-source.ts';
import { locateCode } from './locate-code.ts';

const FILES: readonly string[] = [
  ...['js/src/app.js', 'js/index.mjs', 'ts/app.ts', 'py/app.py', 'py/pkg/mod.py', 'py/pkg2/__init__.py'],
  ...['py/requirements.txt', 'built/requirements.txt', 'built/app.py', 'built/x-1.dist-info/METADATA'],
  ...[
    'layer/nodejs/node_modules/a/index.js',
    'layer/python/b.py',
    'go/bootstrap',
    'plain/bootstrap',
    'one.js',
  ],
];

let directory = '';
let all = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-code-'));
  all = join(directory, 'data');
  for (const name of FILES) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), '');
  }
  await chmod(join(directory, 'go/bootstrap'), 0o755);
  await writeFile(join(directory, 'code.zip'), zipOf([{ name: 'lib/app.js', content: 'zip' }]));
  await writeFile(join(directory, 'layer.zip'), zipOf([{ name: 'nodejs/node_modules/c/index.js' }]));
});
after(() => rm(directory, { recursive: true }));

type Given = Omit<CodeSource, 'from'> & { readonly at?: string; readonly inline?: string };

async function locate({ at = '', inline, ...source }: Given) {
  const from =
    inline === undefined
      ? ({ kind: 'path', path: join(directory, at) } as const)
      : ({ kind: 'inline', text: inline } as const);
  const layers = source.layers?.map(({ name, path }) => ({
    name,
    ...(path && { path: join(directory, path) }),
  }));
  const located = await locateCode({ from, ...source, ...(layers && { layers }) }, all);
  return located.code === undefined ? located : { ...located, code: located.code };
}

const MAJOR = process.versions.node.split('.')[0];
const NODE = `nodejs${MAJOR}.x`;

/** `…` stands for the directory of the test. */
const FOUND: readonly (readonly [what: string, given: Given, file: string, exported: string])[] = [
  ['a file below', { at: 'js', runtime: NODE, handler: 'src/app.handler' }, 'js/src/app', 'handler'],
  ['a module', { at: 'js', runtime: NODE, handler: 'index.handlers.get' }, 'js/index', 'handlers.get'],
  ['TypeScript', { at: 'ts', runtime: NODE, handler: 'app.handler' }, 'ts/app', 'handler'],
  ['one file', { at: 'one.js', runtime: NODE, handler: 'one.handler' }, 'one', 'handler'],
  ['Python', { at: 'py', runtime: 'python3.12', handler: 'app.handler' }, 'py/app', 'handler'],
  [
    'a module of Python',
    { at: 'py', runtime: 'python3.12', handler: 'pkg.mod.handler' },
    'py/pkg',
    'mod.handler',
  ],
  ['a package of Python', { at: 'py', runtime: 'python3.12', handler: 'pkg2.handler' }, 'py/pkg2', 'handler'],
  ['a bootstrap', { at: 'go', runtime: 'provided.al2023' }, 'go/bootstrap', ''],
  [
    'what esbuild begins with (row 88)',
    {
      at: 'ts',
      runtime: NODE,
      handler: 'dist/index.handler',
      buildMethod: 'esbuild',
      entryPoints: ['app.ts'],
    },
    'ts/app.ts',
    'handler',
  ],
  [
    'what is there before what esbuild begins with',
    { at: 'ts', runtime: NODE, handler: 'app.get', buildMethod: 'esbuild', entryPoints: ['other.ts'] },
    'ts/app',
    'get',
  ],
];

for (const [what, given, file, exported] of FOUND) {
  test(`code is found: ${what}`, async () => {
    const located = await locate(given);
    assert.ok(located.code !== undefined, JSON.stringify(located));
    assert.equal(located.code.File, join(directory, file));
    assert.equal(located.code.Export, exported);
    assert.equal(located.code.Watch.length, 1, 'what is used where it is is watched');
  });
}

test('a zip is unpacked, and its content is what counts (§7.4)', async () => {
  const given = { at: 'code.zip', runtime: NODE, handler: 'lib/app.handler' };
  const located = await locate(given);
  assert.ok(located.code !== undefined);
  const { File, TaskRoot, Watch } = located.code;
  assert.equal(dirname(TaskRoot), all);
  assert.equal(await readFile(`${File}.js`, 'utf8'), 'zip');
  assert.deepEqual(Watch, []);
  assert.deepEqual(await locate(given), located);
});

const INLINE: readonly (readonly [runtime: string, file: string])[] = [
  [NODE, 'index.js'],
  ['python3.12', 'index.py'],
  ['provided.al2023', 'bootstrap'],
];

test('code in the template is a file of the runtime', async () => {
  for (const [runtime, file] of INLINE) {
    const located = await locate({ inline: `# ${runtime}`, runtime, handler: 'index.handler' });
    assert.ok(located.code !== undefined, JSON.stringify(located));
    assert.equal(await readFile(join(located.code.TaskRoot, file), 'utf8'), `# ${runtime}`);
  }
});

const MISSING: readonly (readonly [what: string, given: Given, missing: string, reason: RegExp])[] = [
  [
    'a runtime that is not here',
    { at: 'js', runtime: 'java21' },
    'elsewhere',
    /^the runtime java21 does not run here$/,
  ],
  ['no runtime', { at: 'js' }, 'elsewhere', /^it says no Runtime$/],
  ['no directory', { at: 'nowhere', runtime: NODE }, 'wrong', /^there is no .*nowhere$/],
  [
    'a device',
    { at: '../../../../../../dev/zero', runtime: NODE },
    'wrong',
    /is neither a file nor a directory$/,
  ],
  [
    'what a tool builds',
    { at: 'nowhere', runtime: NODE, buildMethod: 'makefile' },
    'unbuilt',
    /^there is no/,
  ],
  [
    'no file',
    { at: 'js', runtime: NODE, handler: 'app.handler' },
    'wrong',
    /^Handler app\.handler leads to no file: in .*js there is none of app\.js, app\.mjs, app\.cjs, app\.ts, app\.mts, app\.cts$/,
  ],
  [
    'no module',
    { at: 'py', runtime: 'python3.9', handler: 'a.b.c' },
    'wrong',
    /none of a\/b\.py, a\/b\/__init__\.py$/,
  ],
  [
    'no export',
    { at: 'js', runtime: NODE, handler: 'app' },
    'wrong',
    /^Handler is FILE\.EXPORT, .*not "app"$/,
  ],
  ['a way out', { at: 'js', runtime: NODE, handler: '../one.handler' }, 'wrong', /leads out of/],
  [
    'a package as handler',
    { at: 'py', runtime: 'python3.9', handler: '....x' },
    'wrong',
    /FILE\.EXPORT|leads/,
  ],
  ['no bootstrap', { at: 'js', runtime: 'provided.al2' }, 'unbuilt', /^there is no bootstrap in .*js$/],
  [
    'a bootstrap of nobody',
    { at: 'plain', runtime: 'provided.al2' },
    'wrong',
    /is not executable; chmod \+x/,
  ],
  [
    'an entry that is not there',
    { at: 'js', runtime: NODE, handler: 'app.handler', buildMethod: 'esbuild', entryPoints: ['app.ts'] },
    'wrong',
    /leads to no file/,
  ],
  [
    'too much in the template',
    { inline: 'x'.repeat(4_194_305), runtime: NODE },
    'wrong',
    /more than 4194304 bytes/,
  ],
];

for (const [what, given, missing, reason] of MISSING) {
  test(`code is not found: ${what}`, async () => {
    const located = await locate(given);
    assert.ok(located.code === undefined);
    assert.equal(located.missing, missing);
    assert.match(located.reason, reason);
  });
}

test('what is worth knowing of code: other versions, packages that are not there', async () => {
  const notesOf = async (given: Given) => {
    const located = await locate(given);
    return located.code === undefined ? [located.reason] : located.notes;
  };
  assert.deepEqual(await notesOf({ at: 'js', runtime: 'nodejs12.x', handler: 'index.h' }), [
    `Runtime nodejs12.x runs in Node.js ${MAJOR} here`,
  ]);
  assert.deepEqual(await notesOf({ at: 'js', runtime: NODE, handler: 'index.h' }), []);
  assert.deepEqual(await notesOf({ at: 'built', runtime: 'python3.8', handler: 'app.h' }), []);
  assert.deepEqual(await notesOf({ at: 'py', runtime: 'python2.7', handler: 'app.h' }), [
    'Runtime python2.7 runs in Python 3 here',
    'the packages of requirements.txt are not beside the code: those of python3 are used',
  ]);
});

test('packages of layers are found, in directories and zips (Choice D37)', async () => {
  const layers = [
    { name: 'A', path: 'layer' },
    { name: 'B', path: 'layer.zip' },
    { name: 'C', path: 'js' },
    { name: 'arn:x' },
  ];
  const node = await locate({ at: 'js', runtime: NODE, handler: 'index.h', layers });
  assert.ok(node.code !== undefined);
  const { variable, directories } = node.layers;
  assert.equal(variable, 'NODE_PATH');
  assert.deepEqual(Object.keys(directories), ['A', 'B']);
  assert.equal(directories.A, join(directory, 'layer/nodejs/node_modules'));
  const python = await locate({ at: 'py', runtime: 'python3.9', handler: 'app.h', layers });
  assert.ok(python.code !== undefined);
  assert.deepEqual(python.layers, {
    variable: 'PYTHONPATH',
    directories: { A: join(directory, 'layer/python') },
  });
});
