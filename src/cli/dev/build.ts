// `--build COMMAND` (spec/definitions.md §12.4): run before the first deploy and whenever something that is watched changes, but for what
// the command itself writes.
import { setTimeout as sleep } from 'node:timers/promises';
import { type FileWatch, watchFiles } from '../../functions/watch-files.ts';
import { oneLine, type Paint, printable } from '../terminal.ts';
import { BuildCommand } from './build-command.ts';

/** What the system still tells of a command that has ended. */
const TRAILING_MILLIS = 50;

export interface BuildMeans {
  readonly command: string;
  readonly cwd: string;
  /** Absolute. */
  readonly watched: readonly string[];
  /** Absolute: directories and files that do not count. */
  readonly ignored: readonly string[];
  readonly quietMillis: number;
  readonly output: { write(text: string): unknown };
  readonly paint: Paint;
  /** Something has changed that the command did not write. */
  readonly onChange: () => void;
}

export class Build {
  readonly #means: BuildMeans;
  readonly #command: BuildCommand;
  #watch: FileWatch | undefined;
  /** Paths that changed while the command ran: what it writes, and perhaps what somebody saved meanwhile. */
  readonly #written = new Set<string>();
  #isRunning = false;
  #hasRun = false;
  /** A path changed while it ran that never had: it may be a source. */
  #isStale = false;
  #closed = false;

  constructor(means: BuildMeans) {
    this.#means = means;
    this.#command = new BuildCommand(means.command, means.cwd);
  }

  /** Returns whether the command came through; what it wrote is printed where not. */
  async run(): Promise<boolean> {
    await this.#open();
    let isDone = false;
    do {
      this.#isStale = false;
      isDone = await this.#runOnce();
    } while (this.#isStale && !this.#closed);
    return isDone && !this.#closed;
  }

  close(): void {
    this.#closed = true;
    this.#watch?.close();
    this.#command.close();
  }

  async #open(): Promise<void> {
    if (this.#watch !== undefined) return;
    const { watched, ignored, quietMillis } = this.#means;
    const isIgnored = (path: string) => ignored.includes(path);
    this.#watch = await watchFiles(watched, { quietMillis, isIgnored }, (paths) => this.#changed(paths));
    if (this.#closed) this.#watch.close();
  }

  async #runOnce(): Promise<boolean> {
    const { command, output, paint } = this.#means;
    const startedAt = performance.now();
    this.#isRunning = true;
    const { problem, output: written } = await this.#command.run();
    await sleep(TRAILING_MILLIS);
    this.#watch?.flush();
    this.#isRunning = false;
    this.#hasRun = true;
    if (this.#closed) return false;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    if (problem === undefined) {
      output.write(paint.dim(`build    ${oneLine(command)}  ${seconds} s\n`));
      return true;
    }
    const lines = printable(written).trimEnd().split('\n');
    const shown = lines.map((line) => `${paint.dim('build │')} ${line}\n`).join('');
    output.write(`${shown}${paint.red('error')}    ${oneLine(command)}: ${problem}; nothing is deployed\n`);
    return false;
  }

  #changed(paths: ReadonlySet<string>): void {
    if (!this.#isRunning) {
      this.#means.onChange();
      return;
    }
    for (const path of paths) {
      if (this.#hasRun && !this.#written.has(path)) this.#isStale = true;
      this.#written.add(path);
    }
  }
}
