// The composition root: settings → store → snapshot → doors → listeners. The only file that knows everything.
import { join } from 'node:path';
import { type AwsReach, createReach } from './backends/aws/reach.ts';
import { createSignedServices } from './backends/aws/signed-services.ts';
import { createInvokeApi } from './backends/lambda/invoke-api.ts';
import { createLambdaFunctions } from './backends/lambda/lambda-functions.ts';
import { AccessLogs } from './backends/log-destinations/access-logs.ts';
import { createPrivateTargets } from './backends/private-targets/private-targets.ts';
import { createAwsServices } from './backends/services/aws-services.ts';
import { ConfiguredFunctions } from './functions/configured-functions.ts';
import { explain } from './gateway/explain.ts';
import { createGateway } from './gateway/gateway.ts';
import { SocketDoor } from './gateway/socket-door.ts';
import type { Call } from './http-api/call.ts';
import { createIdentities } from './identity/identities.ts';
import { Issuers } from './identity/jwt/issuers.ts';
import { egressAddress, endpointOf, listen, localEndpoint, StartError } from './listen.ts';
import { LiveSettings, type Reloaded } from './live-settings.ts';
import { createManagementDoor } from './management/door.ts';
import { EXPLAIN, explainRoute } from './management/explain-route.ts';
import { foreignCallOf } from './management/foreign-service.ts';
import { metricsRoute } from './management/metrics-route.ts';
import { HEALTH, healthRoute, METRICS } from './management/postern-routes.ts';
import { STAGES, stagesRoute } from './management/stages-route.ts';
import type { Exchange } from './net/exchange.ts';
import { GatewayTls } from './net/listener/gateway-tls.ts';
import { TruststoreError } from './net/tls/truststore.ts';
import { createUpstreamPools } from './net/upstream/pool.ts';
import { closeToOthers, openingToOthers } from './private-files.ts';
import { handlers } from './resources/handlers.ts';
import { notYet } from './resources/not-yet.ts';
import { requirePath } from './resources/resource-path.ts';
import { type Address, leadsTo } from './settings/address.ts';
import { environmentOfProcess, requireCredentials, type Settings } from './settings/settings.ts';
import { createCounters } from './snapshot/counters.ts';
import { openPublisher, type Publisher } from './snapshot/publisher.ts';
import { AccountThrottles } from './stage/throttle.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';
import { StoreError } from './store/store-error.ts';
import type { Log } from './telemetry/log.ts';
import type { RequestLog } from './telemetry/request-log.ts';
import { ApiKeys } from './websocket-api/api-keys.ts';
import { ConnectionsApi } from './websocket-api/connections/connections-api.ts';
import { Hub } from './websocket-api/connections/hub.ts';
import type { SocketEvent } from './websocket-api/event.ts';
import { badRequest, notYetLive } from './wire/errors.ts';

export interface Postern {
  /** Where the management door answers: `http://127.0.0.1:4700`. */
  readonly management: string;
  /** Where the gateway door listens; the same as `management` when they share a listener. */
  readonly gateway: string;
  /** Where metrics and health alone are read; undefined where there is no such listener. */
  readonly metrics: string | undefined;
  /** The ApiEndpoint of an API, with `{apiId}` in it. */
  readonly apiEndpoint: string;
  /** Access log files that were moved away are made anew at once. */
  reopenLogs(): void;
  /** Takes over what may change while the program runs; says what is different, and what needs a restart. Throws an Error
   *  with a sentence, and nothing is different then. */
  reload(next: Settings): Promise<Reloaded>;
  /** Stops accepting, lets replies in flight finish for at most `deadlineMillis`, then closes everything. */
  close(deadlineMillis?: number): Promise<void>;
}

const DRAIN_MILLIS = 9_000;
const ACCESS_LOGS = 'access-logs';
const TRUSTSTORES = 'truststores';

/** What the start takes besides settings. */
export interface StartMeans {
  /** Where each request has its line. */
  readonly requestLog?: RequestLog | undefined;
  /** Whether the names of default endpoints resolve here; else ApiEndpoint has the path form. True when absent. */
  readonly namesResolve?: Promise<boolean>;
}

/** Starts everything. Throws StartError or StoreError; nothing is left open then. */
export async function startPostern(
  settings: Settings,
  log: Log,
  { requestLog, namesResolve = Promise.resolve(true) }: StartMeans = {},
): Promise<Postern> {
  /** What is open, in the order of opening. */
  const opened: ((deadlineMillis: number) => Promise<void>)[] = [];
  const closeAll = async (deadlineMillis: number): Promise<void> => {
    for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close(deadlineMillis);
  };
  opened.push(async () => requestLog?.flush());
  try {
    const store = await openSqliteStore({ directory: settings.data });
    opened.push(() => store.close());
    await keepPrivate(settings.data, log);
    const { sections } = settings;
    const reach = createReach(sections.aws, environmentOfProcess(), (endpoint) =>
      addressesOf(settings).some((address) => leadsTo(endpoint, address)),
    );
    const tls = openTls(settings, reach, log);
    opened.push(async () => tls.close());
    const pools = createUpstreamPools(
      sections.certificateAuthorities.length === 0 ? {} : { ca: sections.certificateAuthorities },
    );
    opened.push(() => pools.close());
    const privateTargets = createPrivateTargets(sections.privateTargets, {
      log,
      mayDiscover: () => reach.refusal('servicediscovery') === undefined,
    });
    opened.push(async () => privateTargets.close());
    const issuers = new Issuers(sections.jwt, { log, ca: sections.certificateAuthorities });
    opened.push(async () => issuers.close());
    const localFunctions = new ConfiguredFunctions({
      region: settings.region,
      environment: environmentOfProcess(),
      log,
    });
    opened.push((deadlineMillis) => localFunctions.close(deadlineMillis));
    await localFunctions.prepare(sections.functions);
    localFunctions.replace(sections.functions);
    const assumeRoles = assumesRoles(sections, reach);
    const services = createAwsServices({ assumeRoles, reach });
    const signedServices = createSignedServices({ assumeRoles, reach, environment: environmentOfProcess() });
    opened.push(async () => services.close());
    const invokeApi = createInvokeApi({
      settings: sections.lambda,
      assumeRoles,
      reach,
      local: () => localFunctions.names,
    });
    opened.push(async () => invokeApi.close());
    const accessLogs = new AccessLogs(sections.logDestinations, {
      directory: join(settings.data, ACCESS_LOGS),
      stdout: process.stdout,
      log,
    });
    opened.push((deadlineMillis) => accessLogs.close(deadlineMillis));
    const identities = createIdentities(settings.credentials);
    const accountThrottles = new AccountThrottles(sections.throttling);
    const counters = createCounters();
    const publisher = await openPublisher({
      documents: store,
      pools,
      privateTargets,
      services,
      signedServices,
      functions: createLambdaFunctions(localFunctions, invokeApi),
      issuers,
      accountThrottles,
      counters,
      logSinks: accessLogs,
      requestLog,
      egress: egressAddress(settings),
      // For people the request's own line says it.
      onIntegrationError: requestLog?.pretty === true ? () => {} : warnOfCall(log, 'integration.failed'),
      identities,
      onAuthorizerError: warnOfCall(log, 'authorizer.failed'),
      onError: (error, what) => log('publish.failed', { what, ...reasonOf(error) }),
      onRecovered: () => log('publish.recovered', {}),
      onRouteProblem: ({ apiId, name: stage }, { routeKey: route, part, reason }) =>
        log('route.refuses', { apiId, stage, route, part, reason }),
    });
    opened.push(() => publisher.close());
    const onDefect = (err: unknown, exchange?: Exchange): void =>
      log('request.defect', { err, requestId: exchange?.requestId });
    const onSocketDefect = (err: unknown, event: SocketEvent): void =>
      log('socket-event.defect', { err, requestId: event.requestId });
    const hub = new Hub({
      settings: sections.webSocket,
      stageOf: (apiId, stageName) => {
        const api = publisher.current.apis.get(apiId);
        return api?.kind === 'websocket' ? api.stages.get(stageName) : undefined;
      },
      onDefect: onSocketDefect,
      now: Date.now,
      processNumber: 0,
    });
    const apiKeys = new ApiKeys(sections.apiKeys);
    const connections = new ConnectionsApi({
      hub,
      identities,
      throttleOf: ({ accountId, region }) => accountThrottles.throttleOf(accountId, region),
      onDefect,
    });
    const newConnections = new AccountThrottles(sections.webSocket.newConnections);
    const sockets = new SocketDoor({
      hub,
      connect: {
        checkApiKey: (event) => apiKeys.check(event),
        admitsOne: ({ stage }) =>
          newConnections.throttleOf(stage.accountId, stage.region)?.admits(performance.now()) ?? true,
        onDefect: onSocketDefect,
      },
      connections: (exchange, stage, rawId) => connections.serve(exchange, stage, rawId),
    });
    const gateway = createGateway({
      servesUnowned:
        settings.doors.kind === 'separate'
          ? undefined
          : (exchange) => {
              // Other AWS services' clients know only this address.
              if (foreignCallOf(exchange) === undefined) return false;
              door.serve(exchange);
              return true;
            },
      sockets,
      live: publisher,
      requestLog,
      apiEndpoint: settings.apiEndpoint,
      admits: (session, domain) => tls.admits(session, domain),
      onDefect,
    });

    publisher.onSwap(() => hub.sweep());

    // Known once the listeners have their ports, which is before the first request.
    let apiEndpoint = '';
    let listening = '';
    const door = createManagementDoor({
      requestLog,
      store,
      handlers,
      notYet,
      credentials: settings.credentials,
      account: settings.accountId,
      region: settings.region,
      endpoint: (apiId, protocolType) => endpointOf(apiEndpoint, apiId, protocolType),
      now: Date.now,
      log,
      requirePath,
      configured: {
        allowsHttpIssuer: (issuer) => issuers.allowsHttp(issuer),
        certificateCovers: (arn, domainName) => tls.certificateCovers(arn, domainName),
      },
      ...(sections.strictIssuerCheck ? { checkIssuer: (issuer) => requireIssuer(issuers, issuer) } : {}),
      readTruststore: (uri, version) => readTruststore(tls, uri, version),
      afterWrite: () => requireLive(publisher),
      functions: localFunctions,
      routes: {
        [EXPLAIN]: explainRoute((request) => explain(gateway, listening, request)),
        [HEALTH]: healthRoute(() => publisher.trouble),
        [STAGES]: stagesRoute(publisher),
        [METRICS]: metricsRoute(async () => ({
          calls: counters.calls.all,
          events: counters.events.all,
          lostLogLines: accessLogs.dropped,
        })),
      },
    });

    const urls = await listen({ settings, tls, publisher, gateway, door, hub, onDefect, opened });
    listening = urls.gateway;
    apiEndpoint = settings.apiEndpoint ?? localEndpoint(urls.gateway, await namesResolve);
    const live = new LiveSettings(
      settings,
      {
        functions: {
          prepare: (next) => localFunctions.prepare(next.sections.functions),
          apply: (next) => localFunctions.replace(next.sections.functions),
        },
        truststores: {
          prepare: (next) => tls.checkTruststores(next.sections.truststores),
          apply: (next) => tls.setTruststores(next.sections.truststores),
        },
        credentials: {
          // The doors stay where they are, wherever the file would have them.
          prepare: ({ credentials }) => requireCredentials({ doors: settings.doors, credentials }),
          apply(next) {
            identities.replace(next.credentials);
            door.setCredentials(next.credentials);
          },
        },
        apiKeys: { apply: (next) => apiKeys.replace(next.sections.apiKeys) },
        logDestinations: { apply: (next) => accessLogs.replace(next.sections.logDestinations) },
        privateTargets: { apply: (next) => privateTargets.replace(next.sections.privateTargets) },
        throttling: { apply: (next) => accountThrottles.replace(next.sections.throttling) },
      },
      () => publisher.recompile(),
    );
    let closing: Promise<void> | undefined;
    return {
      ...urls,
      apiEndpoint,
      reopenLogs: () => accessLogs.reopen(),
      reload: (next) => live.take(next),
      close(deadlineMillis = DRAIN_MILLIS) {
        closing ??= closeAll(deadlineMillis);
        return closing;
      },
    };
  } catch (error) {
    await closeAll(0);
    throw error;
  }
}

/** What earlier versions made readable for others is so no more. */
async function keepPrivate(data: string, log: Log): Promise<void> {
  for (const name of [ACCESS_LOGS, TRUSTSTORES]) await closeToOthers(join(data, name));
  const opening = await openingToOthers(data);
  if (opening !== undefined) log('data.open-to-others', { data, reason: opening });
}

/** What the log says of an error: what is wrong with the store is a sentence, everything else has a stack. */
function reasonOf(error: unknown): { readonly reason: string } | { readonly err: unknown } {
  return error instanceof StoreError ? { reason: error.message } : { err: error };
}

/** Logs what went wrong with a request whose client is told less. */
function warnOfCall(
  log: Log,
  event: 'integration.failed' | 'authorizer.failed',
): (call: Call, reason: string, err?: unknown) => void {
  return ({ exchange, stage, route }, reason, err) =>
    log(event, {
      requestId: exchange.requestId,
      apiId: stage.apiId,
      stage: stage.name,
      route: route?.key,
      reason,
      ...(err === undefined ? {} : { err }),
    });
}

/** Where the doors are told to listen. */
function addressesOf({ doors }: Settings): readonly Address[] {
  return doors.kind === 'shared' ? [doors.address] : [doors.management, doors.gateway];
}

/** Roles are assumed where an STS is configured (decision 0015). */
function assumesRoles({ assumeRoles }: Settings['sections'], reach: AwsReach): boolean {
  const hasSts = (environmentOfProcess().AWS_ENDPOINT_URL_STS ?? '') !== '';
  return assumeRoles ?? (hasSts && reach.refusal('sts') === undefined);
}

/** Throws StartError. */
function openTls({ tls, data, region, sections }: Settings, reach: AwsReach, log: Log): GatewayTls {
  const { certificates, truststores } = sections;
  try {
    return new GatewayTls(
      { files: tls, certificates, truststores },
      { directory: join(data, TRUSTSTORES), region, log, s3Refusal: () => reach.refusal('s3') },
    );
  } catch (error) {
    throw new StartError(`TLS cannot be set up: ${error instanceof Error ? error.message : String(error)}.`, {
      cause: error,
    });
  }
}

/** Throws when a write that is committed does not go live. */
async function requireLive(publisher: Publisher): Promise<void> {
  if (await publisher.caughtUp()) return;
  throw notYetLive(
    `The change is stored, but not live yet: do not repeat it. ${publisher.trouble ?? 'Earlier changes are still being published.'} GET /_postern/stages tells when it is.`,
  );
}

/** spec/http-api.md §10.2. */
async function readTruststore(
  tls: GatewayTls,
  uri: string,
  version: string | undefined,
): Promise<{ readonly warnings: readonly string[] }> {
  try {
    return await tls.readTruststore(uri, version);
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
