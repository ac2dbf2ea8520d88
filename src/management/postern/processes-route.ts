// GET /_postern/processes: which processes the server is, for who looks after the machine.
import type { ProcessesReport } from '../../findings/processes.ts';
import { jsonReply, type PosternRoute } from './postern-routes.ts';
import type { LookAtProcesses } from './probes-route.ts';

export const PROCESSES = 'GET /_postern/processes';

export function processesRoute(look: LookAtProcesses, functionsPid: () => number | undefined): PosternRoute {
  return async () => {
    const report: ProcessesReport = { pid: process.pid, functionsPid: functionsPid(), ...(await look()) };
    return jsonReply(200, report);
  };
}
