// The composition root: settings → store → snapshot → doors → listeners. The only file that knows everything.
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { type Address, isLoopback, printAddress, reachableHost } from './cli/address.ts';
import type { LocalFunctions } from './functions/local-functions.ts';
import { explain } from './gateway/explain.ts';
import { createGateway, type Gateway } from './gateway/gateway.ts';
import { SocketDoor } from './gateway/socket-door.ts';
import type { Call } from './http-api/call.ts';
import { AccountThrottles } from './http-api/throttle.ts';
import { createIdentities } from './identity/identities.ts';
import { Issuers } from './identity/jwt/issuers.ts';
import { createSignedServices } from './integrations/aws/signed-services.ts';
import { createInvokeApi } from './integrations/lambda/invoke-api.ts';
import { createLambdaFunctions } from './integrations/lambda/lambda-functions.ts';
import { createPrivateTargets } from './integrations/private-targets/private-targets.ts';
import { createAwsServices } from './integrations/services/aws-services.ts';
import { createManagementDoor, type ManagementDoor } from './management/door.ts';
import { EXPLAIN, explainRoute } from './management/explain-route.ts';
import { LAMBDA_PREFIX } from './management/lambda-door.ts';
import { METRICS, metricsRoute } from './management/metrics-route.ts';
import { HEALTH, healthRoute } from './management/postern-routes.ts';
import { STAGES, stagesRoute } from './management/stages-route.ts';
import type { Exchange } from './net/exchange.ts';
import { createListener, type Listener } from './net/http1/listener.ts';
import { GatewayTls } from './net/tls/gateway-tls.ts';
import { TruststoreError } from './net/tls/truststore.ts';
import { createUpstreamPools } from './net/upstream/pool.ts';
import { closeToOthers, openingToOthers } from './private-files.ts';
import { handlers } from './resources/handlers.ts';
import { notYet } from './resources/not-yet.ts';
import { requirePath } from './resources/resource-path.ts';
import { environmentOfProcess, type Settings } from './settings.ts';
import { findDomain } from './snapshot/domain-table.ts';
import { openPublisher, type Publisher } from './snapshot/publisher.ts';
import { openSqliteStore } from './store/sqlite.ts';
import { StoreError } from './store/store-error.ts';
import { AccessLogs } from './telemetry/access-logs/access-logs.ts';
import type { Log } from './telemetry/log.ts';
import type { RequestLog } from './telemetry/request-log.ts';
import { ApiKeys } from './websocket-api/api-keys.ts';
import { ConnectionsApi } from './websocket-api/connections-api.ts';
import type { SocketEvent } from './websocket-api/event.ts';
import { Hub } from './websocket-api/hub.ts';
import { badRequest, notYetLive } from './wire/errors.ts';

export interface Postern {
  /** Where the management door answers: `http://127.0.0.1:4700`. */
  readonly management: string;
  /** Where the gateway door listens; the same as `management` when they share a listener. */
  readonly gateway: string;
  /** The ApiEndpoint of an API, with `{apiId}` in it. */
  readonly apiEndpoint: string;
  /** Access log files that were moved away are made anew at once. */
  reopenLogs(): void;
  /** Stops accepting, lets replies in flight finish for at most `deadlineMillis`, then closes everything. */
  close(deadlineMillis?: number): Promise<void>;
}

/** The program cannot start; the message is a sentence for the person who started it. */
export class StartError extends Error {}

const DRAIN_MILLIS = 9_000;
/** Of these for the ends of WebSocket connections. */
const SOCKETS_MILLIS = 4_000;

const ACCESS_LOGS = 'access-logs';
const TRUSTSTORES = 'truststores';

/** Starts everything. Requests have their lines in `requestLog`, if there is one. Throws StartError or StoreError; nothing is
 *  left open then. */
export async function startPostern(settings: Settings, log: Log, requestLog?: RequestLog): Promise<Postern> {
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
    const tls = openTls(settings, log);
    opened.push(async () => tls.close());
    const pools = createUpstreamPools(
      sections.certificateAuthorities.length === 0 ? {} : { ca: sections.certificateAuthorities },
    );
    opened.push(() => pools.close());
    const privateTargets = createPrivateTargets(sections.privateTargets, { log });
    opened.push(async () => privateTargets.close());
    const issuers = new Issuers(sections.jwt, { log, ca: sections.certificateAuthorities });
    opened.push(async () => issuers.close());
    const localFunctions = await openLocalFunctions(settings, log);
    opened.push(async (deadlineMillis) => localFunctions?.close(deadlineMillis));
    const assumeRoles = assumesRoles(sections);
    const services = createAwsServices({ assumeRoles });
    const signedServices = createSignedServices({ assumeRoles, environment: environmentOfProcess() });
    opened.push(async () => services.close());
    const invokeApi = createInvokeApi({ settings: sections.lambda, assumeRoles });
    opened.push(async () => invokeApi.close());
    const accessLogs = new AccessLogs(sections.logDestinations, {
      directory: join(settings.data, ACCESS_LOGS),
      stdout: process.stdout,
      log,
    });
    opened.push((deadlineMillis) => accessLogs.close(deadlineMillis));
    const identities = createIdentities(settings.credentials);
    const accountThrottles = new AccountThrottles(sections.throttling);
    const publisher = await openPublisher({
      store,
      pools,
      privateTargets,
      services,
      signedServices,
      functions: createLambdaFunctions(localFunctions, invokeApi),
      issuers,
      accountThrottles,
      logSinks: accessLogs,
      requestLog,
      egress: egressAddress(settings),
      // For people the request's own line says it.
      onIntegrationError: requestLog?.pretty === true ? () => {} : warnOfCall(log, 'an integration failed'),
      identities,
      onAuthorizerError: warnOfCall(log, 'an authorizer failed'),
      onError: (error, what) => log.error({ what, ...reasonOf(error) }, 'a change could not be published'),
      onRecovered: () => log.info({}, 'changes are live again'),
      onRouteProblem: ({ apiId, name: stage }, { routeKey: route, part, reason }) =>
        log.warn({ apiId, stage, route, part, reason }, 'a route cannot run'),
    });
    opened.push(() => publisher.close());
    const onDefect = (err: unknown, exchange?: Exchange): void =>
      log.error({ err, requestId: exchange?.requestId }, 'a request met a defect');
    const onSocketDefect = (err: unknown, event: SocketEvent): void =>
      log.error({ err, requestId: event.requestId }, 'an event of a WebSocket API met a defect');
    const hub = new Hub({
      settings: sections.webSocket,
      stageOf: (apiId, stageName) => publisher.current.apis.get(apiId)?.sockets?.get(stageName),
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
      sockets,
      onSwap: () => hub.sweep(),
      publisher,
      requestLog,
      apiEndpoint: settings.apiEndpoint,
      admits: (session, domain) => tls.admits(session, domain),
      onDefect,
    });

    // Known once the listeners have their ports, which is before the first request.
    let apiEndpoint = '';
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
      ...(sections.strictIssuerCheck ? { checkIssuer: (issuer) => requireIssuer(issuers, issuer) } : {}),
      readTruststore: (uri, version) => readTruststore(tls, uri, version),
      afterWrite: () => requireLive(publisher),
      ...(localFunctions === undefined ? {} : { functions: localFunctions }),
      routes: {
        [EXPLAIN]: explainRoute((request) => explain(gateway, request)),
        [HEALTH]: healthRoute(() => publisher.trouble),
        [STAGES]: stagesRoute(publisher),
        [METRICS]: metricsRoute({
          snapshot: () => publisher.current,
          droppedLogLines: () => accessLogs.dropped,
        }),
      },
    });

    const urls = await listen({ settings, tls, publisher, gateway, door, hub, onDefect, opened });
    apiEndpoint = settings.apiEndpoint ?? localEndpoint(urls.gateway);
    let closing: Promise<void> | undefined;
    return {
      ...urls,
      apiEndpoint,
      reopenLogs: () => accessLogs.reopen(),
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
  if (opening !== undefined) log.warn({ data, reason: opening }, 'the data directory is open to others');
}

/** What the log says of an error: what is wrong with the store is a sentence, everything else has a stack. */
function reasonOf(error: unknown): { readonly reason: string } | { readonly err: unknown } {
  return error instanceof StoreError ? { reason: error.message } : { err: error };
}

/** Logs what went wrong with a request whose client is told less. */
function warnOfCall(log: Log, what: string): (call: Call, reason: string, err?: unknown) => void {
  return ({ exchange, stage, route }, reason, err) =>
    log.warn(
      {
        requestId: exchange.requestId,
        apiId: stage.apiId,
        stage: stage.name,
        route: route?.key,
        reason,
        ...(err === undefined ? {} : { err }),
      },
      what,
    );
}

/** Loaded only with a `functions:` section. */
async function openLocalFunctions(settings: Settings, log: Log): Promise<LocalFunctions | undefined> {
  const { functions } = settings.sections;
  if (functions.length === 0) return undefined;
  const { createLocalFunctions } = await import('./functions/local-functions.ts');
  return createLocalFunctions(functions, {
    region: settings.region,
    environment: environmentOfProcess(),
    log,
  });
}

/** Roles are assumed where an STS is configured (decision 0015). */
function assumesRoles({ assumeRoles }: Settings['sections']): boolean {
  return assumeRoles ?? (environmentOfProcess().AWS_ENDPOINT_URL_STS ?? '') !== '';
}

interface ListenMeans {
  readonly settings: Settings;
  readonly tls: GatewayTls;
  readonly publisher: Publisher;
  readonly gateway: Gateway;
  readonly door: ManagementDoor;
  readonly hub: Hub;
  readonly onDefect: (error: unknown) => void;
  readonly opened: ((deadlineMillis: number) => Promise<void>)[];
}

/** Opens the listeners. Returns the doors' URLs. */
async function listen(means: ListenMeans): Promise<{ management: string; gateway: string }> {
  const { settings, tls, publisher, gateway, door, hub, onDefect, opened } = means;
  const { doors } = settings;
  const codec = settings.codec === undefined ? {} : { codec: settings.codec };
  const secure = tls.isOn ? { tls: tls.options } : {};
  const scheme = tls.isOn ? 'https' : 'http';
  const listeners: Listener[] = [];
  opened.push(async (deadlineMillis) => {
    await Promise.all([
      hub.close(Math.min(deadlineMillis, SOCKETS_MILLIS)),
      ...listeners.map((listener) => listener.close(deadlineMillis)),
    ]);
  });
  const start = async (address: Address, flag: string, listener: Listener): Promise<Address> => {
    listeners.push(listener);
    return { host: reachableHost(address.host), port: await listenOn(listener, address, flag) };
  };
  if (doors.kind === 'shared') {
    const onExchange = (exchange: Exchange): void => {
      if (isManagement(gateway, exchange)) door.serve(exchange);
      else gateway.serve(exchange);
    };
    const listener = createListener({ onExchange, onDefect, ...codec, ...secure });
    serveDomains(tls, listener, publisher);
    const at = await start(doors.address, 'listen', listener);
    const url = `${scheme}://${printAddress(at)}`;
    return { management: url, gateway: url };
  }
  const managementListener = createListener({ onExchange: (exchange) => door.serve(exchange), onDefect });
  const management = await start(doors.management, 'management', managementListener);
  const gatewayListener = createListener({
    onExchange: (exchange) => void gateway.serve(exchange),
    onDefect,
    ...codec,
    ...secure,
  });
  serveDomains(tls, gatewayListener, publisher);
  const at = await start(doors.gateway, 'gateway', gatewayListener);
  return { management: `http://${printAddress(management)}`, gateway: `${scheme}://${printAddress(at)}` };
}

/** Throws StartError. */
function openTls({ tls, data, region, sections }: Settings, log: Log): GatewayTls {
  const { certificates, truststores } = sections;
  try {
    return new GatewayTls(
      { files: tls, certificates, truststores },
      { directory: join(data, TRUSTSTORES), region, log },
    );
  } catch (error) {
    throw new StartError(`TLS cannot be set up: ${error instanceof Error ? error.message : String(error)}.`, {
      cause: error,
    });
  }
}

/** Handshakes know the domains of the current snapshot. */
function serveDomains(tls: GatewayTls, listener: Listener, publisher: Publisher): void {
  tls.serve(listener, {
    find: (serverName) => findDomain(publisher.current.domains, serverName)?.tls,
    get hasMutualTls() {
      return publisher.current.domains.hasMutualTls;
    },
  });
  const swap = publisher.onSwap;
  publisher.onSwap = () => {
    swap?.();
    tls.refresh();
  };
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

/** On a shared port the management door has these paths on hosts that are not an API's (decision 0013). */
function isManagement(gateway: Gateway, exchange: Exchange): boolean {
  const { target } = exchange;
  const isPath =
    target.startsWith('/v2/') || target.startsWith('/_postern/') || target.startsWith(LAMBDA_PREFIX);
  return isPath && !gateway.owns(exchange);
}

async function listenOn(listener: Listener, address: Address, flag: string): Promise<number> {
  try {
    return (await listener.listen(address.host, address.port)).port;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const at = printAddress(address);
    const free = `--${flag} ${printAddress({ host: address.host, port: address.port === 4700 ? 4710 : 4700 })}`;
    const reasons: { readonly [code: string]: string } = {
      EADDRINUSE: `The address ${at} is in use by another program. Stop that one, or choose another address, for example ${free}.`,
      EACCES: `The address ${at} is not allowed to this user: ports below 1024 are the system's. Choose another, for example ${free}.`,
      EADDRNOTAVAIL: `The address ${at} is not one of this machine's. Choose another, for example ${free}.`,
      ENOTFOUND: `The host name of ${at} is not known. Choose another, for example ${free}.`,
    };
    throw new StartError(reasons[code] ?? `The address ${at} cannot be listened on: ${String(error)}.`, {
      cause: error,
    });
  }
}

/** `{apiId}.execute-api.localhost` at the gateway's port. */
function localEndpoint(gateway: string): string {
  const { protocol, port } = new URL(gateway);
  return `${protocol}//{apiId}.execute-api.localhost${port === '' ? '' : `:${port}`}`;
}

function endpointOf(template: string, apiId: string, protocolType: string): string {
  const url = template.replaceAll('{apiId}', apiId);
  return protocolType === 'WEBSOCKET' ? url.replace(/^http/, 'ws') : url;
}

/** Our own address as backends see it: where the gateway listens, or the first one of the machine when that is anywhere. */
function egressAddress({ doors }: Settings): string {
  const { host } = doors.kind === 'shared' ? doors.address : doors.gateway;
  if (host === 'localhost') return '127.0.0.1';
  if (isLoopback(host) || (host !== '0.0.0.0' && host !== '::')) return host;
  const family = host === '::' ? 'IPv6' : 'IPv4';
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find((each) => !each.internal && each.family === family && !each.address.startsWith('fe80:'));
  return found?.address ?? '127.0.0.1';
}
