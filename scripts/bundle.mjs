// Bundles the program into dist/program (docs/decisions/0019-one-bundle.md): `node scripts/bundle.mjs`. What starts a thread or a
// process of its own is an entry. Packages are not bundled. Files are where the compiler would have put them, as far as the code
// can tell: `import.meta.url` is that of the source.
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = join(root, 'dist/program');

/** What is loaded later is in files of its own, which the entries share. */
const SHARING = ['cli/bin.ts', 'testing/entry.ts', 'openapi/reading-thread.ts'];
/** Alone: they are loaded into processes of functions, with nothing else of ours. */
const ALONE = ['functions/node-child/main.ts', 'functions/node-child/typescript-loader.ts'];

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
  target: 'node20.19',
  packages: 'external',
  // Names stay: messages and logs say those of classes.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
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

export async function bundle() {
  const entries = (names) => names.map((name) => `src/${name}`);
  rmSync(outdir, { recursive: true, force: true });
  await Promise.all([
    build({
      ...options,
      entryPoints: entries(SHARING),
      outdir,
      splitting: true,
      // As deep as the entries.
      chunkNames: 'parts/[name]-[hash]',
      plugins: [urlsOfSources(1)],
    }),
    build({ ...options, entryPoints: entries(ALONE), outdir, plugins: [urlsOfSources(2)] }),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
