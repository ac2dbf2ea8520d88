// The gateway door of WebSocket APIs: path → stage, upgrade requests to connections, `@connections` calls
// (spec/websocket-api.md §1, §6.1).
import type { Exchange } from '../net/exchange.ts';
import { upgradeProblem } from '../net/websocket/upgrade.ts';
import type { DeployedWebSocketApi } from '../snapshot/snapshot.ts';
import type { Domain } from '../stage/domain.ts';
import { textOfHeader } from '../stage/header-value.ts';
import type { Connection, ConnectRequest } from '../websocket-api/connections/connection.ts';
import { refuseRoute } from '../websocket-api/connections/connections-api.ts';
import type { Hub } from '../websocket-api/connections/hub.ts';
import { SocketEvent } from '../websocket-api/event.ts';
import type { WebSocketStage } from '../websocket-api/stage.ts';
import { answer, Handshake, type HandshakeMeans } from './handshake.ts';

/** Serves `@connections` of a stage: `connectionId` is the path behind it, as sent. */
export type ServeConnections = (exchange: Exchange, stage: WebSocketStage, connectionId: string) => void;

export interface SocketDoorMeans extends HandshakeMeans {
  readonly connections: ServeConnections;
}

/** What a request was addressed to. */
export interface SocketAddress {
  readonly domain: Domain;
  /** Path as sent, without what named the API. */
  readonly rawPath: string;
  /** As sent, without `?`. */
  readonly query: string;
  /** The stage that a custom domain's mapping names; undefined where the path's first segment does. */
  readonly stage: WebSocketStage | undefined;
}

/** Where in an API a request led. */
export interface SocketPlace {
  readonly stage: WebSocketStage;
  /** Of `@connections`, as sent; undefined for a handshake, good or bad. */
  readonly connectionId: string | undefined;
}

const MAX_URL = 4_096;
const CONNECTIONS = /^\/(?:@|%40)connections(?:\/(.*))?$/s;
/** On a custom domain, whose paths name no stage (§6.2.3). */
const STAGE_AND_CONNECTIONS = /^\/[^/]+\/(?:@|%40)connections\//;

export class SocketDoor {
  readonly #means: SocketDoorMeans;

  constructor(means: SocketDoorMeans) {
    this.#means = means;
  }

  /** Takes the exchange to its reply or upgrade, now or later. Undefined where the address leads to nothing (§1.10 rows a to
   *  c): then nothing was sent. */
  serve(exchange: Exchange, api: DeployedWebSocketApi, address: SocketAddress): SocketPlace | undefined {
    const found = stageAt(api, address);
    if (found === undefined) return undefined;
    const { stage, rest } = found;
    const connections = CONNECTIONS.exec(rest);
    let connectionId: string | undefined;
    if (connections !== null) {
      connectionId = connections[1] ?? '';
      this.#means.connections(exchange, stage, connectionId);
    } else if (address.stage !== undefined && STAGE_AND_CONNECTIONS.test(rest)) {
      connectionId = '';
      refuseRoute(exchange, rest.slice(1));
    } else if (!isRoot(rest)) return undefined;
    else this.#handshake(exchange, stage, address);
    return { stage, connectionId };
  }

  #handshake(exchange: Exchange, stage: WebSocketStage, { domain, query }: SocketAddress): void {
    if (exchange.target.length > MAX_URL) {
      return answer(exchange, 414, 'BadRequestException', '{"message":"Request URI too long"}');
    }
    if (exchange.method !== 'GET') {
      const body = '{"message":"Missing Authentication Token"}';
      return answer(exchange, 403, 'MissingAuthenticationTokenException', body);
    }
    const problem = upgradeProblem(exchange);
    if (problem === 'malformed')
      return answer(exchange, 400, 'BadRequestException', '{"message":"Bad Request"}');
    if (problem !== undefined || exchange.canBeTakenOver !== true) {
      const version = problem === 'wrongVersion' ? 'Sec-WebSocket-Version: 13\r\n' : '';
      const lines = `${version}Upgrade: websocket\r\n`;
      return answer(exchange, 426, '', '{"message":"Upgrade Required"}', lines);
    }
    const event = this.#connectEvent(exchange, stage, domain, query);
    new Handshake(this.#means, exchange, event).start();
  }

  #connectEvent(exchange: Exchange, stage: WebSocketStage, domain: Domain, query: string): SocketEvent {
    const connection = newConnection(exchange, stage, domain, this.#means.hub);
    return new SocketEvent(connection, stage, { kind: 'CONNECT', request: connectRequest(exchange, query) });
  }
}

/** Where an address leads: a stage, and the path behind it. Undefined where it leads to none: a stage without deployment is none
 *  (§1.10 rows a to c). */
export function stageAt(
  api: DeployedWebSocketApi,
  address: SocketAddress,
): { readonly stage: WebSocketStage; readonly rest: string } | undefined {
  if (address.stage !== undefined) return { stage: address.stage, rest: address.rawPath };
  const slash = address.rawPath.indexOf('/', 1);
  const stage = api.stages.get(address.rawPath.substring(1, slash < 0 ? address.rawPath.length : slash));
  if (stage === undefined || stage.executeApiDisabled) return undefined;
  return { stage, rest: slash < 0 ? '' : address.rawPath.substring(slash) };
}

/** Whether clients connect at a path behind a stage. */
export function isRoot(rest: string): boolean {
  return rest === '' || rest === '/';
}

/** The connection that a request asks for. */
export function newConnection(
  exchange: Exchange,
  stage: WebSocketStage,
  domain: Domain,
  hub: Hub,
): Connection {
  const userAgent = exchange.headers.first('user-agent');
  return {
    id: hub.newId(),
    apiId: stage.apiId,
    stageName: stage.name,
    accountId: stage.accountId,
    region: stage.region,
    connectedAt: hub.means.now(),
    domain,
    sourceIp: exchange.remoteAddress,
    userAgent: userAgent === undefined ? undefined : textOfHeader(userAgent),
    authorization: undefined,
    apiKey: undefined,
  };
}

export function connectRequest(exchange: Exchange, query: string): ConnectRequest {
  const { headers, target, host, scheme } = exchange;
  return { headers, query, target, host, scheme };
}

/** Unknown API or stage, or a disabled endpoint (§1.10 rows a to c). */
export function forbid(exchange: Exchange): void {
  answer(exchange, 403, 'ForbiddenException', '{"message":"Forbidden"}');
}
