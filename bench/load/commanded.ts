// A process of the load that takes lines of commands, and prints a line of JSON when one is done.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Cores, pinned } from './cores.ts';

export class Commanded {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /** `on`: a core list of `cores`. */
  constructor(cores: Cores, on: string, file: string, words: readonly string[]) {
    const [command, args] = pinned(cores, on, process.execPath, [file, ...words]);
    this.#child = spawn(command, [...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  async tell<T>(command: string): Promise<T> {
    this.#child.stdin!.write(`${command}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`the load is gone at "${command}"`);
    return JSON.parse(value) as T;
  }

  end(): void {
    this.#child.kill();
  }
}
