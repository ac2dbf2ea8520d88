// Runs every compiled test file under node:test. `npm test -- PATTERN …` runs the files whose path contains a pattern.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const patterns = process.argv.slice(2);
const files = readdirSync('dist', { recursive: true })
  .map((name) => `dist/${String(name).replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.test.js') && !name.includes('node_modules'))
  .filter((name) => patterns.length === 0 || patterns.some((pattern) => name.includes(pattern)))
  .sort();
if (files.length === 0) {
  console.error(`no test file matches ${patterns.join(' ') || 'dist/**/*.test.js'}`);
  process.exit(1);
}
// One more than there are cores: many tests wait for programs that they start.
const concurrency = Math.min(4, availableParallelism() + 1);
const child = spawn(
  process.execPath,
  ['--enable-source-maps', '--test', `--test-concurrency=${concurrency}`, '--test-timeout=240000', ...files],
  { stdio: 'inherit' },
);
child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));
