// A shell that runs the blocks of one document, as a reader with one terminal would: what a block sets, the next one has. It stops at
// the first command that fails, and at a variable that nothing has set.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const MARK = '~end of block~';

export class Shell {
  readonly #bash: ChildProcess;
  readonly #options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv };
  readonly #background: ChildProcess[] = [];
  #output = '';
  #wake: () => void = () => {};

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    this.#options = { cwd, env };
    this.#bash = spawn('bash', ['-s'], { ...this.#options, stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of [this.#bash.stdout!, this.#bash.stderr!]) this.#listen(stream);
    this.#bash.on('exit', () => this.#wake());
    this.#bash.stdin!.on('error', () => {});
    this.#bash.stdin!.write('set -euo pipefail\nexec 2>&1\n');
  }

  /** Everything that the block's commands wrote. Rejects when one of them failed. */
  async run(text: string): Promise<string> {
    this.#output = '';
    this.#bash.stdin!.write(`${text}\nprintf '%s\\n' '${MARK}'\n`);
    for (;;) {
      const end = this.#output.indexOf(`${MARK}\n`);
      if (end !== -1) return this.#output.slice(0, end);
      if (this.#bash.exitCode !== null) throw new Error(`the shell ended:\n${this.#output}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Runs a block in a terminal of its own, until the document ends; resolves when it says where it listens. */
  async start(text: string): Promise<void> {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', text], {
      ...this.#options,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#background.push(child);
    let said = '';
    const listening = new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout!, child.stderr!]) {
        stream.setEncoding('utf8').on('data', (chunk: string) => {
          said += chunk;
          if (/"msg":"ready"|\bon (https?:\/\/)?127\.0\.0\.1:\d+/.test(said)) resolve();
        });
      }
      child.on('exit', () => reject(new Error(`it ended:\n${said}`)));
    });
    await listening;
  }

  async close(): Promise<void> {
    this.#bash.stdin!.end('exit 0\n');
    for (const child of this.#background.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'close');
      // The whole group: what the shell started ends too.
      process.kill(-child.pid!, 'SIGTERM');
      await ended;
    }
  }

  #listen(stream: NodeJS.ReadableStream): void {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      this.#output += chunk;
      this.#wake();
    });
  }
}
