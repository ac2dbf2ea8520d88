// Says when the files of a function change. Directories are watched one by one, without node_modules and what begins with a
// dot, because a recursive watch of Node.js on Linux would open every package.
import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, sep } from 'node:path';

export interface FileWatch {
  /** Tells at once what has not been told yet. */
  flush(): void;
  close(): void;
}

export interface WatchOptions {
  /** In directories only files that have one of these count; all when absent. */
  readonly extensions?: readonly string[] | undefined;
  /** An editor's save is several changes: they are told when there was none for so long. */
  readonly quietMillis?: number;
  /** What does not count, whatever is in it. */
  readonly isIgnored?: (path: string) => boolean;
}

const QUIET_MILLIS = 50;
/** Beyond this a directory is no function's any more. */
const MAX_DIRECTORIES = 2_000;

/** Watches files and directories, those inside too, and tells absolute paths. Resolves when nothing that changes from now on is
 *  missed. */
export async function watchFiles(
  paths: readonly string[],
  options: WatchOptions,
  onChange: (changed: ReadonlySet<string>) => void,
): Promise<FileWatch> {
  const { extensions, quietMillis = QUIET_MILLIS, isIgnored = () => false } = options;
  const watchers = new Map<string, FSWatcher>();
  let pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const flush = (): void => {
    clearTimeout(timer);
    const told = pending;
    pending = new Set();
    if (!closed && told.size > 0) onChange(told);
  };
  const changed = (path: string): void => {
    pending.add(path);
    clearTimeout(timer);
    timer = setTimeout(flush, quietMillis);
    timer.unref();
  };
  /** `key` is the directory, or what tells apart a watch of some files in it. */
  const open = (directory: string, onFile: (name: string) => void, key = directory): boolean => {
    if (closed || watchers.has(key) || watchers.size >= MAX_DIRECTORIES) return false;
    if (isIgnored(directory)) return false;
    try {
      const watcher = watch(directory, (_, name) => onFile(name ?? ''));
      watcher.on('error', () => {
        watcher.close();
        watchers.delete(key);
      });
      watcher.unref();
      watchers.set(key, watcher);
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
      const path = join(directory, name);
      if (isSkipped(name) || isIgnored(path)) return;
      if (counts(name)) changed(path);
      if (extname(name) === '') void openNew(path);
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
    changed(path);
  };
  const files = new Map<string, Set<string>>();
  for (const path of paths) {
    if (await isDirectory(path)) await openTree(path);
    else files.set(dirname(path), (files.get(dirname(path)) ?? new Set()).add(basename(path)));
  }
  for (const [directory, names] of files) {
    const onFile = (name: string) => {
      if (name === '' || names.has(name)) changed(join(directory, name));
    };
    open(directory, onFile, `${directory}${sep}`);
  }
  return {
    flush,
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
