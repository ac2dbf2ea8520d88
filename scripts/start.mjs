// `npm start -- …`: builds when there is something newer than the last build, then is `postern start …`.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writeCommit } from './commit.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entry = join(root, 'dist/program/cli/bin.js');

/** Epoch milliseconds of the newest change of a source. */
function newestSource() {
  const sources = ['src', 'console'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((name) => join(root, folder, String(name))),
  );
  const scripts = ['bundle', 'licences', 'loaded-together'].map((name) => join(root, `scripts/${name}.mjs`));
  return Math.max(...[...sources, ...scripts].map((path) => statSync(path).mtimeMs));
}

/** What should have been written, when npm has taken options for its own: it passes their values on as words, or keeps those
 *  that stand behind `=`. */
function takenByNpm() {
  const table = readFileSync(join(root, 'src/settings/options.ts'), 'utf8');
  const flags = new Set(['config', ...[...table.matchAll(/flag: '([a-z-]+)'/g)].map(([, flag]) => flag)]);
  const words = process.argv.slice(2);
  const taken = [];
  for (const [name, value] of Object.entries(process.env)) {
    const flag = name.replace(/^npm_config_/, '').replaceAll('_', '-');
    if (!name.startsWith('npm_config_') || !flags.has(flag) || value === '') continue;
    taken.push(`--${flag}`, ...(value !== 'true' ? [value] : words.splice(0, 1)));
  }
  return taken.length === 0 ? undefined : ['npm start --', ...taken, ...words].join(' ');
}

const command = takenByNpm();
if (command !== undefined) {
  console.error(
    `postern: npm takes options for its own unless "--" stands in front of them. Write: ${command}`,
  );
  process.exit(2);
}

if (!existsSync(entry) || statSync(entry).mtimeMs < newestSource()) {
  if (!existsSync(join(root, 'node_modules/esbuild'))) {
    console.error('postern: there is nothing to build with. Run "npm ci" first.');
    process.exit(1);
  }
  console.error('postern: building first …');
  const { bundle } = await import('./bundle.mjs');
  await bundle();
  const { buildConsole } = await import('./console.mjs');
  await buildConsole();
  writeCommit();
}

process.argv = [process.execPath, entry, 'start', ...process.argv.slice(2)];
await import(pathToFileURL(entry).href);
