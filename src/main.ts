// The composition root of one process: the store, the roles, and what they ask of each other. The only file that knows everything;
// primary.ts and worker.ts are the same for several processes.
import { type Clock, SYSTEM_CLOCK } from './clock.ts';
import type { DeployAnswer } from './definitions/deploy-answer.ts';
import type { DeployRequest, StackPlace } from './definitions/deploy-request.ts';
import type { StageAddress } from './gateway/gateway.ts';
import { localEndpoint } from './roles/addresses.ts';
import { openControl } from './roles/control.ts';
import { openData } from './roles/data-directory.ts';
import { openDataPlane } from './roles/data-plane.ts';
import { openFunctionsHost } from './roles/functions-host.ts';
import { openLimits } from './roles/limits.ts';
import { LiveSettings, type Reloaded } from './roles/live-settings.ts';
import { openNode } from './roles/open-node.ts';
import { openAll } from './roles/role.ts';
import { openRuntime } from './roles/runtime.ts';
import { stopInOrder } from './roles/stopping.ts';
import type { Address } from './settings/address.ts';
import type { Settings } from './settings/settings.ts';
import type { Interposed } from './snapshot/interposed.ts';
import type { LiveRequests } from './stage/request-summary.ts';
import type { Store } from './store/store.ts';
import type { Log } from './telemetry/log.ts';
import type { RequestLog } from './telemetry/request-log.ts';

export interface Postern {
  /** Where the management door answers: `http://127.0.0.1:4700`. */
  readonly management: string;
  /** Where the gateway door listens; the same as `management` when they share a listener. */
  readonly gateway: string;
  /** Where metrics and health alone are read; undefined where there is no such listener. */
  readonly metrics: string | undefined;
  /** The ApiEndpoint of an API, with `{apiId}` in it. */
  readonly apiEndpoint: string;
  /** Which of the nodes it is; undefined where it is none, or has no lease at present. */
  readonly node: number | undefined;
  /** Resolves once there is something to serve; undefined where there is. */
  readonly filled: Promise<void> | undefined;
  /** Deploys a definition, in the account and region of the settings where the place says no others. */
  deploy(request: DeployRequest, place?: StackPlace): Promise<DeployAnswer>;
  /** Access log files that were moved away are made anew at once. */
  reopenLogs(): void;
  /** Takes over what may change while the program runs; says what is different, and what needs a restart. Throws an Error
   *  with a sentence, and nothing is different then. */
  reload(next: Settings): Promise<Reloaded>;
  /** Stops accepting, lets replies in flight finish for at most `deadlineMillis`, then closes everything. */
  close(deadlineMillis?: number): Promise<void>;
  /** What is being closed has `deadlineMillis` and no more. */
  hasten(deadlineMillis: number): void;
}

/** The program in one process: what others than `postern start` want of it besides. */
export interface OneProcess extends Postern {
  /** Opens one more listener, which serves one stage of an HTTP API at its root: what `current` is at the time of a request. Tells
   *  its URL. Throws StartError. */
  listenFor(address: Address, current: () => StageAddress | undefined): Promise<string>;
  /** Resolves once what is stored now is live. */
  caughtUp(): Promise<unknown>;
  /** Forgets what requests have left behind that outlives their stages, for tests: connections, and what accounts and keys have
   *  used. */
  forget(deadlineMillis: number): Promise<void>;
}

/** What the start takes besides settings. */
export interface StartMeans {
  /** Where each request has its line. */
  readonly requestLog?: RequestLog | undefined;
  /** Whether the names of default endpoints resolve here; else ApiEndpoint has the path form. True when absent. */
  readonly namesResolve?: Promise<boolean>;
  /** The first of the ports at which debuggers attach to Node.js functions; they attach to none when absent. */
  readonly debugFrom?: number | undefined;
  /** When requests are kept to be looked at, where the settings do not say. */
  readonly liveRequests?: LiveRequests | undefined;
  /** The system's when absent. */
  readonly clock?: Clock;
  /** Stands between routes and their integrations. */
  readonly interposed?: Interposed;
  /** Open, to be closed here; that of the data directory when absent. */
  readonly store?: Store;
}

/** Starts everything. Throws StartError or StoreError; nothing is left open then. */
export function startPostern(settings: Settings, log: Log, startMeans: StartMeans = {}): Promise<OneProcess> {
  const { requestLog, namesResolve = Promise.resolve(true), clock = SYSTEM_CLOCK, interposed } = startMeans;
  const means = { settings, log, requestLog, clock };
  return openAll(async (opened) => {
    opened.push(() => requestLog?.flush());
    const { store, documents, behindSeconds, node } =
      startMeans.store === undefined
        ? await openData(means)
        : { store: startMeans.store, documents: startMeans.store };
    opened.push(() => store.close());
    const nodes = node && (await openNode(means, node));
    opened.push(() => nodes?.close());
    const host = await openFunctionsHost({ ...means, documents, debugFrom: startMeans.debugFrom });
    opened.push((deadlineMillis) => host.close(deadlineMillis));
    const { functions } = host;
    const runtime = openRuntime({ ...means, node: nodes && { nodes: nodes.nodes, postgres: node.postgres } });
    opened.push(() => runtime.close());
    const limits = await openLimits(opened, means, nodes && (() => nodes.nodes.living));
    const isShared = settings.doors.kind === 'shared';
    const plane = await openDataPlane({
      ...means,
      documents,
      functions,
      registry: runtime.registry,
      limits,
      quotas: runtime.quotas,
      elsewhere: nodes?.connections.elsewhere,
      processNumber: nodes && (() => nodes.connections.processNumber(0)),
      interposed,
      liveRequests: startMeans.liveRequests,
      serveManagement: isShared ? (exchange) => control.serve(exchange) : undefined,
    });
    opened.push((deadlineMillis) => plane.close(deadlineMillis));
    nodes?.connections.holdAlone(plane);
    // Known once the listeners have their ports, which is before the first request.
    let apiEndpoint = '';
    const control = openControl({
      ...means,
      store,
      behindSeconds,
      nodes: nodes?.link,
      functions,
      plane: plane.link,
      apiEndpoint: () => apiEndpoint,
    });
    opened.push((deadlineMillis) => control.close(deadlineMillis));
    const close = stopInOrder(opened, { settings, control, plane, runtime, nodes });

    const { metrics, management } = await control.listen();
    const gateway = await plane.listen();
    apiEndpoint = settings.apiEndpoint ?? localEndpoint(gateway, await namesResolve);
    runtime.begin(plane);
    nodes?.follow([plane.link, functions]);
    const live = new LiveSettings(settings, [host.live, plane.live, control.live], () => plane.recompile());
    return {
      management: management ?? gateway,
      gateway,
      metrics,
      apiEndpoint,
      get node() {
        return nodes?.nodes.lease.number;
      },
      filled: node?.replica.filled,
      deploy: (request, place) => control.deploy(request, place),
      listenFor: (address, current) => plane.listenFor(address, current),
      reopenLogs: () => plane.reopenLogs(),
      caughtUp: () => Promise.all([functions.caughtUp(), plane.link.caughtUp()]),
      forget: (deadlineMillis) => plane.forget(deadlineMillis),
      async reload(next) {
        const reloaded = await live.take(next);
        nodes?.configured(next);
        return reloaded;
      },
      close,
      hasten: (deadlineMillis) => opened.hasten(deadlineMillis),
    };
  });
}
