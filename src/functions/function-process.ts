// The process of an instance, whatever its runtime: started in a process group of its own, its output as lines, its end told
// once, after its last output.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { kill, platform } from 'node:process';
import { StringDecoder } from 'node:string_decoder';
import type { ProcessExit } from './error-document.ts';
import type { InstanceMeans } from './function-instance.ts';
import { OutputLines } from './output-lines.ts';

export interface ProcessCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  /** Of descriptors 0 and up; 1 and 2 are pipes. */
  readonly stdio: StdioOptions;
}

export interface ProcessObserver {
  exited(exit: ProcessExit): void;
  wrote(stream: 'stdout' | 'stderr', line: string): void;
}

/** Output may outlive the process in descendants of it; the end is told this long after the exit at the latest. */
const OUTPUT_MILLIS = 200;

export class FunctionProcess {
  readonly child: ChildProcess;
  readonly #means: InstanceMeans;
  readonly #observer: ProcessObserver;
  readonly #flushes: readonly (() => void)[];
  #gone = false;

  constructor(command: ProcessCommand, means: InstanceMeans, observer: ProcessObserver) {
    this.#means = means;
    this.#observer = observer;
    this.child = spawn(command.program, command.args, {
      cwd: command.directory,
      env: { ...means.environment },
      stdio: command.stdio,
      // A group of its own: an interrupt from the terminal is Postern's, and `kill` reaches what the function started.
      detached: platform !== 'win32',
      windowsHide: true,
    });
    const { child } = this;
    if (child.pid !== undefined) means.reaper.watch(child.pid);
    child.on('error', (error) => {
      // Only a process that never was has no exit.
      if (child.pid === undefined) this.#end({ code: null, signal: null, startError: error.message });
    });
    this.#flushes = [this.#follow('stdout'), this.#follow('stderr')];
    child.on('exit', (code, signal) => {
      this.#killGroup();
      const end = (): void => {
        this.flush();
        this.#end({ code, signal });
      };
      const late = setTimeout(end, OUTPUT_MILLIS);
      child.on('close', () => {
        clearTimeout(late);
        end();
      });
    });
  }

  /** Gives lines that have no end yet: their call has ended. */
  flush(): void {
    for (const flush of this.#flushes) flush();
  }

  kill(): void {
    if (this.#gone || this.child.pid === undefined) return;
    this.#killGroup();
    if (platform === 'win32') this.child.kill('SIGKILL');
  }

  #follow(stream: 'stdout' | 'stderr'): () => void {
    const decoder = new StringDecoder('utf8');
    const lines = new OutputLines((line) => this.#observer.wrote(stream, line));
    this.child[stream]?.on('data', (bytes: Buffer) => lines.push(decoder.write(bytes)));
    this.child[stream]?.on('error', () => undefined);
    return () => lines.flush();
  }

  #killGroup(): void {
    const { pid } = this.child;
    if (pid === undefined || platform === 'win32') return;
    try {
      kill(-pid, 'SIGKILL');
    } catch {
      // There is nobody left in the group.
    }
  }

  #end(exit: ProcessExit): void {
    if (this.#gone) return;
    this.#gone = true;
    if (this.child.pid !== undefined) this.#means.reaper.forget(this.child.pid);
    for (const stream of this.child.stdio) stream?.destroy();
    this.#observer.exited(exit);
  }
}
