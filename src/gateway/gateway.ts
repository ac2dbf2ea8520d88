// The gateway door: host → API → stage of the current snapshot → HTTP API pipeline (spec/http-api.md §0.4 steps 3 and 4).
import type { DomainTls } from '../config/domain.ts';
import { Call } from '../http-api/call.ts';
import { normalisePath } from '../http-api/path.ts';
import { type OnDefect, serveHttp } from '../http-api/pipeline.ts';
import { refuse } from '../http-api/replies.ts';
import type { HttpStage } from '../http-api/stage.ts';
import type { Exchange } from '../net/exchange.ts';
import { ExchangeLine } from '../net/exchange-line.ts';
import { BAD_REQUEST, FORBIDDEN, INTERNAL_SERVER_ERROR, NOT_FOUND, type Refusal } from '../net/refusals.ts';
import type { TlsSession } from '../net/tls-session.ts';
import type { CustomDomain } from '../snapshot/custom-domain.ts';
import type {
  DeployedApi,
  DeployedHttpApi,
  DeployedWebSocketApi,
  LiveSnapshot,
} from '../snapshot/snapshot.ts';
import type { RequestLog } from '../telemetry/request-log.ts';
import { type Host, Hosts, ownNames, PATH_FORM_PREFIX } from './addressing.ts';
import { forbid, type SocketAddress, type SocketDoor, type SocketPlace } from './socket-door.ts';
import { whyUnlocated } from './unlocated.ts';

export interface GatewayMeans {
  readonly snapshots: LiveSnapshot;
  /** The ApiEndpoint that is configured, with `{apiId}` in it: its host names lead to their APIs too. */
  readonly apiEndpoint?: string | undefined;
  /** Whether a connection may send requests to a domain with mutual TLS. Without it nobody may. */
  readonly admits?: (session: TlsSession | undefined, tls: DomainTls) => boolean;
  readonly onDefect: (error: unknown, exchange: Exchange) => void;
  readonly sockets: SocketDoor;
  /** Where the management door shares the port: serves a request that is for no API and no domain, or declines it. */
  readonly servesUnowned?: ((exchange: Exchange) => boolean) | undefined;
  /** Where each request has a line; stages write those of their own. */
  readonly requestLog?: RequestLog | undefined;
}

export interface Gateway {
  /** Whether the request is for an API: by its host, or by the path form. */
  owns(request: Pick<Exchange, 'host' | 'target'>): boolean;
  /** The custom domain of a Host value. */
  customDomain(host: string): CustomDomain | undefined;
  /** Why a request that no stage was found for got this refusal. */
  whyUnlocated(exchange: Exchange, refusal: Refusal): string;
  /** Whose it is by its host, or the path form, whether a stage was found or not; undefined when it is nobody's. Of a domain `apiId` is
   *  empty. */
  ownerOf(exchange: Pick<Exchange, 'host' | 'target'>): Owner | undefined;
  /** Takes the exchange to its reply, now or later. Returns the call it became, or the refusal it got. */
  serve(exchange: Exchange): Served;
  /** The same, with what is for a WebSocket API going to another door. */
  serveWith(exchange: Exchange, sockets: SocketServing): Served;
  /** The same for one stage of an HTTP API, whatever the host is: the path names no stage. */
  serveStage(exchange: Exchange, at: StageAddress | undefined): Served;
}

/** Takes what is addressed to a WebSocket API; undefined where the address leads to nothing. */
export type SocketServing = Pick<SocketDoor, 'serve'>;

export interface Owner {
  readonly accountId: string;
  readonly region: string;
  readonly apiId: string;
}

export interface StageAddress {
  readonly apiId: string;
  readonly stage: string;
}

export type Served = Call | Refusal | SocketServed;

/** A request that was for a WebSocket API. */
export class SocketServed {
  /** Undefined where a domain of such APIs led to none. */
  readonly api: DeployedApi | undefined;
  /** Undefined where the address led to nothing of the API: the request got a 403. */
  readonly place: SocketPlace | undefined;

  constructor(api: DeployedApi | undefined, place: SocketPlace | undefined) {
    this.api = api;
    this.place = place;
  }
}

export function createGateway(means: GatewayMeans): Gateway {
  return new SnapshotGateway(means);
}

class SnapshotGateway implements Gateway {
  readonly #means: GatewayMeans;
  readonly #onDefect: OnDefect;
  #hosts: Hosts;

  constructor(means: GatewayMeans) {
    this.#means = means;
    this.#onDefect = (error, call) => means.onDefect(error, call.exchange);
    const own = means.apiEndpoint === undefined ? undefined : ownNames(means.apiEndpoint);
    this.#hosts = new Hosts(means.snapshots.current, own);
    means.snapshots.onSwap(() => {
      this.#hosts = new Hosts(means.snapshots.current, own);
    });
  }

  owns({ host, target }: Pick<Exchange, 'host' | 'target'>): boolean {
    const { api, custom } = this.#hosts.find(host);
    return api !== undefined || custom !== undefined || target.startsWith(PATH_FORM_PREFIX);
  }

  customDomain(host: string): CustomDomain | undefined {
    return this.#hosts.find(host).custom;
  }

  ownerOf({ host, target }: Pick<Exchange, 'host' | 'target'>): Owner | undefined {
    const { api, custom } = this.#hosts.find(host);
    if (custom !== undefined) return { accountId: custom.accountId, region: custom.region, apiId: '' };
    if (api !== undefined || !target.startsWith(PATH_FORM_PREFIX)) return api;
    const apiId = /^[^/?]*/.exec(target.slice(PATH_FORM_PREFIX.length))![0];
    return this.#means.snapshots.current.apis.get(apiId);
  }

  serve(exchange: Exchange): Served {
    return this.#serve(exchange, false, undefined);
  }

  serveWith(exchange: Exchange, sockets: SocketServing): Served {
    return this.#serve(exchange, false, undefined, sockets);
  }

  serveStage(exchange: Exchange, at: StageAddress | undefined): Served {
    return this.#serve(exchange, true, at);
  }

  #serve(
    exchange: Exchange,
    isStage: boolean,
    at: StageAddress | undefined,
    sockets: SocketServing = this.#means.sockets,
  ): Served {
    let found: Served | undefined;
    try {
      found = isStage ? this.#locateStage(exchange, at) : this.#locate(exchange, sockets);
      if (found instanceof Call) serveHttp(found, this.#onDefect);
      else if (isStage) this.#refuseStage(exchange, found as Refusal);
      else if (!(found instanceof SocketServed)) this.#refuse(exchange, found);
      return found;
    } catch (error) {
      this.#means.onDefect(error, exchange);
      if (!exchange.replied) {
        if (found instanceof Call) found.refuse(INTERNAL_SERVER_ERROR);
        else refuse(exchange, INTERNAL_SERVER_ERROR);
      }
      return INTERNAL_SERVER_ERROR;
    }
  }

  whyUnlocated(exchange: Exchange, refusal: Refusal): string {
    const { target, host } = exchange;
    const path = target.replace(/\?.*/s, '');
    return whyUnlocated(this.#hosts.find(host), path, refusal === FORBIDDEN, this.#means.snapshots.current);
  }

  #refuse(exchange: Exchange, refusal: Refusal): void {
    const { servesUnowned } = this.#means;
    if (servesUnowned !== undefined && !this.owns(exchange) && servesUnowned(exchange)) return;
    this.#writeUnlocated(exchange, refusal);
    refuse(exchange, refusal);
  }

  #refuseStage(exchange: Exchange, refusal: Refusal): void {
    this.#writeUnlocated(exchange, refusal, refusal === NOT_FOUND ? NO_STAGE : undefined);
    refuse(exchange, refusal);
  }

  #writeUnlocated(exchange: Exchange, refusal: Refusal, why?: string): void {
    const { requestLog } = this.#means;
    if (requestLog === undefined) return;
    const error = why ?? this.whyUnlocated(exchange, refusal);
    const fields = requestLog.field('host', exchange.host) + requestLog.field('error', error);
    new ExchangeLine(exchange, requestLog, fields);
  }

  #locate(exchange: Exchange, sockets: SocketServing): Served {
    const { target } = exchange;
    const mark = target.indexOf('?');
    const rawPath = mark < 0 ? target : target.substring(0, mark);
    const query = mark < 0 ? '' : target.substring(mark + 1);
    const host = this.#hosts.find(exchange.host);
    if (host.custom !== undefined)
      return this.#locateOnDomain(exchange, sockets, host, host.custom, rawPath, query);
    let api = host.api;
    let rawStagePath = rawPath;
    const byPath = api === undefined && rawPath.startsWith(PATH_FORM_PREFIX);
    if (byPath) {
      const slash = rawPath.indexOf('/', PATH_FORM_PREFIX.length);
      const apiId = rawPath.substring(PATH_FORM_PREFIX.length, slash < 0 ? rawPath.length : slash);
      api = this.#means.snapshots.current.apis.get(apiId);
      rawStagePath = slash < 0 ? '/' : rawPath.substring(slash);
    }
    if (api === undefined) return FORBIDDEN;
    if (api.kind === 'websocket') {
      const address = { domain: host.domain, rawPath: rawStagePath, query, stage: undefined };
      return this.#serveSocket(exchange, sockets, api, address);
    }
    const fullPath = normalisePath(rawStagePath);
    if (fullPath === undefined) return BAD_REQUEST;
    const selected = selectStage(api, fullPath, byPath);
    if (selected === undefined || selected.stage.executeApiDisabled) return NOT_FOUND;
    const { stage, path } = selected;
    const call = new Call(
      exchange,
      stage,
      host.domain,
      path,
      byPath && stage.name === '$default' ? path : fullPath,
      query,
    );
    if (byPath) call.pathStart = pathStart(rawPath.length - rawStagePath.length, rawStagePath);
    return call;
  }

  #locateStage(exchange: Exchange, at: StageAddress | undefined): Served {
    const { target } = exchange;
    const mark = target.indexOf('?');
    const path = normalisePath(mark < 0 ? target : target.substring(0, mark));
    if (path === undefined) return BAD_REQUEST;
    const api = at && this.#means.snapshots.current.apis.get(at.apiId);
    const stage = api?.kind === 'http' ? api.stages.get(at!.stage) : undefined;
    if (stage === undefined) return NOT_FOUND;
    const { domain } = this.#hosts.find(exchange.host);
    const fullPath = stage.name === '$default' ? path : `/${stage.name}${path}`;
    return new Call(exchange, stage, domain, path, fullPath, mark < 0 ? '' : target.substring(mark + 1));
  }

  /** The stage comes from the domain's rules and mappings, so the path names none (spec/http-api.md §1.7). */
  #locateOnDomain(
    exchange: Exchange,
    sockets: SocketServing,
    host: Host,
    custom: CustomDomain,
    rawPath: string,
    query: string,
  ): Served {
    const { tls } = custom;
    // A handshake for another server name proves nothing here (spec/http-api.md §10.2).
    if (tls.truststore !== undefined && !(this.#means.admits?.(exchange.tls, tls) ?? false)) return FORBIDDEN;
    const wholePath = normalisePath(rawPath);
    if (wholePath === undefined)
      return this.#leadsToSockets(custom) ? this.#forbid(exchange, undefined) : BAD_REQUEST;
    const choice = custom.choose(wholePath, exchange.headers);
    if (choice === undefined)
      return this.#leadsToSockets(custom) ? this.#forbid(exchange, undefined) : NOT_FOUND;
    const api = this.#means.snapshots.current.apis.get(choice.apiId);
    const isOwn = api?.accountId === custom.accountId;
    if (!isOwn) return NOT_FOUND;
    if (api.kind === 'websocket') {
      const stage = api.stages.get(choice.stage);
      if (stage === undefined) return this.#forbid(exchange, api);
      const behindBase = behind(rawPath, asSent(rawPath, choice.taken));
      return this.#serveSocket(
        exchange,
        sockets,
        api,
        { domain: host.domain, rawPath: behindBase, query, stage },
        NO_PATH,
      );
    }
    const stage = api.stages.get(choice.stage);
    if (stage === undefined) return NOT_FOUND;
    const path = behind(wholePath, choice.taken);
    const fullPath = stage.name === '$default' ? path : `/${stage.name}${path}`;
    const call = new Call(exchange, stage, host.domain, path, fullPath, query);
    call.domainChoice = choice;
    call.basePathMatched = choice.basePath || undefined;
    return call;
  }

  /** `why`: see #forbid. What is refused before there is an event has a line, and so has `@connections`. */
  #serveSocket(
    exchange: Exchange,
    sockets: SocketServing,
    api: DeployedWebSocketApi,
    address: SocketAddress,
    why?: string,
  ): Served {
    const { requestLog } = this.#means;
    if (requestLog !== undefined)
      new ExchangeLine(exchange, requestLog, requestLog.field('apiId', api.apiId));
    const place = sockets.serve(exchange, api, address);
    return place === undefined ? this.#forbid(exchange, api, why) : new SocketServed(api, place);
  }

  /** Whether a domain is one of WebSocket APIs, which share it with no others (spec/websocket-api.md §1.2.4). */
  #leadsToSockets({ apiIds }: CustomDomain): boolean {
    const { apis } = this.#means.snapshots.current;
    return apiIds.some((apiId) => apis.get(apiId)?.kind === 'websocket');
  }

  /** What leads to no WebSocket stage. `why` is worked out where it is left out. */
  #forbid(exchange: Exchange, api: DeployedApi | undefined, why?: string): Served {
    this.#writeUnlocated(exchange, NOT_FOUND, why);
    forbid(exchange);
    return new SocketServed(api, undefined);
  }
}

const NO_STAGE = 'no stage is deployed that this listener would serve';
const NO_PATH = 'a mapping of a WebSocket API has nothing behind it but @connections';

/** What remains of a path behind the base path that a domain takes off. A prefix may end inside a segment (Choice C4). */
function behind(path: string, taken: number): string {
  if (taken === 0) return path;
  return path.charCodeAt(taken) === 0x2f ? path.substring(taken) : `/${path.substring(taken)}`;
}

/** How long the first `taken` characters of a path are as they were sent. */
function asSent(rawPath: string, taken: number): number {
  let at = 0;
  for (let i = 0; i < taken; i++) at += rawPath.charCodeAt(at) === PERCENT ? 3 : 1;
  return at;
}

const PERCENT = 0x25;
const SPELLED_DEFAULT = '/$default';

/** Where the client's path begins behind the path form's prefix, which may spell `$default` out. */
function pathStart(prefixLength: number, rawStagePath: string): number {
  const isSpelled = rawStagePath === SPELLED_DEFAULT || rawStagePath.startsWith(`${SPELLED_DEFAULT}/`);
  return Math.max(0, prefixLength) + (isSpelled ? SPELLED_DEFAULT.length : 0);
}

interface Selected {
  readonly stage: HttpStage;
  /** The path behind the stage, beginning with `/`. */
  readonly path: string;
}

/** The stage that the first segment names, else `$default` with the whole path (spec/http-api.md §1.2). Only the path
 *  form may spell `$default` out. */
function selectStage(api: DeployedHttpApi, fullPath: string, byPath: boolean): Selected | undefined {
  const { stages } = api;
  const fallback = stages.get('$default');
  if (stages.size > (fallback === undefined ? 0 : 1) || byPath) {
    const slash = fullPath.indexOf('/', 1);
    const first = slash < 0 ? fullPath.substring(1) : fullPath.substring(1, slash);
    const named = first === '$default' && !byPath ? undefined : stages.get(first);
    if (named !== undefined) return { stage: named, path: slash < 0 ? '/' : fullPath.substring(slash) };
  }
  return fallback === undefined ? undefined : { stage: fallback, path: fullPath };
}
