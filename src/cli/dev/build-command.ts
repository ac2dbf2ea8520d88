// One run after the other of a shell command (spec/definitions.md §12.4), in a process group of its own, which ends with it and with us.
import { type ChildProcess, spawn } from 'node:child_process';
import { kill, platform } from 'node:process';
import { Reaper } from '../../functions/reaper.ts';

/** Of what it writes, the end is kept. */
const MAX_OUTPUT_LENGTH = 262_144;

export interface BuildOutcome {
  /** Undefined when it came through. */
  readonly problem: string | undefined;
  /** What it wrote. */
  readonly output: string;
}

export class BuildCommand {
  readonly #command: string;
  readonly #cwd: string;
  readonly #reaper = new Reaper();
  #child: ChildProcess | undefined;

  constructor(command: string, cwd: string) {
    this.#command = command;
    this.#cwd = cwd;
  }

  run(): Promise<BuildOutcome> {
    return new Promise((resolve) => {
      let output = '';
      const take = (text: string): void => {
        output = (output + text).slice(-MAX_OUTPUT_LENGTH);
      };
      const child = spawn(this.#command, {
        ...{ cwd: this.#cwd, shell: true, windowsHide: true, stdio: ['ignore', 'pipe', 'pipe'] },
        // An interrupt from the terminal is ours, and what the command started ends with it.
        detached: platform !== 'win32',
      });
      this.#child = child;
      const { pid } = child;
      if (pid !== undefined) this.#reaper.watch(pid);
      for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', take);
      const end = (problem: string | undefined): void => {
        this.#killGroup();
        if (pid !== undefined) this.#reaper.forget(pid);
        this.#child = undefined;
        resolve({ problem, output });
      };
      child.on('error', (error) => end(error.message));
      // Its output may outlive it in what it has left running, which ends now.
      child.on('exit', () => this.#killGroup());
      child.on('close', (code, signal) => {
        end(code === 0 ? undefined : signal === null ? `exit code ${code}` : `ended by ${signal}`);
      });
    });
  }

  close(): void {
    this.#killGroup();
    this.#reaper.close();
  }

  #killGroup(): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    if (platform === 'win32') {
      this.#child?.kill();
      return;
    }
    try {
      kill(-pid, 'SIGKILL');
    } catch {
      // There is nobody left in the group.
    }
  }
}
