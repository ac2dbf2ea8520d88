// Writes the commit that is built to dist/commit.json, which `postern --version` shows; nothing where the tree is no clone.
// A package has it from its build: the program itself never asks git.
import { execFileSync } from 'node:child_process';
import { realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

export function writeCommit() {
  const file = join(root, 'dist/commit.json');
  const git = (...words) =>
    execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    // A copy inside somebody else's repository has not that one's commit.
    if (realpathSync(git('rev-parse', '--show-toplevel')) !== realpathSync(root)) throw new Error('no clone');
    const commit = git('describe', '--always', '--abbrev=12', '--exclude=*', '--dirty=+changes');
    writeFileSync(file, `${JSON.stringify({ commit })}\n`);
  } catch {
    rmSync(file, { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeCommit();
