// Which core runs what, and the `taskset` that keeps it there (bench/METHOD.md).
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

export interface Cores {
  readonly backend: string;
  readonly gateway: string;
  readonly load: string;
  /** Threads of the load generator. */
  readonly loadThreads: number;
  /** The number of the gateway's core; undefined when nothing is pinned. */
  readonly gatewayCore: number | undefined;
  /** One sentence for the report. */
  readonly sentence: string;
}

/** Backend 0, gateway 1, load 2 and 3 of the cores we may use; on fewer, backend and load share. */
export function planCores(): Cores {
  const allowed = allowedCores();
  const all = allowed.join(',');
  const unpinned = { backend: all, gateway: all, load: all, loadThreads: 1, gatewayCore: undefined };
  if (!hasTaskset()) {
    return { ...unpinned, sentence: 'Nothing is pinned (no taskset here): compare only large differences.' };
  }
  const [a, b, c, d] = allowed;
  if (a === undefined || b === undefined) {
    return {
      ...unpinned,
      sentence: 'One core for everything: ratios hold roughly, absolute figures do not.',
    };
  }
  const backend = String(a);
  const gateway = String(b);
  if (c === undefined) {
    const sentence = `Two cores: gateway on ${b}, backend and load share ${a}; a fast gateway may wait for them.`;
    return { backend, gateway, load: backend, loadThreads: 1, gatewayCore: b, sentence };
  }
  const load = d === undefined ? String(c) : `${c},${d}`;
  const sentence = `Pinned: backend on core ${a}, gateway on ${b}, load on ${load}.`;
  return { backend, gateway, load, loadThreads: d === undefined ? 1 : 2, gatewayCore: b, sentence };
}

/** All that the plan has, as one list. */
export function allOf({ backend, gateway, load }: Cores): string {
  return [...new Set(`${backend},${gateway},${load}`.split(','))].join(',');
}

/** Puts this process on the load's cores: it is the client of the scenarios that need no wrk. */
export function pinSelf(cores: Cores): void {
  if (cores.gatewayCore !== undefined)
    spawnSync('taskset', ['-a', '-c', '-p', cores.load, String(process.pid)]);
}

/** The command that runs another one on given cores. */
export function pinned(
  cores: Cores,
  on: string,
  command: string,
  args: readonly string[],
): readonly [string, readonly string[]] {
  return cores.gatewayCore === undefined ? [command, args] : ['taskset', ['-c', on, command, ...args]];
}

function hasTaskset(): boolean {
  return spawnSync('taskset', ['-V']).status === 0;
}

function allowedCores(): readonly number[] {
  let list: string | undefined;
  try {
    list = readFileSync('/proc/self/status', 'utf8').match(/^Cpus_allowed_list:\s*(\S+)/m)?.[1];
  } catch {
    list = undefined;
  }
  if (list === undefined) return Array.from({ length: availableParallelism() }, (_, core) => core);
  return list.split(',').flatMap((range) => {
    const [from, to] = range.split('-').map(Number);
    return Array.from({ length: (to ?? from!) - from! + 1 }, (_, i) => from! + i);
  });
}

/** The first line a program prints about its version; undefined when it is not installed. */
export function versionOf(command: string, args: readonly string[]): string | undefined {
  try {
    const found = spawnSync(command, [...args], { encoding: 'utf8', timeout: 20_000 });
    if (found.error !== undefined) return undefined;
    return `${found.stdout}${found.stderr}`.match(/\d+\.\d+(\.\d+)?/)?.[0];
  } catch {
    return undefined;
  }
}

/** Kernel and processor, for the report. */
export function machine(): string {
  const model =
    /model name\s*:\s*(.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown processor';
  return `${model}, ${availableParallelism()} cores, Linux ${execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim()}`;
}
