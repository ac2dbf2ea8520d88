// Runs every compiled test file under node:test. `npm test -- PATTERN …` runs the files whose path contains a pattern, `!PATTERN` leaves
// out those that do. Those of an area share processes (scripts/test-group.mjs), for most of a file's time would go into loading what its
// neighbours load too.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Beginnings of paths, in the order in which they run: what takes long comes first, so that it does not run alone at the end. Clusters
 *  wait most of the time, one after the other in one process, while the rest runs beside them. */
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
/** What is of a whole process, as its files would share it. */
const OF_THE_PROCESS = /^(?:before|after)Each\(|process\.env\.\w+ = |process\.cpuUsage\(/m;

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
const groups = AREAS.flatMap((area) => {
  const ofArea = files.filter((file) => areaOf(file) === area);
  const alone = ofArea.filter((file) => OF_THE_PROCESS.test(readFileSync(file, 'utf8')));
  const shared = ofArea.filter((file) => !alone.includes(file));
  const count = Math.ceil(shared.length / GROUP);
  const ofShared = Array.from({ length: count }, (_, at) =>
    shared.slice(Math.floor((at * shared.length) / count), Math.floor(((at + 1) * shared.length) / count)),
  );
  return [...ofShared, ...alone.map((file) => [file])];
});
const processes = groups.map(processOf);

/** The file that runs these. Node.js runs what it is given in the order of the names. */
function processOf(group, nth) {
  const path = `${GROUPS}/${String(nth).padStart(3, '0')}.js`;
  const text =
    group.length === 1
      ? `import '../${group[0].slice('dist/'.length)}';\n`
      : `import { runGroup } from '../../scripts/test-group.mjs';\nawait runGroup(${JSON.stringify(group, undefined, 2)});\n`;
  writeFileSync(path, text);
  return path;
}

// Two more than there are cores: many tests wait for programs that they start.
const concurrency = Math.min(6, availableParallelism() + 2);
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
