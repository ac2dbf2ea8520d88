// The program as a process: the built command line, its output, its end.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const ENTRY = fileURLToPath(new URL('../../program/cli/bin.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What Node runs; the command line's entry when absent. */
  readonly entry?: string;
  /** Whether its standard streams are a terminal. */
  readonly terminal?: boolean;
  /** Its standard input; empty when absent. */
  readonly input?: string | Buffer;
}

/** Runs what follows on a terminal of its own, and ends as that ends. */
const ON_TERMINAL = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

/** What a server logs when it is ready. */
export interface Ready {
  readonly management: string;
  readonly gateway: string;
  readonly apiEndpoint: string;
  readonly data: string;
}

const running = new Set<ChildProcess>();

/** Ends what a failed test has left running; without this the test would not end either. */
export function killPrograms(): void {
  for (const child of running) child.kill('SIGKILL');
}

export class Program {
  readonly child: ChildProcess;
  readonly lines: string[] = [];
  readonly outcome: Promise<Outcome>;
  readonly #waiting = new Set<() => void>();
  #stderr = '';

  constructor(words: readonly string[], options: ProgramOptions) {
    const { cwd, environment = {}, entry = ENTRY, terminal, input } = options;
    const { PATH = '' } = process.env;
    const command = [process.execPath, entry, ...words];
    const [program, ...args] = terminal === true ? ['python3', '-c', ON_TERMINAL, ...command] : command;
    this.child = spawn(program!, args, {
      cwd,
      env: { PATH, ...environment },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    this.child.stdin?.end(input);
    running.add(this.child);
    this.child.on('exit', () => running.delete(this.child));
    this.child.stderr!.on('data', (chunk) => {
      this.#stderr += chunk;
    });
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      this.lines.push(line);
      this.#wake();
    });
    this.outcome = once(this.child, 'close').then(([code, signal]) => {
      this.#wake();
      return { code, signal, stdout: this.lines.map((line) => `${line}\n`).join(''), stderr: this.#stderr };
    });
  }

  /** The first log line with this message. Rejects when the program ends without. */
  async logged(message: string): Promise<Record<string, unknown>> {
    return JSON.parse(await this.line(`"msg":${JSON.stringify(message)}`));
  }

  /** The first line of output that holds a text, or a later one of these. Rejects when the program ends without. */
  async line(text: string, nth = 1): Promise<string> {
    let ended = false;
    void this.outcome.then(() => {
      ended = true;
      this.#wake();
    });
    for (;;) {
      const line = this.lines.filter((each) => each.includes(text))[nth - 1];
      if (line !== undefined) return line;
      if (ended)
        throw new Error(`the program ended without saying ${text}: ${this.#stderr}${this.lines.join('\n')}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async ready(): Promise<Ready> {
    const { management, gateway, apiEndpoint, data } = await this.logged('ready');
    return { management, gateway, apiEndpoint, data } as Ready;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Outcome> {
    this.child.kill(signal);
    return this.outcome;
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** Runs a command to its end. */
export function runProgram(words: readonly string[], options: ProgramOptions): Promise<Outcome> {
  return new Program(words, options).outcome;
}
