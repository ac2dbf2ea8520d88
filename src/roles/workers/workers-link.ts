// The data planes of all workers, as one: what the control role asks is asked of one of them or of all, and put together.
import { ElsewhereByCalls } from '../../cluster/connections/elsewhere-by-calls.ts';
import type { WorkerProcess } from '../../cluster/workers/worker-process.ts';
import { limitsLook, NOTHING_TO_SERVE, type Processes, type WorkerLook } from '../../findings/processes.ts';
import type { GatewayTls } from '../../net/listener/gateway-tls.ts';
import type { DocumentSource } from '../../store/store.ts';
import { isConnectionId } from '../../websocket-api/connections/connection-id.ts';
import type { DataPlaneLink } from '../data-plane-link.ts';
import type { WorkersLimits } from '../limits.ts';
import type { AskedWorkers } from './asked-workers.ts';
import { LiveWait } from './live-wait.ts';
import { sumOfTraffic } from './sums.ts';
import type { WorkerConnections } from './worker-connections.ts';
import { WorkerCounts } from './worker-counts.ts';
import type { WorkerRequests } from './worker-requests.ts';

export interface WorkersLinkMeans {
  readonly asked: AskedWorkers;
  readonly requests: WorkerRequests;
  readonly connections: WorkerConnections;
  readonly documents: DocumentSource;
  /** How many workers there should be. */
  readonly count: number;
  readonly accepts: Processes['accepts'];
  readonly limits: Pick<WorkersLimits, 'areShared' | 'whyApart'>;
  /** Of the gateway's listener: what is asked of certificates and truststores is asked here. */
  readonly tls: GatewayTls;
}

/** Who scrapes has no patience. */
const COUNT_MILLIS = 500;
const COMPILE_MILLIS = 30_000;

export function workersLink(means: WorkersLinkMeans): DataPlaneLink {
  const { asked, documents, tls } = means;
  const wait = new LiveWait<WorkerProcess>();
  const counts = new WorkerCounts<WorkerProcess>(means.count, documents);
  /** Of all workers: none is here. */
  const elsewhere = new ElsewhereByCalls((call, asker) => means.connections.route(call, asker));
  return {
    async caughtUp() {
      const change = await documents.latestChange();
      return wait.waitFor(asked.ready, (worker) => asked.callsOf(worker).liveUpTo(change));
    },
    trouble: async () => (await asked.all((calls) => calls.trouble())).find((each) => each !== undefined),
    digest: () => asked.one((calls) => calls.digest()),
    processes: () => processesOf(means),
    // Those that nobody has called are compiled for it.
    stages: () => asked.one((calls) => calls.stages(), COMPILE_MILLIS),
    counts: async () => ({
      ...(await counts.take(
        asked.ready,
        async (worker) => (await asked.ask(worker, (calls) => calls.counts(), COUNT_MILLIS))?.value,
      )),
      limitsAreShared: means.limits.areShared,
    }),
    traffic: async () => sumOfTraffic(await asked.all((calls) => calls.traffic())),
    domains: () => asked.one((calls) => calls.domains()),
    explain: (request, account) => asked.first.explain(request, account),
    explainSocket: (request, account) => asked.first.explainSocket(request, account),
    runDraft: (run) => asked.first.runDraft(run),
    runSocketDraft: (run) => asked.first.runSocketDraft(run),
    connections: (filter) => means.connections.list(filter),
    postToConnection: async (target, data) =>
      isConnectionId(target.connectionId) ? elsewhere.send(target, data) : 'gone',
    closeConnection: async (target) => (isConnectionId(target.connectionId) ? elsewhere.end(target) : 'gone'),
    liveRequests: means.requests,
    readTruststore: async (uri, version) => {
      const reading = await tls.readTruststore(uri, version);
      await asked.all((calls) => calls.truststoreKept(uri, version));
      return reading;
    },
    certificateCovers: (arn, domainName) => tls.certificateCovers(arn, domainName),
  };
}

async function processesOf({
  asked,
  count,
  documents,
  accepts,
  limits,
}: WorkersLinkMeans): Promise<Processes> {
  const isFilled = documents.isFilled !== false;
  const found = new Map(asked.ready.map((worker) => [worker.slot, worker] as const));
  const looks = Array.from({ length: count }, async (_, number): Promise<WorkerLook> => {
    const worker = found.get(number);
    if (worker === undefined) return { number, pid: undefined, isUp: false, isServing: false };
    const own = (await asked.ask(worker, (calls) => calls.processes()))?.value.workers[0];
    const isServing = own?.isServing === true && isFilled;
    const trouble = isFilled ? own?.trouble : NOTHING_TO_SERVE;
    return { number, pid: worker.pid, isUp: own !== undefined, isServing, trouble };
  });
  return { accepts, workers: await Promise.all(looks), limits: limitsLook(limits) };
}
