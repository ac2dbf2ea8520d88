// Processes as the system knows them (Linux, /proc): a node is several.
import { readdirSync, readFileSync } from 'node:fs';

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** `R`, `S`, `T` for stopped, `Z` for one that has ended and was not waited for. */
  readonly state: string;
  /** In ticks since the machine's start: with the pid, which process it is. */
  readonly startedAt: string;
}

export function readProcess(pid: number): RunningProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, state: fields[0]!, parent: Number(fields[1]), startedAt: fields[19]! };
  } catch {
    return undefined;
  }
}

/** A process and all that it has started, the oldest first; none that has ended. */
export function familyOf(first: number): readonly RunningProcess[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((each) => each !== undefined && each.state !== 'Z') as readonly RunningProcess[];
  const family: RunningProcess[] = [];
  const collect = (parent: number): void => {
    for (const each of all.filter((one) => one.parent === parent)) {
      family.push(each);
      collect(each.pid);
    }
  };
  const own = all.find(({ pid }) => pid === first);
  if (own !== undefined) family.push(own);
  collect(first);
  return family;
}

export function wordsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Whether it is the same process, and has not ended. */
export function isRunning({ pid, startedAt }: RunningProcess): boolean {
  const now = readProcess(pid);
  return now !== undefined && now.state !== 'Z' && now.startedAt === startedAt;
}

/** One that has gone meanwhile is gone. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export function openFilesOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}
