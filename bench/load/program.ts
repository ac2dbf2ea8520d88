// Child programs of a benchmark: started on their cores, awaited until they answer, ended with the benchmark.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cores, pinned } from './cores.ts';
import { processTree } from './proc.ts';

const running = new Set<ChildProcess>();
process.on('exit', () => {
  // SIGTERM and not SIGKILL: a master that is killed leaves its workers behind.
  for (const child of running) child.kill('SIGTERM');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

export interface ProgramOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly cores: Cores;
  /** A core list of `cores`. */
  readonly on: string;
  /** File that gets what the program prints. */
  readonly log: string;
}

/** One running child program. */
export class Program {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #log: string;
  readonly #ended: Promise<void>;
  #isEnded = false;

  constructor(options: ProgramOptions) {
    this.name = options.name;
    this.#log = options.log;
    const [command, args] = pinned(options.cores, options.on, options.command, options.args);
    const output = openSync(options.log, 'a');
    this.#child = spawn(command, [...args], {
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    running.add(this.#child);
    this.#ended = new Promise((resolve) => {
      const end = (): void => {
        this.#isEnded = true;
        running.delete(this.#child);
        resolve();
      };
      this.#child.once('exit', end);
      this.#child.once('error', end);
    });
  }

  /** Its process and all that descend from it, now. */
  pids(): readonly number[] {
    return processTree(this.#child.pid!);
  }

  /** Polls `ask` until it says true; throws with the program's output when it ends or 20 seconds pass. */
  async ready(ask: () => Promise<boolean>, everyMillis = 20): Promise<void> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      if (await ask().catch(() => false)) return;
      if (this.#isEnded || Date.now() > deadline)
        throw new Error(`${this.name} does not start:\n${this.output()}`);
      await sleep(everyMillis);
    }
  }

  /** The end of what it printed. */
  output(): string {
    return readFileSync(this.#log, 'utf8').slice(-4000);
  }

  /** Ends it, and all that descend from it, without asking. */
  async kill(): Promise<void> {
    for (const pid of this.pids()) process.kill(pid, 'SIGKILL');
    await this.#ended;
  }

  /** Asks it to end; after ten seconds it is made to. */
  async stop(): Promise<void> {
    if (this.#isEnded) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await this.#ended;
    clearTimeout(timer);
  }
}

/** A loopback port nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(address),
      );
    });
  });
}
