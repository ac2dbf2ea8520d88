// Access log lines appended to a file: gathered for a moment, written whole. A file that was moved away or removed is
// made anew, so log rotation needs nothing; `reopen` does it at once.
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makePrivateDirectory, PRIVATE_FILE } from '../../private-files.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Destination } from './destination.ts';
import { LineQueue } from './line-queue.ts';

/** How long lines are gathered. */
const GATHER_MILLIS = 100;
/** How long after a failure the next try is. */
const RETRY_MILLIS = 1_000;
const BATCH_BYTES = 1_048_576;
const BATCH_LINES = 65_536;

export class FileDestination implements Destination {
  readonly #path: string;
  readonly #log: Log;
  readonly #queue: LineQueue;
  #file: FileHandle | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  /** What could not be written yet. */
  #left: Buffer | undefined;
  #closed = false;

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
    this.#queue = new LineQueue(path, log);
  }

  get dropped(): number {
    return this.#queue.dropped;
  }

  write(line: string, epochMillis: number): void {
    if (this.#closed) this.#queue.drop(1, 'the destination is closed');
    else if (this.#queue.push(`${line}\n`, epochMillis)) this.#schedule(GATHER_MILLIS);
  }

  /** Writes what waits. */
  flush(): Promise<void> {
    return this.#alone(() => this.#flush());
  }

  reopen(): void {
    void this.#alone(() => this.#closeFile());
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.flush();
    const left = this.#left?.toString('latin1').split('\n').length ?? 1;
    this.#left = undefined;
    const lost = left - 1 + this.#queue.take(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0).length;
    if (lost > 0) this.#queue.drop(lost, 'the file cannot be written');
    await this.#closeFile();
  }

  #schedule(millis: number): void {
    if (this.#timer !== undefined || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, millis);
    this.#timer.unref();
  }

  /** One thing at a time with the file. */
  #alone(work: () => Promise<void>): Promise<void> {
    this.#writing = (this.#writing ?? Promise.resolve()).then(work);
    return this.#writing;
  }

  async #flush(): Promise<void> {
    try {
      await this.#follow();
      for (;;) {
        this.#left ??= this.#nextBatch();
        if (this.#left === undefined) return;
        await this.#append();
      }
    } catch (error) {
      this.#warn(error);
      await this.#closeFile();
      this.#schedule(RETRY_MILLIS);
    }
  }

  /** Writes what is left, and forgets what of it is written even if the rest fails. */
  async #append(): Promise<void> {
    this.#file ??= await this.#open();
    while (this.#left !== undefined) {
      const { bytesWritten } = await this.#file.write(this.#left);
      this.#left = bytesWritten < this.#left.length ? this.#left.subarray(bytesWritten) : undefined;
    }
  }

  #nextBatch(): Buffer | undefined {
    const lines = this.#queue.take(BATCH_LINES, BATCH_BYTES, 0);
    return lines.length === 0 ? undefined : Buffer.from(lines.map(({ text }) => text).join(''), 'utf8');
  }

  async #open(): Promise<FileHandle> {
    await makePrivateDirectory(dirname(this.#path));
    return open(this.#path, 'a', PRIVATE_FILE);
  }

  /** Lets go of a file that does not have the name any more. */
  async #follow(): Promise<void> {
    if (this.#file === undefined) return;
    const [named, held] = await Promise.all([stat(this.#path).catch(() => undefined), this.#file.stat()]);
    if (named?.ino !== held.ino || named.dev !== held.dev) await this.#closeFile();
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch((error: unknown) => this.#warn(error));
  }

  #warn(error: unknown): void {
    const code = error instanceof Error && 'code' in error ? error.code : String(error);
    this.#log('access-log.not-written', { file: this.#path, code });
  }
}
