// The composition root of a primary: the store, the management door and the functions, in front of workers that serve APIs
// (docs/architecture.md, "Processes of a node").
import { SYSTEM_CLOCK } from './clock.ts';
import { HostProcess } from './cluster/functions/host-process.ts';
import { prepareAccepting } from './cluster/workers/accepting.ts';
import { SharedOutput } from './cluster/workers/primary-output.ts';
import { RunDirectory } from './cluster/workers/run-directory.ts';
import type { WorkerProgram } from './cluster/workers/worker-process.ts';
import type { Postern, StartMeans } from './main.ts';
import { localEndpoint, reachOf } from './roles/addresses.ts';
import { openControl } from './roles/control.ts';
import { openData } from './roles/data-directory.ts';
import { openFunctionsHost } from './roles/functions-host.ts';
import { openTls, truststoresPart } from './roles/gateway-tls.ts';
import { openWorkersLimits } from './roles/limits.ts';
import { explained, urlOf } from './roles/listening.ts';
import { LiveSettings } from './roles/live-settings.ts';
import { openNode } from './roles/open-node.ts';
import { openAll } from './roles/role.ts';
import { openRuntime } from './roles/runtime.ts';
import { stopInOrder } from './roles/stopping.ts';
import type { Beginning } from './roles/workers/worker-calls.ts';
import { WorkerPlanes } from './roles/workers/worker-planes.ts';
import type { Settings } from './settings/settings.ts';
import type { Log } from './telemetry/log.ts';

export interface PrimaryMeans extends Pick<StartMeans, 'requestLog' | 'namesResolve'> {
  /** What workers are. */
  readonly program: WorkerProgram;
  /** What runs functions. */
  readonly functionsProgram: WorkerProgram;
  /** How their logs look. */
  readonly output: Beginning['output'];
  /** There are no workers any more; the sentence says why. */
  onFailure(reason: string): void;
}

/** Starts everything. Throws StartError or StoreError; nothing is left open then. */
export function startPrimary(settings: Settings, log: Log, primaryMeans: PrimaryMeans): Promise<Postern> {
  const { requestLog, namesResolve = Promise.resolve(true), program, output } = primaryMeans;
  const means = { settings, log, requestLog, clock: SYSTEM_CLOCK };
  const { doors } = settings;
  return openAll(async (opened) => {
    opened.push(() => requestLog?.flush());
    const { store, documents, file, behindSeconds, node } = await openData(means);
    opened.push(() => store.close());
    const nodes = node && (await openNode(means, node));
    opened.push(() => nodes?.close());
    const run = await RunDirectory.open(settings.data);
    opened.push(() => run.close());
    // Until workers are started there is nobody to be told.
    let planes: WorkerPlanes | undefined;
    let live: LiveSettings | undefined;
    const lines = new SharedOutput(process.stdout, (lost) => log('request-log.lines-lost', { lines: lost }));
    const functionsSocket = await run.socket('functions.sock');
    const host = await openFunctionsHost({
      ...means,
      documents,
      runner: new HostProcess({
        ...{ log, path: functionsSocket, output: lines },
        program: primaryMeans.functionsProgram,
        beginning: { region: settings.region, log: { level: settings.logLevel, ...output } },
        onStarted: (pid) => run.add(pid, 'functions'),
        onEnded: (pid) => run.remove(pid),
      }),
      onReplaced: () => planes?.setFunctions(),
    });
    opened.push((deadlineMillis) => host.close(deadlineMillis));
    const { functions } = host;
    const runtime = openRuntime({
      ...means,
      processes: settings.workers,
      node: nodes && { nodes: nodes.nodes, postgres: node.postgres },
    });
    opened.push(() => runtime.close());
    const limits = await openWorkersLimits(opened, means, nodes && (() => nodes.nodes.living));
    const tls = openTls(means, reachOf(settings));
    opened.push(() => tls.close());

    const isShared = doors.kind === 'shared';
    const address = isShared ? doors.address : doors.gateway;
    const accepting = await explained(address, isShared ? 'listen' : 'gateway', () =>
      prepareAccepting(address.host, address.port),
    );
    if (accepting.refusal !== undefined) {
      log('workers.by-turns', { reason: accepting.refusal });
    }
    const managementSocket = isShared ? await run.socket('management.sock') : undefined;
    const gateway = urlOf({ host: address.host, port: accepting.port }, tls.isOn ? 'https' : 'http');
    const workers = new WorkerPlanes({
      ...{
        log,
        documents,
        run,
        program,
        tls,
        functions,
        functionsSocket,
        output: lines,
        registry: runtime.registry,
        quotas: runtime.quotas,
        onConnectionsLost: (ids) => void runtime.tellEndsOf(ids),
        limits,
      },
      nodes: nodes?.connections,
      count: settings.workers,
      settings: () => live?.running ?? settings,
      beginning: {
        ...{ managementSocket, output, file, port: accepting.port },
        shared: accepting.how === 'reusePort' ? 'shared' : undefined,
      },
      onFailure: (reason) => primaryMeans.onFailure(reason),
    });
    planes = workers;
    nodes?.connections.hold(workers.connections);
    opened.push((deadlineMillis) => workers.close(deadlineMillis));
    const apiEndpoint = settings.apiEndpoint ?? localEndpoint(gateway, await namesResolve);
    const control = openControl({
      ...means,
      ...{ store, behindSeconds, nodes: nodes?.link, functions, plane: workers.link },
      apiEndpoint: () => apiEndpoint,
    });
    opened.push((deadlineMillis) => control.close(deadlineMillis));
    const close = stopInOrder(opened, { settings, control, plane: workers, runtime, nodes });

    const { metrics, management } = await control.listen(managementSocket);
    await workers.start();
    runtime.begin(workers.holders);
    nodes?.follow([workers.link, functions]);
    const ofTls = { truststores: truststoresPart(tls) };
    const roles = [host.live, ofTls, workers.live, control.live];
    const taking = new LiveSettings(settings, roles, async () => {
      await Promise.all([workers.recompile(), functions.caughtUp()]);
    });
    live = taking;
    return {
      ...{ management: management ?? gateway, gateway, metrics, apiEndpoint },
      get node() {
        return nodes?.nodes.lease.number;
      },
      filled: node?.replica.filled,
      deploy: (request, place) => control.deploy(request, place),
      reopenLogs: () => workers.reopenLogs(),
      async reload(next) {
        const reloaded = await taking.take(next);
        nodes?.configured(next);
        return reloaded;
      },
      close,
      hasten: (deadlineMillis) => opened.hasten(deadlineMillis),
    };
  });
}
