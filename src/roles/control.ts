// The control role: the management door, in front of the store and of what the other roles answer.
import { FORWARDED_BYTES, forwardedExchange } from '../cluster/workers/forwarded-exchange.ts';
import type { DeployAnswer } from '../definitions/deploy-answer.ts';
import type { DeployRequest, StackPlace } from '../definitions/deploy-request.ts';
import { Issuers } from '../identity/jwt/issuers.ts';
import { createManagementDoor } from '../management/door.ts';
import { ME } from '../management/permissions.ts';
import { connectionsRoutes } from '../management/postern/connections-route.ts';
import { EXPLAIN, explainRoute } from '../management/postern/explain-route.ts';
import { fenceRoutes } from '../management/postern/fence-route.ts';
import { meRoute } from '../management/postern/me-route.ts';
import { metricsRoute } from '../management/postern/metrics-route.ts';
import { NODES, nodesRoute } from '../management/postern/nodes-route.ts';
import { OVERVIEW, overviewRoute } from '../management/postern/overview-route.ts';
import { HEALTH, METRICS, READY } from '../management/postern/postern-routes.ts';
import { healthRoute, readyRoute } from '../management/postern/probes-route.ts';
import { PROCESSES, processesRoute } from '../management/postern/processes-route.ts';
import { RequestStreams } from '../management/postern/request-streams.ts';
import { requestsRoutes } from '../management/postern/requests-route.ts';
import { STAGES, stagesRoute } from '../management/postern/stages-route.ts';
import { IMPORT_BODIES } from '../management/request-body.ts';
import type { Exchange } from '../net/exchange.ts';
import { DEFAULT_LIMITS } from '../net/http1/limits.ts';
import { createListener } from '../net/listener/listener.ts';
import { TruststoreError } from '../net/tls/truststore.ts';
import { handlers } from '../resources/handlers.ts';
import { notYet } from '../resources/not-yet.ts';
import { requirePath } from '../resources/resource-path.ts';
import { environmentOfProcess, requireCredentials } from '../settings/settings.ts';
import type { Store } from '../store/store.ts';
import { badRequest, notYetLive } from '../wire/errors.ts';
import { endpointOf, reachOf } from './addresses.ts';
import { codeIn } from './data-directory.ts';
import type { DataPlaneLink } from './data-plane-link.ts';
import type { FunctionsLink } from './functions-host.ts';
import { defectsTo, Listening } from './listening.ts';
import { LiveHere } from './live-here.ts';
import type { LivePart } from './live-settings.ts';
import type { NodesLink } from './nodes.ts';
import type { ListeningRole, RoleMeans } from './role.ts';
import { stackSurroundings } from './stack-surroundings.ts';

export interface ControlMeans extends RoleMeans {
  readonly store: Store;
  /** How old at most what is read of it is at present, in seconds; undefined while that is what is stored. */
  readonly behindSeconds?: (() => number | undefined) | undefined;
  /** The nodes of the cluster; undefined where the store is a file of this machine. */
  readonly nodes?: NodesLink | undefined;
  readonly plane: DataPlaneLink;
  readonly functions: FunctionsLink;
  /** The ApiEndpoint of every API, with `{apiId}` in it; asked with each request. */
  readonly apiEndpoint: () => string;
}

export interface Control extends ListeningRole {
  /** Takes a request that came to a listener of the data plane. */
  serve(exchange: Exchange): void;
  /** Deploys for whoever runs the program. */
  deploy(request: DeployRequest, place?: StackPlace): Promise<DeployAnswer>;
  /** From now on it says that it is going. */
  startDraining(): void;
  /** Opens the listeners that are this role's alone, and tells their URLs; on `workersAt`, a Unix socket, it takes what came to
   *  workers. Throws StartError. */
  listen(
    workersAt?: string,
  ): Promise<{ readonly management: string | undefined; readonly metrics: string | undefined }>;
}

export function openControl(means: ControlMeans): Control {
  const { settings, log, requestLog, store, plane, functions, apiEndpoint } = means;
  const { sections, doors } = settings;
  const reach = reachOf(settings);
  let current = sections;
  let identities = settings.credentials;
  /** Takes what is told of stacks, and of what has no effect, as it is then. */
  const told: LivePart = {
    apply: ({ sections: { functions: ofFile, privateTargets, stacks } }) => {
      current = { ...current, functions: ofFile, privateTargets, stacks };
    },
  };
  const issuers = new Issuers(sections.jwt, { log, ca: sections.certificateAuthorities });
  const streams = new RequestStreams();
  const { nodes } = means;
  const here = new LiveHere({ documents: store, plane, functions });
  let isDraining = false;
  const door = createManagementDoor({
    requestLog,
    store,
    behindSeconds: means.behindSeconds,
    handlers,
    notYet,
    credentials: settings.credentials,
    account: settings.accountId,
    region: settings.region,
    endpoint: (apiId, protocolType) => endpointOf(apiEndpoint(), apiId, protocolType),
    now: Date.now,
    log,
    requirePath,
    configured: {
      allowsHttpIssuer: (issuer) => issuers.allowsHttp(issuer),
      certificateCovers: (arn, domainName) => plane.certificateCovers(arn, domainName),
    },
    outside: {
      ...(sections.strictIssuerCheck ? { checkIssuer: (issuer) => requireIssuer(issuers, issuer) } : {}),
      readTruststore: (uri, version) => readTruststore(plane, uri, version),
      async locateCode(source) {
        const { locateCode } = await import('../functions/code/locate-code.ts');
        return locateCode(source, codeIn(settings.data));
      },
    },
    async afterWrite() {
      // Others may have written since: theirs are waited for as well.
      const change = await store.latestChange();
      await requireLive(here, change, plane, functions);
      await nodes?.settle(change);
      return change;
    },
    plane,
    functions,
    aroundStacks: () => ({
      stacks: current.stacks,
      surroundings: stackSurroundings(current, reach, environmentOfProcess()),
    }),
    routes: {
      [EXPLAIN]: explainRoute(plane),
      ...connectionsRoutes({
        connections: (filter) => (nodes ?? plane).connections(filter),
        postToConnection: (target, data) => plane.postToConnection(target, data),
        closeConnection: (target) => plane.closeConnection(target),
      }),
      [HEALTH]: healthRoute(() => plane.processes()),
      [READY]: readyRoute(
        () => plane.processes(),
        () => isDraining,
      ),
      [ME]: meRoute(
        async () => (await import('../cli/version.ts')).version(),
        () => plane.liveRequests.mode(),
      ),
      [PROCESSES]: processesRoute(
        () => plane.processes(),
        () => functions.pid,
      ),
      [STAGES]: stagesRoute(plane),
      [OVERVIEW]: overviewRoute({
        store,
        plane,
        endpoint: (apiId, protocolType) => endpointOf(apiEndpoint(), apiId, protocolType),
        findings: () => ({
          sections: current,
          identities,
          hasOwnCertificate: settings.tls !== undefined,
        }),
      }),
      ...requestsRoutes(plane.liveRequests, streams),
      [NODES]: nodesRoute(nodes),
      ...fenceRoutes({
        reached: (change, millis, gone) => (nodes ?? here).reached(change, millis, gone),
        digest: () => plane.digest(),
      }),
      [METRICS]: metricsRoute(
        async () => ({
          ...(await plane.counts()),
          storeIsUp: means.behindSeconds && means.behindSeconds() === undefined,
        }),
        () => functions.counts(),
      ),
    },
  });
  const listening = new Listening();
  const onDefect = defectsTo(log);
  return {
    serve: (exchange) => door.serve(exchange),
    deploy: (request, place) => door.deploy(request, place),
    async listen(workersAt) {
      if (workersAt !== undefined) {
        const onExchange = (exchange: Exchange): void => door.serve(forwardedExchange(exchange));
        const headBytes = DEFAULT_LIMITS.headBytes + FORWARDED_BYTES;
        const limits = { largeBodies: IMPORT_BODIES, headBytes, connections: Number.MAX_SAFE_INTEGER };
        await listening.startAt(createListener({ onExchange, onDefect, limits }), workersAt);
      }
      const probes = createListener({ onExchange: (exchange) => door.serveProbe(exchange), onDefect });
      const limits = { largeBodies: IMPORT_BODIES };
      const own = createListener({ onExchange: (exchange) => door.serve(exchange), onDefect, limits });
      return {
        metrics: settings.metrics && (await listening.start(probes, settings.metrics, 'metrics')),
        management:
          doors.kind === 'shared' ? undefined : await listening.start(own, doors.management, 'management'),
      };
    },
    live: {
      functions: told,
      privateTargets: told,
      stacks: told,
      credentials: {
        // The doors stay where they are, wherever the file would have them.
        prepare: ({ credentials }) => requireCredentials({ doors, credentials }),
        apply: ({ credentials }) => {
          identities = credentials;
          door.setCredentials(credentials);
          streams.setCredentials(credentials);
        },
      },
    },
    startDraining() {
      isDraining = true;
    },
    drain(deadlineMillis) {
      isDraining = true;
      streams.close();
      return listening.close(deadlineMillis);
    },
    hasten: (deadlineMillis) => void listening.close(deadlineMillis),
    close: async () => issuers.close(),
  };
}

/** Throws when a write that is committed does not go live. */
async function requireLive(
  here: LiveHere,
  change: number,
  plane: DataPlaneLink,
  functions: FunctionsLink,
): Promise<void> {
  if ((await here.catchUp()) >= change) return;
  const trouble = (await plane.trouble()) ?? (await functions.trouble());
  throw notYetLive(
    `The change is stored, but not live yet: do not repeat it. ${trouble ?? 'Earlier changes are still being published.'} GET /_postern/stages tells when it is.`,
  );
}

/** spec/http-api.md §10.2. */
async function readTruststore(
  plane: DataPlaneLink,
  uri: string,
  version: string | undefined,
): Promise<{ readonly warnings: readonly string[] }> {
  try {
    return await plane.readTruststore(uri, version);
  } catch (error) {
    if (error instanceof TruststoreError) throw badRequest(error.message, { cause: error });
    throw error;
  }
}

/** spec/management-api.md §2.6.2. */
async function requireIssuer(issuers: Issuers, issuer: string): Promise<void> {
  const problem = await issuers.check(issuer);
  if (problem !== undefined) throw badRequest(problem);
}
