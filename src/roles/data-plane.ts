// The data plane role: follows documents, compiles them, and serves what clients send to APIs.
import type { LineOutput } from '../backends/log-destinations/stdout-destination.ts';
import { limitsLook, NOTHING_TO_SERVE } from '../findings/processes.ts';
import { PATH_FORM_PREFIX } from '../gateway/addressing.ts';
import { ANOTHERS, explain, leadsToAnother } from '../gateway/explain.ts';
import { createGateway, type Gateway, type StageAddress } from '../gateway/gateway.ts';
import { SandboxedExchange } from '../gateway/sandboxed-exchange.ts';
import { foreignCallOf } from '../management/foreign-service.ts';
import { LAMBDA_PREFIX } from '../management/lambda/lambda-door.ts';
import { IMPORT_BODIES } from '../management/request-body.ts';
import type { Exchange } from '../net/exchange.ts';
import type { LargeBodies } from '../net/http1/limits.ts';
import type { KnownDomains } from '../net/listener/gateway-tls.ts';
import { createListener } from '../net/listener/listener.ts';
import { type Address, isLoopback } from '../settings/address.ts';
import type { Settings } from '../settings/settings.ts';
import { domainsIn, findDomain } from '../snapshot/domain-table.ts';
import type { Interposed } from '../snapshot/interposed.ts';
import { type InTurn, openPublisher } from '../snapshot/publisher.ts';
import type { LiveSnapshot } from '../snapshot/snapshot.ts';
import { Traffic } from '../snapshot/traffic.ts';
import type { LiveRequests as LiveRequestsMode } from '../stage/request-summary.ts';
import type { DocumentSource } from '../store/store.ts';
import { processFigures } from '../telemetry/process-figures.ts';
import { isConnectionId, processOf } from '../websocket-api/connections/connection-id.ts';
import type { ConnectionTarget, Elsewhere } from '../websocket-api/connections/elsewhere.ts';
import type { Hub } from '../websocket-api/connections/hub.ts';
import { OpenConnections } from '../websocket-api/connections/open-connections.ts';
import type { ConnectionRow, Registry } from '../websocket-api/connections/registry.ts';
import type { QuotaSource } from '../websocket-api/quota-source.ts';
import { reachOf } from './addresses.ts';
import { openBackends } from './backends.ts';
import type { DataPlaneLink } from './data-plane-link.ts';
import type { FunctionsLink } from './functions-host.ts';
import { openTls, truststoresPart } from './gateway-tls.ts';
import type { Limits } from './limits.ts';
import { defectsTo, Listening } from './listening.ts';
import { LiveRequests } from './live-requests.ts';
import type { LivePart } from './live-settings.ts';
import { type ListeningRole, openAll, type RoleMeans, reasonOf } from './role.ts';
import { createSockets } from './sockets.ts';
import { stopTimesOf } from './stopping.ts';
import { openTraces } from './traces.ts';

export interface DataPlaneMeans extends RoleMeans {
  readonly documents: DocumentSource;
  readonly functions: Pick<FunctionsLink, 'find' | 'revision' | 'names'>;
  /** Where connections are written down. */
  readonly registry: Registry;
  /** What throttles take from, where it is not of this process alone. */
  readonly limits?: Limits | undefined;
  readonly quotas: QuotaSource;
  /** Connections of other processes; undefined where there are none. */
  readonly elsewhere?: Elsewhere | undefined;
  /** Stands between routes and their integrations. */
  readonly interposed?: Interposed | undefined;
  /** Where lines of access logs go that are for standard output; that itself when absent. */
  readonly output?: LineOutput | undefined;
  /** How many processes share what the machine may have; this one has it alone when absent. */
  readonly sharers?: number | undefined;
  /** Where the others compile the same. */
  readonly inTurn?: InTurn | undefined;
  /** When requests are kept where the settings do not say. */
  readonly liveRequests?: LiveRequestsMode | undefined;
  /** Serves what came to a listener of the gateway and is the management door's; undefined where the doors have listeners of
   *  their own. */
  readonly serveManagement: ((exchange: Exchange) => void) | undefined;
  /** The process's, as ids of its connections name it; 0 when absent. */
  readonly processNumber?: (() => number) | undefined;
  /** Other processes listen where the gateway does (`Listener.listen`). */
  readonly shared?: 'shared' | undefined;
}

export interface DataPlane extends ListeningRole {
  readonly link: DataPlaneLink;
  /** The connections of this process. */
  readonly hub: Hub;
  readonly openConnections: OpenConnections;
  /** Opens the gateway's listener, and tells its URL. Throws StartError. */
  listen(): Promise<string>;
  /** Opens one more listener, which serves what `current` is at the time of a request, and tells its URL. Throws StartError. */
  listenFor(address: Address, current: () => StageAddress | undefined): Promise<string>;
  /** Tells the end of a connection that a process has left which is gone. Never rejects. */
  tellLost(row: ConnectionRow, code: number, reason: string): Promise<void>;
  /** The rows of those of these connections that are open here. */
  rowsOf(connectionIds: readonly string[]): Promise<readonly ConnectionRow[]>;
  /** Closes all connections; where other nodes have taken them over, those tell the ends. */
  cutOff(isTakenOver: boolean): void;
  /** Makes live what other settings lead to. */
  recompile(): Promise<void>;
  /** Forgets what requests have left behind that outlives their stages: connections, and what accounts and keys have used. */
  forget(deadlineMillis: number): Promise<void>;
  /** Access log files that were moved away are made anew at once. */
  reopenLogs(): void;
  /** Another process has read a truststore of S3 anew, and keeps it in the data directory. Throws TruststoreError. */
  truststoreKept(uri: string, version: string | undefined): Promise<void>;
}

/** Throws StartError or StoreError. */
export function openDataPlane(means: DataPlaneMeans): Promise<DataPlane> {
  const { settings, log, requestLog, documents, serveManagement } = means;
  const { doors } = settings;
  const onDefect = defectsTo(log);
  return openAll(async (opened) => {
    const reach = reachOf(settings);
    const tls = openTls(means, reach);
    opened.push(() => tls.close());
    const traces = await openTraces(means);
    opened.push((deadlineMillis) => traces.close(deadlineMillis));
    const { stageMeans, accessLogs, live } = openBackends(opened, { ...means, reach, tracing: traces });
    const traffic = new Traffic(stageMeans.counters);
    traffic.start();
    opened.push(() => traffic.stop());
    const publisher = await openPublisher({
      ...stageMeans,
      documents,
      inTurn: means.inTurn,
      onError: (error, what) => log('publish.failed', { what, ...reasonOf(error) }),
      onRecovered: () => log('publish.recovered', {}),
      onRouteProblem: ({ apiId, name: stage }, { routeKey: route, part, reason }) =>
        log('route.refuses', { apiId, stage, route, part, reason }),
    });
    opened.push(() => publisher.close());
    const sockets = createSockets({ ...means, snapshots: publisher, stageMeans, onDefect });
    opened.push(() => sockets.close());
    const gateway = createGateway({
      servesUnowned:
        serveManagement &&
        ((exchange) => {
          // Other AWS services' clients know only this address.
          if (foreignCallOf(exchange) === undefined) return false;
          serveManagement(liveRequests.unrecorded(exchange));
          return true;
        }),
      sockets: sockets.door,
      snapshots: publisher,
      requestLog,
      apiEndpoint: settings.apiEndpoint,
      admits: (session, domain) => tls.admits(session, domain),
      onDefect,
    });
    const onlyLocal = isLoopback((doors.kind === 'shared' ? doors.address : doors.management).host);
    const modeOf = ({ liveRequests: mode }: Settings) =>
      mode ?? means.liveRequests ?? (onlyLocal ? 'watched' : 'off');
    const { onlookers } = stageMeans;
    const mask = settings.sections.liveRequestsMask;
    const liveRequests = new LiveRequests({ mode: modeOf(settings), mask, onlookers, gateway });
    opened.push(() => liveRequests.close());
    await liveRequests.start();
    const recording: LivePart = {
      apply: (next) => void liveRequests.change(modeOf(next), next.sections.liveRequestsMask),
    };
    publisher.onSwap(() => tls.refresh());
    const connections = new OpenConnections(sockets.hub, (post) => liveRequests.current?.onPosted(post));
    /** Undefined for a connection of this process. */
    const elsewhereOf = ({ connectionId }: ConnectionTarget): Elsewhere | undefined =>
      isConnectionId(connectionId) && processOf(connectionId) !== sockets.hub.means.processNumber
        ? means.elsewhere
        : undefined;
    const listening = new Listening();
    let url = '';
    return {
      hub: sockets.hub,
      openConnections: connections,
      link: {
        caughtUp: () => publisher.caughtUp(),
        trouble: async () => publisher.trouble,
        digest: async () => publisher.digest(),
        async processes() {
          const isFilled = documents.isFilled !== false;
          const trouble = isFilled ? publisher.trouble : NOTHING_TO_SERVE;
          const worker = {
            number: 0,
            pid: process.pid,
            isUp: true,
            isServing: url !== '' && isFilled,
            trouble,
          };
          return { accepts: 'alone', workers: [worker], limits: limitsLook(means.limits) };
        },
        stages: () => publisher.stages(),
        counts: async () => ({
          calls: stageMeans.counters.calls.all,
          events: stageMeans.counters.events.all,
          lostLogLines: accessLogs.dropped,
          connections: sockets.hub.size,
          areChangesLive: publisher.trouble === undefined,
          failedStages: publisher.failed.map(({ apiId, name: stage }) => ({ apiId, stage })),
          process: processFigures(),
          spans: traces.counts,
          limitsAreShared: means.limits?.areShared,
        }),
        traffic: async () => traffic.apis,
        domains: async () =>
          domainsIn(publisher.current.domains).map(({ name, accountId, apiIds }) => ({
            name,
            accountId,
            apiIds,
          })),
        async explain(request, account) {
          if (leadsToAnother(gateway, request.url, account)) return ANOTHERS;
          return explain(liveRequests.recorded, url, request);
        },
        async explainSocket(request, account) {
          if (leadsToAnother(gateway, request.url, account)) return ANOTHERS;
          const { explainSocket } = await import('../gateway/explain-socket.ts');
          return explainSocket({ gateway, hub: sockets.hub, connect: sockets.connect }, request);
        },
        connections: async (filter) => connections.list(filter),
        postToConnection: async (target, data) =>
          elsewhereOf(target)?.send(target, data) ?? connections.post(target, data),
        closeConnection: async (target) =>
          elsewhereOf(target)?.end(target) ?? (connections.close(target) ? 'closed' : 'gone'),
        async runDraft(run) {
          const { runDraft } = await import('../gateway/workbench/run-draft.ts');
          const { apiEndpoint } = settings;
          return runDraft(run, {
            stageMeans,
            snapshots: publisher,
            gateway: { sockets: sockets.door, apiEndpoint, onDefect },
            listening: url,
          });
        },
        async runSocketDraft(run) {
          const { runSocketDraft } = await import('../gateway/workbench/run-socket-draft.ts');
          const { hub, connect } = sockets;
          return runSocketDraft(run, { stageMeans, hub, onDefect: connect.onDefect, listening: url });
        },
        liveRequests,
        readTruststore: (uri, version) => tls.readTruststore(uri, version),
        certificateCovers: (arn, domainName) => tls.certificateCovers(arn, domainName),
      },
      async listen() {
        const listener = createListener({
          onExchange: exchangesTo(gateway, liveRequests, serveManagement),
          onDefect,
          ...(serveManagement === undefined ? {} : { limits: { largeBodies: importBodies(gateway) } }),
          ...(settings.codec === undefined ? {} : { codec: settings.codec }),
          ...(tls.isOn ? { tls: tls.options } : {}),
        });
        tls.serve(listener, domainsOf(publisher));
        const isShared = doors.kind === 'shared';
        const address = isShared ? doors.address : doors.gateway;
        const flag = isShared ? 'listen' : 'gateway';
        url = await listening.start(listener, address, flag, {
          scheme: tls.isOn ? 'https' : 'http',
          shared: means.shared,
        });
        return url;
      },
      listenFor(address, current) {
        const onExchange = liveRequests.recording((exchange) => gateway.serveStage(exchange, current()));
        return listening.start(createListener({ onExchange, onDefect }), address, 'port');
      },
      tellLost: (row, code, reason) => sockets.tellLost(row, code, reason),
      rowsOf: async (ids) => sockets.hub.rowsOf(ids),
      cutOff: (isTakenOver) => sockets.hub.cutOff(isTakenOver),
      recompile: () => publisher.recompile(),
      forget(deadlineMillis) {
        stageMeans.accountThrottles.forget();
        return sockets.forget(deadlineMillis);
      },
      reopenLogs: () => accessLogs.reopen(),
      truststoreKept: (uri, version) => tls.truststoreKept(uri, version),
      live: {
        ...live,
        ...sockets.live,
        traces: traces.live,
        liveRequests: recording,
        liveRequestsMask: recording,
        truststores: truststoresPart(tls),
      },
      async drain(deadlineMillis) {
        await Promise.all([
          sockets.hub.close(deadlineMillis, Math.min(stopTimesOf(settings).spread, deadlineMillis / 2)),
          listening.close(deadlineMillis),
        ]);
      },
      hasten(deadlineMillis) {
        void sockets.hub.close(deadlineMillis);
        void listening.close(deadlineMillis);
      },
      close: (deadlineMillis) => opened.close(deadlineMillis),
    };
  });
}

/** What handshakes know: the domains of the current snapshot. */
function domainsOf(snapshots: LiveSnapshot): KnownDomains {
  return {
    find: (serverName) => findDomain(snapshots.current.domains, serverName)?.tls,
    get hasMutualTls() {
      return snapshots.current.domains.hasMutualTls;
    },
  };
}

/** Whom a listener of the gateway hands its requests to. */
function exchangesTo(
  gateway: Gateway,
  liveRequests: LiveRequests,
  serveManagement: DataPlaneMeans['serveManagement'],
) {
  const { serve } = liveRequests.recorded;
  if (serveManagement === undefined) return serve;
  return (exchange: Exchange): void => {
    if (isManagement(gateway, exchange)) serveManagement(exchange);
    else serve(sharesOrigin(gateway, exchange) ? new SandboxedExchange(exchange) : exchange);
  };
}

/** Whether a browser asks an API on the management door's own origin. What it gets may come out of the browser's cache again as a page,
 *  so that it does not matter what it wants it for. */
function sharesOrigin(gateway: Gateway, { target, headers, host }: Exchange): boolean {
  return (
    target.startsWith(PATH_FORM_PREFIX) &&
    headers.first('sec-fetch-dest') !== undefined &&
    !gateway.owns({ host, target: '/' })
  );
}

/** Those of the management door alone. */
function importBodies(gateway: Gateway): LargeBodies {
  return { ...IMPORT_BODIES, allow: (request) => IMPORT_BODIES.allow(request) && !gateway.owns(request) };
}

/** On a shared port the management door has these paths on hosts that are not an API's (decision 0013). */
function isManagement(gateway: Gateway, exchange: Exchange): boolean {
  const { target } = exchange;
  const isPath =
    target.startsWith('/v2/') || target.startsWith('/_postern/') || target.startsWith(LAMBDA_PREFIX);
  return isPath && !gateway.owns(exchange);
}
