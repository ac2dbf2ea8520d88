// Builds the console into dist/page, each file beside its gzip and Brotli forms: `node scripts/console.mjs`. Nothing is done when
// nothing that it is made of has changed. `node scripts/console.mjs --serve URL` serves its sources while they are worked on, in
// front of a program that runs at the URL.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = join(root, 'console');
const outdir = join(root, 'dist/page');
/** What the last build was made of: `{ modules, digest }`, paths of modules from outside of console/. */
const record = join(root, 'dist/page.json');
/** What the server that has no compression of its own for it would send larger. */
const COMPRESSED = /\.(?:html|js|css|svg)$/;

const options = {
  configFile: false,
  root: sources,
  base: '/_postern/console/',
  logLevel: 'warn',
  clearScreen: false,
  build: {
    outDir: outdir,
    emptyOutDir: true,
    target: 'es2022',
    // Nothing inline: the page's Content-Security-Policy allows files alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // How long plugins took, when the machine is busy.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
};

const vite = () =>
  import('vite').catch(() => {
    console.error('console: vite is not installed. Run "npm ci" first.');
    process.exit(1);
  });

function digestOf(modules) {
  const hash = createHash('sha256');
  const own = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  for (const file of [
    join(root, 'scripts/console.mjs'),
    join(root, 'package-lock.json'),
    ...own,
    ...modules,
  ]) {
    hash.update(`${relative(root, file)}\0`);
    hash.update(existsSync(file) ? readFileSync(file) : '');
  }
  return hash.digest('hex');
}

function isBuilt() {
  if (!existsSync(record) || !existsSync(join(outdir, 'index.html'))) return false;
  const { modules, digest } = JSON.parse(readFileSync(record, 'utf8'));
  return digest === digestOf(modules.map((name) => join(root, name)));
}

export async function buildConsole() {
  if (isBuilt()) return;
  rmSync(record, { force: true });
  const { build } = await vite();
  const modules = new Set();
  const collect = {
    name: 'what is from outside of console/',
    moduleParsed({ id }) {
      const file = id.replace(/\?.*/s, '');
      if (file.startsWith(join(root, 'src'))) modules.add(relative(root, file));
    },
  };
  await build({ ...options, plugins: [collect] });
  for (const { parentPath, name } of readdirSync(outdir, { recursive: true, withFileTypes: true })) {
    if (!COMPRESSED.test(name)) continue;
    const file = join(parentPath, name);
    const content = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
  }
  const names = [...modules].sort();
  const digest = digestOf(names.map((name) => join(root, name)));
  writeFileSync(record, `${JSON.stringify({ modules: names, digest })}\n`);
}

async function serve(url) {
  const { createServer } = await vite();
  // To the program it is a request of its own page.
  const headers = { origin: url };
  const target = { target: url, changeOrigin: true, headers };
  const proxy = { '^/(?:v2|_postern(?!/console))/': target };
  const server = await createServer({ ...options, logLevel: 'info', server: { proxy } });
  await server.listen();
  server.printUrls();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === '--serve') await serve(process.argv[3] ?? 'http://127.0.0.1:4700');
  else await buildConsole();
}
