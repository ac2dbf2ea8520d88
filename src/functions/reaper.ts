// Functions must not outlive Postern, not even when it is killed or a function is in an endless loop. A shell waits for the
// end of a pipe from us and then ends the process groups it was told about. POSIX only.
import { type ChildProcess, spawn } from 'node:child_process';
import { platform } from 'node:process';

const SCRIPT = `live=' '
while read -r what pid; do
  case $what in
    +) live="$live$pid " ;;
    -) case $live in *" $pid "*) live="\${live%% $pid *} \${live#* $pid }" ;; esac ;;
  esac
done
for pid in $live; do kill -9 "-$pid" 2>/dev/null; done`;

export class Reaper {
  #shell: ChildProcess | undefined;

  /** Ends the process group `pid` when this process ends without `forget`. */
  watch(pid: number): void {
    if (platform === 'win32') return;
    this.#shell ??= startShell();
    this.#shell.stdin?.write(`+ ${pid}\n`);
  }

  forget(pid: number): void {
    this.#shell?.stdin?.write(`- ${pid}\n`);
  }

  close(): void {
    this.#shell?.stdin?.end();
    this.#shell = undefined;
  }
}

function startShell(): ChildProcess {
  // In a session of its own: an interrupt from the terminal is for Postern, which then stops in order.
  const shell = spawn('/bin/sh', ['-c', SCRIPT], {
    ...{ stdio: ['pipe', 'ignore', 'ignore'], detached: true },
    // It runs nothing but what the shell has in itself.
    env: {},
  });
  shell.on('error', () => undefined);
  shell.stdin?.on('error', () => undefined);
  shell.unref();
  return shell;
}
