// Says when the files of a function change. Directories are watched one by one, without node_modules and what begins with a
// dot, because a recursive watch of Node.js on Linux would open every package.
import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

export interface FileWatch {
  close(): void;
}

/** An editor's save is several changes. */
const QUIET_MILLIS = 50;
/** Beyond this a directory is no function's any more. */
const MAX_DIRECTORIES = 2_000;

/** Watches files and directories, those inside too. With `extensions`, only files that have one of them count in
 *  directories. Resolves when nothing that changes from now on is missed. */
export async function watchFiles(
  paths: readonly string[],
  extensions: readonly string[] | undefined,
  onChange: () => void,
): Promise<FileWatch> {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!closed) onChange();
    }, QUIET_MILLIS);
    timer.unref();
  };
  const open = (directory: string, onFile: (name: string) => void): boolean => {
    if (closed || watchers.has(directory) || watchers.size >= MAX_DIRECTORIES) return false;
    try {
      const watcher = watch(directory, (_, name) => onFile(name ?? ''));
      watcher.on('error', () => {
        watcher.close();
        watchers.delete(directory);
      });
      watcher.unref();
      watchers.set(directory, watcher);
      return true;
    } catch {
      // It is gone, or the system has no watches left: the function runs without.
      return false;
    }
  };
  const counts = (name: string): boolean =>
    name === '' || extensions === undefined || extensions.includes(extname(name));
  const openTree = async (directory: string): Promise<void> => {
    const isNew = open(directory, (name) => {
      if (isSkipped(name)) return;
      if (counts(name)) changed();
      if (extname(name) === '') void openNew(join(directory, name));
    });
    if (!isNew) return;
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.isDirectory() && !isSkipped(entry.name)) await openTree(join(directory, entry.name));
    }
  };
  /** What is in a new directory already counts as changed. */
  const openNew = async (path: string): Promise<void> => {
    if (!(await isDirectory(path))) return;
    // A directory of the same name may have been there before.
    watchers.get(path)?.close();
    watchers.delete(path);
    await openTree(path);
    changed();
  };
  for (const path of paths) {
    if (await isDirectory(path)) await openTree(path);
    else {
      const name = basename(path);
      open(dirname(path), (each) => {
        if (each === name || each === '') changed();
      });
    }
  }
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

function isSkipped(name: string): boolean {
  return name === 'node_modules' || name === '__pycache__' || name.startsWith('.');
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
