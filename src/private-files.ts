// Files that hold data or logs, and the directories made for them: nobody but their owner reads them.
import { chmod, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The mode that files of ours are made with. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_DIRECTORY = 0o700;
const OTHERS = 0o077;

/** Makes a directory and those above it that are not there. Throws what the system says, ENOENT where nothing can be made
 *  (`/proc/…`): the `recursive` of Node's own mkdir never ends there. */
export async function makePrivateDirectory(path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = path; !(await isDirectory(at)); at = dirname(at)) missing.unshift(at);
  for (const each of missing) {
    await mkdir(each, { mode: PRIVATE_DIRECTORY }).catch(async (error: unknown) => {
      // Another process may have made it meanwhile.
      if (!(await isDirectory(each).catch(() => false))) throw error;
    });
  }
}

/** Throws unless it is a directory or nothing at all. */
async function isDirectory(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && dirname(path) !== path) return false;
    throw error;
  }
  throw Object.assign(new Error(`${path} is a file, not a directory`), { code: 'EEXIST' });
}

/** Takes a file, or every file of a directory, away from others. What is not there or belongs to another user is left. */
export async function closeToOthers(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || found.isSymbolicLink()) return;
  if (found.isDirectory()) {
    for (const name of await readdir(path).catch(() => [])) await closeToOthers(join(path, name));
    return;
  }
  if ((found.mode & OTHERS) !== 0) await chmod(path, PRIVATE_FILE).catch(() => undefined);
}

/** What others may do in a directory, as the end of a sentence; undefined when they may do nothing. */
export async function openingToOthers(directory: string): Promise<string | undefined> {
  const found = await stat(directory).catch(() => undefined);
  if (found === undefined || process.platform === 'win32' || (found.mode & OTHERS) === 0) return undefined;
  const may = (found.mode & 0o022) !== 0 ? 'replace its files' : 'see what is in it';
  return `other users of this machine may ${may} (mode ${(found.mode & 0o7777).toString(8)}); chmod 700 ${directory} ends that`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
