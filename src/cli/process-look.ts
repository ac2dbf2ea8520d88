// What a running server says of its processes, and what the machine makes of connections that wait for one that ends.
import { readFile } from 'node:fs/promises';
import type { ProcessesReport } from '../findings/processes.ts';
import type { Check } from './doctor.ts';

const NAME = 'Processes';

/** What there is to say, the worst first. */
export function processChecks(report: ProcessesReport, migratesRequests: boolean | undefined): Check[] {
  const { pid, accepts, workers, functionsPid } = report;
  if (accepts === 'alone') return [{ name: NAME, state: 'good', text: `process ${pid} does everything` }];
  const silent = workers.filter(({ isUp }) => !isUp);
  const checks: Check[] = silent.map(({ number, pid: own }) => ({
    name: NAME,
    state: 'bad',
    text: `worker ${number} ${own === undefined ? 'is not there' : `(process ${own}) does not answer`}`,
  }));
  if (accepts === 'reusePort' && migratesRequests === false) {
    checks.push({
      name: NAME,
      state: 'note',
      text: 'connections that wait for a worker when it ends are reset; with "sysctl net.ipv4.tcp_migrate_req=1" the other workers take them',
    });
  }
  if (silent.length > 0) return checks;
  const pids = workers.map((worker) => worker.pid).join(', ');
  const who = accepts === 'reusePort' ? 'the system' : 'that one';
  const functions = functionsPid === undefined ? '' : `, process ${functionsPid} runs functions`;
  const text = `${workers.length} workers (${pids}) behind process ${pid}; ${who} shares connections out${functions}`;
  return [{ name: NAME, state: 'good', text }, ...checks];
}

/** Whether the kernel hands on what waits at a listener that is closed (Linux 5.14); undefined where it cannot. */
export async function migratesRequests(): Promise<boolean | undefined> {
  const setting = await readFile('/proc/sys/net/ipv4/tcp_migrate_req', 'utf8').catch(() => undefined);
  return setting === undefined ? undefined : setting.trim() === '1';
}
