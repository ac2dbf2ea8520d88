// Code that is kept in the data directory, each in a directory with the hash of its content as its name (spec/definitions.md §7.2).
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateDirectory, PRIVATE_FILE } from '../../private-files.ts';

const PRIVATE_DIRECTORY = 0o700;
/** What is being written, until it has its name. */
const PART = '.part-';
/** What nobody uses is kept so long: calls may still be running in it, and a deploy may have found it a moment ago. */
const KEPT_MILLIS = 3_600_000;

/** Where content of a hash is, in the directory of all code. `fill` writes it where it is not there yet. */
export async function codeDirectory(
  all: string,
  hash: string,
  fill: (directory: string) => Promise<void>,
): Promise<string> {
  const directory = join(all, hash);
  if (await isThere(directory)) {
    // Nobody sweeps it away before the deploy is done.
    const now = new Date();
    await utimes(directory, now, now);
    return directory;
  }
  await makePrivateDirectory(all);
  // What Node.js takes files for follows from no package.json of the directories above.
  await writeFile(join(all, 'package.json'), '{}\n', { mode: PRIVATE_FILE });
  const part = join(all, `${hash}${PART}${randomBytes(8).toString('hex')}`);
  try {
    await mkdir(part, { mode: PRIVATE_DIRECTORY });
    await fill(part);
    await rename(part, directory);
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    // Somebody else has been faster.
    if (!(await isThere(directory))) throw error;
  }
  return directory;
}

/** Deletes what no function uses. */
export async function sweepCode(all: string, isUsed: (directory: string) => boolean): Promise<void> {
  const before = Date.now() - KEPT_MILLIS;
  const names: readonly string[] = await readdir(all).catch(() => []);
  for (const name of names) {
    const directory = join(all, name);
    if (isUsed(directory)) continue;
    const found = await stat(directory).catch(() => undefined);
    if (found?.isDirectory() !== true || found.mtimeMs > before) continue;
    await rm(directory, { recursive: true, force: true });
  }
}

async function isThere(directory: string): Promise<boolean> {
  return (await stat(directory).catch(() => undefined))?.isDirectory() === true;
}
