// GET /_postern/ready and /_postern/health, which load balancers and orchestrators ask: whether to send clients here, and whether to
// start the program anew. Neither asks the store or anybody else outside, so an outage elsewhere restarts nothing.
import type { Processes, WorkerLook } from '../../findings/processes.ts';
import { jsonReply, type PosternReply, type PosternRoute } from './postern-routes.ts';

/** How it stands with the workers of this machine; takes two seconds at most. */
export type LookAtProcesses = () => Promise<Processes>;

/** Whether this process does its part, whatever is wrong around it: 503 is a reason to start it anew. */
export function healthRoute(look: LookAtProcesses): PosternRoute {
  return async () => {
    const { workers } = await look();
    if (!workers.some(({ isUp }) => isUp)) {
      return jsonReply(503, { status: 'unhealthy', problems: ['No worker has answered within 2 seconds.'] });
    }
    const problems = troublesOf(workers);
    return jsonReply(200, problems.length === 0 ? { status: 'ok' } : { status: 'degraded', problems });
  };
}

/** Whether clients should be sent here: 503 is no reason to start anything anew. */
export function readyRoute(look: LookAtProcesses, isDraining: () => boolean): PosternRoute {
  return async () => {
    if (isDraining()) return notReady('The server is stopping.');
    const { workers } = await look();
    const serving = workers.filter(({ isUp, isServing }) => isUp && isServing).length;
    if (serving * 2 >= workers.length) return jsonReply(200, { status: 'ready' });
    return notReady(
      `${serving} of ${workers.length} workers serve what is deployed.`,
      ...troublesOf(workers),
    );
  };
}

function notReady(...problems: readonly string[]): PosternReply {
  return jsonReply(503, { status: 'not ready', problems });
}

/** Workers that follow one store have the same trouble as a rule. */
function troublesOf(workers: readonly WorkerLook[]): readonly string[] {
  return [...new Set(workers.flatMap(({ trouble }) => trouble ?? []))];
}
