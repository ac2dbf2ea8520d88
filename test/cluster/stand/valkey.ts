// A real Valkey, or Redis, for tests: the server of this machine.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { signal } from './processes.ts';

const START_MILLIS = 20_000;

/** `valkey-server` or `redis-server`; undefined where the machine has neither. */
export function valkeyProgram(): string | undefined {
  return ['valkey-server', 'redis-server'].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );
}

export class ValkeyStand {
  readonly address: string;
  readonly port: number;
  readonly #program: string;
  readonly #words: readonly string[];
  #server: ChildProcess | undefined;
  readonly #atExit = () => this.#server?.kill('SIGKILL');

  /** `words` are further ones of its command line. */
  constructor(program: string, address: string, port: number, words: readonly string[] = []) {
    this.#program = program;
    this.#words = words;
    this.address = address;
    this.port = port;
    process.on('exit', this.#atExit);
  }

  get url(): string {
    return `redis://${this.address}:${this.port}`;
  }

  /** Resolves when it takes connections. What it had before is forgotten. */
  async start(): Promise<void> {
    const words = ['--port', String(this.port), '--save', '', '--appendonly', 'no', '--protected-mode', 'no'];
    this.#server = spawn(this.#program, [...this.#words, ...words, '--bind', this.address], {
      stdio: 'ignore',
      cwd: '/',
    });
    const until = performance.now() + START_MILLIS;
    while (!(await this.#takesConnections())) {
      if (hasEnded(this.#server) || performance.now() > until)
        throw new Error(`${this.#program} did not start`);
      await pause(20);
    }
  }

  async kill(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    if (hasEnded(server)) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.#server?.pid !== undefined) signal(this.#server.pid, name);
  }

  async close(): Promise<void> {
    process.off('exit', this.#atExit);
    await this.kill();
  }

  #takesConnections(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, this.address);
      const end = (isUp: boolean) => () => {
        socket.destroy();
        resolve(isUp);
      };
      socket.once('connect', end(true));
      socket.once('error', end(false));
    });
  }
}

/** Its event has been, and does not come again. */
function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
