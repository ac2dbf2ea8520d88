// Figures of processes and cores from /proc (proc(5)). Linux only; elsewhere every figure is NaN.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Clock ticks a second, in which /proc counts CPU time. */
const TICKS = readTicks();

function readTicks(): number {
  try {
    return Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) || 100;
  } catch {
    return 100;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The fields of /proc/PID/stat behind the command's name, which may itself hold blanks and parentheses. */
function statFields(pid: number, thread = ''): readonly string[] {
  const text = read(`/proc/${pid}${thread}/stat`);
  return text === '' ? [] : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** The process and all that descend from it. */
export function processTree(pid: number): readonly number[] {
  const childrenOf = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = Number(statFields(Number(entry))[1]);
    const children = childrenOf.get(parent);
    if (children === undefined) childrenOf.set(parent, [Number(entry)]);
    else children.push(Number(entry));
  }
  const tree = [pid];
  for (let i = 0; i < tree.length; i++) tree.push(...(childrenOf.get(tree[i]!) ?? []));
  return tree;
}

/** CPU time the processes have used so far, user and system, in microseconds. */
export function cpuMicros(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const fields = statFields(pid);
    ticks += Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN);
  }
  return (ticks / TICKS) * 1e6;
}

/** The same of a process's main thread alone. */
export function threadCpuMicros(pid: number): number {
  const fields = statFields(pid, `/task/${pid}`);
  return ((Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN)) / TICKS) * 1e6;
}

/** Time one core has not been idle so far, whoever used it, other guests of the machine's host included, in microseconds.
 *  Counted by ticks, so only a coarse indicator. */
export function coreBusyMicros(core: number): number {
  const line = read('/proc/stat').match(new RegExp(`^cpu${core} (.*)$`, 'm'))?.[1];
  if (line === undefined) return Number.NaN;
  const [user, nice, system, , , irq, softirq, steal] = line.trim().split(' ').map(Number);
  return ((user! + nice! + system! + irq! + softirq! + steal!) / TICKS) * 1e6;
}

/** Resident memory of the processes in MiB; pages they share count once for each. */
export function residentMiB(pids: readonly number[]): number {
  return sumOfStatus(pids, 'VmRSS');
}

/** The highest resident memory since `forgetPeak` (or since the start, where the system does not let us reset it). */
export function peakMiB(pids: readonly number[]): number {
  return sumOfStatus(pids, 'VmHWM');
}

export function forgetPeak(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
    } catch {
      // Not our process or no such file: the peak then counts from the start, which only makes it look worse.
    }
  }
}

function sumOfStatus(pids: readonly number[], member: string): number {
  let kilobytes = 0;
  for (const pid of pids) {
    kilobytes += Number(
      read(`/proc/${pid}/status`).match(new RegExp(`^${member}:\\s+(\\d+)`, 'm'))?.[1] ?? Number.NaN,
    );
  }
  return kilobytes / 1024;
}
