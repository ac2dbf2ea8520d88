// Files that are read again when they change: certificates and truststores, which are renewed while we run.
import { type FSWatcher, watch } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A renewal writes several files, and each in several steps. */
const SETTLE_MILLIS = 150;

/** Calls `onChange` some time after anything in the files' directories changed. Directories are watched, not files, since
 *  renewed files take the place of old ones (by a rename, or by a symbolic link as Kubernetes does). */
export class WatchedFiles {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #onChange: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(paths: readonly string[], onChange: () => void) {
    this.#onChange = onChange;
    for (const path of paths) this.#add(dirname(path));
    for (const path of paths) void this.#addTarget(path);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
  }

  /** Where a symbolic link leads. */
  async #addTarget(path: string): Promise<void> {
    try {
      this.#add(dirname(await realpath(path)));
    } catch {
      // Not there at present: its directory is watched.
    }
  }

  #add(directory: string): void {
    if (this.#isClosed || this.#watchers.has(directory)) return;
    try {
      const watcher = watch(directory, { persistent: false }, () => this.#touch());
      watcher.on('error', () => watcher.close());
      this.#watchers.set(directory, watcher);
    } catch {
      // Some file systems cannot be watched; what they hold is read at the next start.
    }
  }

  #touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onChange, SETTLE_MILLIS);
    this.#timer.unref();
  }
}
