// A node: the built program as a user starts it, which is several processes, and what can be done to them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { ENTRY } from '../../support/program.ts';
import { familyOf, isRunning, type RunningProcess, readProcess, signal, wordsOf } from './processes.ts';

export interface NodeOptions {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Where the management door is; at the same port as the gateway when absent. */
  readonly managementPort?: number | undefined;
  /** Words before the program's own: those that enter its network. */
  readonly command: readonly string[];
  readonly folder: string;
  /** The program to start; that of this build when absent. */
  readonly program?: string | undefined;
  /** Words of the command line besides. */
  readonly words: readonly string[];
  /** What the configuration file says. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Starting takes longer on a machine on which much else starts. */
const READY_MILLIS = 60_000;
const END_MILLIS = 60_000;

const running = new Set<ClusterNode>();
process.on('exit', () => {
  for (const node of running) node.kill();
});

export class ClusterNode {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly data: string;
  /** Told when it ends though nobody has ended it. */
  onDeath: (what: string) => void = () => {};
  /** Told each line that it logs. */
  onLine: (line: string) => void = () => {};
  /** What it has logged since its last start. */
  lines: string[] = [];
  readonly #options: NodeOptions;
  readonly #log: string;
  #child: ChildProcess | undefined;
  #isMeantToEnd = false;
  #waiting: (() => void)[] = [];
  /** All processes that were seen, to be looked for at the end. */
  readonly #seen = new Map<string, RunningProcess>();

  constructor(options: NodeOptions) {
    this.#options = options;
    ({ name: this.name, address: this.address, port: this.port } = options);
    this.data = join(options.folder, options.name);
    this.#log = join(options.folder, `${options.name}.log`);
    mkdirSync(this.data, { recursive: true, mode: 0o700 });
    writeFileSync(`${this.data}.yaml`, JSON.stringify(options.config, undefined, 2));
  }

  get url(): string {
    return `http://${this.address}:${this.port}`;
  }

  /** Where the management door is. */
  get management(): string {
    return `http://${this.address}:${this.#options.managementPort ?? this.port}`;
  }

  get isUp(): boolean {
    return this.#child !== undefined;
  }

  /** Starts it, without waiting until it is ready. */
  launch(): void {
    const { command, program = ENTRY, words, address, port, managementPort } = this.#options;
    const listen =
      managementPort === undefined
        ? ['--listen', `${address}:${port}`]
        : ['--gateway', `${address}:${port}`, '--management', `${address}:${managementPort}`];
    const all = [
      ...command,
      process.execPath,
      program,
      'start',
      ...[...listen, '--data', this.data, '--config', `${this.data}.yaml`],
      ...words,
    ];
    this.lines = [];
    const child = spawn(all[0]!, all.slice(1), {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '' },
    });
    this.#child = child;
    this.#isMeantToEnd = false;
    running.add(this);
    const log = createWriteStream(this.#log, { flags: 'a' });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line);
        this.onLine(line);
        log.write(`${line}\n`);
        this.#wake();
      });
    }
    child.on('exit', (code, by) => {
      log.end(`ended: ${code ?? by}\n`);
      if (this.#child !== child) return;
      this.#child = undefined;
      if (!this.#isMeantToEnd) this.onDeath(`${this.name} ended by itself: ${code ?? by}`);
      this.#wake();
    });
  }

  async start(): Promise<void> {
    this.launch();
    await this.ready();
  }

  /** Until it has said that it is ready. Throws when it ends without. */
  async ready(): Promise<void> {
    await this.logged('"msg":"ready"');
    this.remember();
  }

  /** The first line of its log since the start that has this text. */
  async logged(text: string, millis = READY_MILLIS): Promise<string> {
    const until = performance.now() + millis;
    for (;;) {
      const line = this.lines.find((each) => each.includes(text));
      if (line !== undefined) return line;
      const said = (): string => this.lines.slice(-20).join('\n');
      if (this.#child === undefined) throw new Error(`${this.name} ended without saying ${text}:\n${said()}`);
      if (performance.now() > until) throw new Error(`${this.name} did not say ${text}:\n${said()}`);
      await Promise.race([new Promise<void>((resolve) => this.#waiting.push(resolve)), pause(200)]);
    }
  }

  get primary(): number {
    if (this.#child?.pid === undefined) throw new Error(`${this.name} does not run`);
    return this.#child.pid;
  }

  workers(): readonly number[] {
    return this.#childrenWith('worker');
  }

  functionsHost(): number | undefined {
    return this.#childrenWith('functions-host')[0];
  }

  family(): readonly RunningProcess[] {
    return this.#child?.pid === undefined ? [] : familyOf(this.#child.pid);
  }

  /** Notes the processes of now. */
  remember(): void {
    for (const each of this.family()) this.#seen.set(`${each.pid} ${each.startedAt}`, each);
  }

  /** Those that were seen and run. */
  stillRunning(): readonly RunningProcess[] {
    return [...this.#seen.values()].filter(isRunning);
  }

  /** kill -9 of every process. */
  kill(): void {
    this.#isMeantToEnd = true;
    this.remember();
    for (const { pid } of this.family()) signal(pid, 'SIGKILL');
    for (const { pid } of this.stillRunning()) signal(pid, 'SIGKILL');
    running.delete(this);
  }

  killPrimary(): void {
    this.#isMeantToEnd = true;
    this.remember();
    signal(this.primary, 'SIGKILL');
  }

  /** Of every process. */
  signalAll(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.remember();
    for (const { pid } of this.family()) signal(pid, name);
  }

  /** SIGTERM to the primary. */
  terminate(): void {
    this.#isMeantToEnd = true;
    this.remember();
    signal(this.primary, 'SIGTERM');
  }

  /** Until its first process has ended. */
  async ended(millis = END_MILLIS): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await once(child, 'exit', { signal: AbortSignal.timeout(millis) });
  }

  async end(): Promise<void> {
    if (this.#child === undefined) return;
    this.terminate();
    await this.ended();
    running.delete(this);
  }

  #childrenWith(word: string): readonly number[] {
    if (this.#child?.pid === undefined) return [];
    return familyOf(this.#child.pid)
      .filter(({ pid }) => wordsOf(pid).includes(word) && readProcess(pid)?.state !== 'Z')
      .map(({ pid }) => pid);
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
