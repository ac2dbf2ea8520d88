// `npm start -- …`: builds when there is something newer than the last build, then is `postern start …`.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entry = join(root, 'dist/src/cli/postern.js');
/** Written by the compiler; its time is the time of the last build. */
const record = join(root, 'dist/.tsbuildinfo');

/** Epoch milliseconds of the newest change of a source. */
function newestSource() {
  const sources = readdirSync(join(root, 'src'), { recursive: true }).map((name) =>
    join(root, 'src', String(name)),
  );
  return Math.max(...[...sources, join(root, 'tsconfig.json')].map((path) => statSync(path).mtimeMs));
}

if (!existsSync(entry) || !existsSync(record) || statSync(record).mtimeMs < newestSource()) {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  if (!existsSync(compiler)) {
    console.error('postern: there is no compiler to build with. Run "npm ci" first.');
    process.exit(1);
  }
  const build = spawnSync(process.execPath, [compiler, '-p', root], { stdio: 'inherit' });
  if (build.status !== 0) process.exit(build.status ?? 1);
  const now = new Date();
  utimesSync(record, now, now);
}

process.setSourceMapsEnabled(true);
process.argv = [process.execPath, entry, 'start', ...process.argv.slice(2)];
await import(pathToFileURL(entry).href);
