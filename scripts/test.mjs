// Runs every compiled test file under node:test. `npm test -- PATTERN …` runs the files whose path contains a pattern, `!PATTERN` leaves
// out those that do. Those of an area share processes (scripts/test-group.mjs), for most of a file's time would go into loading what its
// neighbours load too.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Beginnings of paths, in the order in which they run: what takes long comes first, so that it does not run alone at the end. */
const AREAS = [
  'dist/test/cluster/',
  'dist/test/end-to-end/workers/',
  'dist/test/end-to-end/program/',
  'dist/test/end-to-end/testing/',
  'dist/test/conformance/',
  'dist/test/end-to-end/',
  'dist/test/',
  'dist/src/',
  'dist/',
];
/** How many files share a process, at most. */
const GROUP = 16;
/** What is of a whole process, as its files would share it, or takes half a minute, most of which is waiting. */
const OF_THE_PROCESS = /^(?:before|after)Each\(|process\.env\.\w+ = |process\.cpuUsage\(|= loadedCluster\(/m;

const words = process.argv.slice(2);
const patterns = words.filter((word) => !word.startsWith('!'));
const leftOut = words.filter((word) => word.startsWith('!')).map((word) => word.slice(1));
const files = readdirSync('dist', { recursive: true })
  .map((name) => `dist/${String(name).replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.test.js') && !name.includes('node_modules'))
  .filter((name) => patterns.length === 0 || patterns.some((pattern) => name.includes(pattern)))
  .filter((name) => !leftOut.some((pattern) => name.includes(pattern)))
  .sort();
if (files.length === 0) {
  console.error(`no test file matches ${words.join(' ') || 'dist/**/*.test.js'}`);
  process.exit(1);
}

/** Of this run alone: there may be another at the same time. */
const GROUPS = `dist/test-groups-${process.pid}`;
mkdirSync(GROUPS);
const areaOf = (file) => AREAS.find((area) => file.startsWith(area));
const processes = AREAS.flatMap((area) => {
  const ofArea = files.filter((file) => areaOf(file) === area);
  const alone = ofArea.filter((file) => OF_THE_PROCESS.test(readFileSync(file, 'utf8')));
  const shared = ofArea.filter((file) => !alone.includes(file));
  const count = Math.ceil(shared.length / GROUP);
  const groups = Array.from({ length: count }, (_, at) =>
    shared.slice(Math.floor((at * shared.length) / count), Math.floor(((at + 1) * shared.length) / count)),
  );
  return [...alone, ...groups.map((group, at) => processOf(group, `${area.replaceAll('/', '-')}${at + 1}`))];
});

/** The file that runs these. */
function processOf(group, name) {
  if (group.length === 1) return group[0];
  const path = `${GROUPS}/${name}.js`;
  writeFileSync(
    path,
    `import { runGroup } from '../../scripts/test-group.mjs';\nawait runGroup(${JSON.stringify(group, undefined, 2)});\n`,
  );
  return path;
}

// One more than there are cores: many tests wait for programs that they start.
const concurrency = Math.min(4, availableParallelism() + 1);
const child = spawn(
  process.execPath,
  [
    '--enable-source-maps',
    '--test',
    `--test-concurrency=${concurrency}`,
    '--test-timeout=900000',
    `--test-reporter=${process.stdout.isTTY ? 'spec' : 'tap'}`,
    '--test-reporter-destination=stdout',
    '--test-reporter=./scripts/failures-reporter.mjs',
    '--test-reporter-destination=stderr',
    ...processes,
  ],
  { stdio: 'inherit' },
);
child.on('exit', (code, signal) => {
  rmSync(GROUPS, { recursive: true, force: true });
  process.exit(signal === null ? code : 1);
});
