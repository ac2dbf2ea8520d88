// Bundles the program into dist/program (docs/decisions/0019-one-bundle.md): `node scripts/bundle.mjs`. What starts a thread or a
// process of its own is an entry. Packages are not bundled, but for those of BUNDLED. Files are where the compiler would have put them,
// as far as the code can tell: `import.meta.url` is that of the source.
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeLicences } from './licences.mjs';
import { loadedTogether } from './loaded-together.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = join(root, 'dist/program');

/** What is loaded later is in files of its own, which the entries share. */
const SHARING = ['cli/bin.ts', 'testing/entry.ts', 'openapi/reading-thread.ts'];
/** Alone: they are loaded into processes of functions, with nothing else of ours. */
const ALONE = ['functions/node-child/main.ts', 'functions/node-child/typescript-loader.ts'];

/** Development dependencies that become part of the program (docs/decisions/0027-bundled-exporter.md, 0020-clients-of-our-own.md), and
 *  what only they depend on. NOTICE names them. */
const BUNDLED = [
  /^@opentelemetry\//,
  /^@aws-sdk\/(?:client-s3|middleware-sdk-s3|checksums|signature-v4-multi-region)(?:\/|$)/,
  /^(?:pg|pg-(?:cloudflare|connection-string|int8|pool|protocol|types)|pgpass|postgres-[a-z]+|split2|xtend)(?:\/|$)/,
  /^(?:ioredis|@ioredis\/commands|cluster-key-slot|denque|redis-errors|standard-as-callback|debug|ms)(?:\/|$)/,
  /^yaml$/,
];
/** What bundled packages can do without, and ask for where they catch that it is not there. */
const WITHOUT = new Set(['pg-native', 'supports-color']);

const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

const { build } = await import('esbuild').catch(() => {
  console.error('bundle: esbuild is not installed. Run "npm ci" first.');
  process.exit(1);
});

const options = {
  absWorkingDir: root,
  outbase: 'src',
  bundle: true,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
  target: 'node20.19',
  // Names stay: messages and logs say those of classes.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
  metafile: true,
};

/** Has `import.meta.url` be that of the source, for code whose own file is as many folders deep in the bundle. */
function urlsOfSources(depth) {
  return {
    name: 'urls of sources',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const contents = await readFile(path, 'utf8');
        if (!contents.includes('import.meta.url')) return undefined;
        const source = relative(join(root, 'src'), path).replaceAll('\\', '/').replace(/\.ts$/, '.js');
        const url = `new URL('${'../'.repeat(depth)}${source}', import.meta.url).href`;
        return { contents: contents.replaceAll('import.meta.url', url), loader: 'ts' };
      }),
  };
}

/** Packages stay packages, but for a few. A bundled one gets modules of Node.js that it requires, though what it is in has no `require`,
 *  and may need what is installed and no other. */
const packages = {
  name: 'packages',
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === 'require-call' && isBuiltin(path)) return { path, namespace: 'builtin' };
      if (kind === 'entry-point' || BUNDLED.some((pattern) => pattern.test(path))) return undefined;
      const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(path);
      if (!isBuiltin(path) && !WITHOUT.has(name) && !(name in dependencies))
        return {
          errors: [{ text: `${name} is neither installed nor bundled (BUNDLED of scripts/bundle.mjs).` }],
        };
      return { path, external: true };
    });
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

export async function bundle() {
  const entries = (names) => names.map((name) => `src/${name}`);
  rmSync(outdir, { recursive: true, force: true });
  const sharing = {
    ...options,
    entryPoints: entries(SHARING),
    outdir,
    splitting: true,
    // As deep as the entries.
    chunkNames: 'parts/[name]-[hash]',
  };
  const { metafile } = await build({ ...sharing, write: false, plugins: [packages] });
  const built = await Promise.all([
    build({ ...sharing, plugins: [loadedTogether(root, metafile.inputs), packages, urlsOfSources(1)] }),
    build({ ...options, entryPoints: entries(ALONE), outdir, plugins: [packages, urlsOfSources(2)] }),
  ]);
  const outputs = built.flatMap(({ metafile }) => Object.values(metafile.outputs));
  await writeLicences(root, outputs, join(outdir, 'LICENCES'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
