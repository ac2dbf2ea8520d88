// `@connections`: sending to a client, asking about it, disconnecting it (spec/websocket-api.md §6).
import { randomUUID } from 'node:crypto';
import { decodePercent } from '../../grammar/percent.ts';
import type { Identities } from '../../identity/identities.ts';
import { type Bytes, bufferOf } from '../../net/bytes.ts';
import { httpDate } from '../../net/date.ts';
import type { Exchange } from '../../net/exchange.ts';
import { nextRequestId } from '../../net/request-id.ts';
import { forwardingHeader, isOfWebPage } from '../../net/request-source.ts';
import { routeArnStart } from '../../stage/route-arn.ts';
import type { Throttle } from '../../stage/throttle.ts';
import { newTraceId } from '../../stage/trace-id.ts';
import { judgeCaller } from '../authorizers/caller.ts';
import { textOrBytes } from '../bytes.ts';
import { denied, type SocketFailure } from '../failures.ts';
import type { WebSocketStage } from '../stage.ts';
import { isConnectionId, processOf } from './connection-id.ts';
import type { ConnectionInfo, ConnectionPlace, Elsewhere } from './elsewhere.ts';
import type { Hub, OpenConnection } from './hub.ts';

export interface ConnectionsMeans {
  readonly hub: Hub;
  /** Connections of other processes; undefined where there are none. */
  readonly elsewhere: Elsewhere | undefined;
  readonly identities: Identities;
  /** The bucket that all APIs of the account share; undefined where nothing limits it (§9.1.3). */
  readonly throttleOf: (stage: WebSocketStage) => Throttle | undefined;
  /** A step threw: a defect of ours. */
  readonly onDefect: (error: unknown, exchange: Exchange) => void;
}

/** §6.5, in bytes. */
export const MAX_POST_BYTES = 131_072;
const CLOSED_NORMALLY = 1000;
const CLOSED_REASON = 'Connection Closed Normally';
const METHODS: ReadonlySet<string> = new Set(['POST', 'GET', 'DELETE']);
const LOOPBACK = /^(?:127\.|::1$)/;
const UNSIGNED = denied('MissingAuthenticationTokenException', 'Missing Authentication Token');

export class ConnectionsApi {
  readonly #means: ConnectionsMeans;

  constructor(means: ConnectionsMeans) {
    this.#means = means;
  }

  /** `rawId` is the path behind `@connections/`, as sent. */
  serve(exchange: Exchange, stage: WebSocketStage, rawId: string): void {
    if (!METHODS.has(exchange.method)) return refuseRoute(exchange, `@connections/${rawId}`);
    if (exchange.body.whole !== undefined) return this.#begin(exchange, stage, rawId, exchange.body.whole);
    exchange.body.read(MAX_POST_BYTES, (bytes, cause) => {
      if (bytes !== undefined) this.#begin(exchange, stage, rawId, bytes);
      else if (cause === 'oversize' && !exchange.replied) tooLarge(exchange);
    });
  }

  #begin(exchange: Exchange, stage: WebSocketStage, rawId: string, body: Bytes): void {
    this.#serve(exchange, stage, rawId, body).catch((error: unknown) => {
      this.#means.onDefect(error, exchange);
      if (!exchange.replied) {
        const text = '{"message":"Internal server error"}';
        answer(exchange, 500, text, 'InternalServerErrorException');
      }
    });
  }

  async #serve(exchange: Exchange, stage: WebSocketStage, rawId: string, body: Bytes): Promise<void> {
    const id = decodePercent(rawId) ?? rawId;
    const refusal = await this.#judge(exchange, stage, id, body);
    if (refusal !== undefined) return answer(exchange, 403, bodyOf(refusal), refusal.errorType);
    if (body.length > MAX_POST_BYTES) return tooLarge(exchange);
    const admitted = this.#means.throttleOf(stage)?.admits(performance.now()) ?? true;
    if (admitted !== true && !(await admitted)) return tooMany(exchange);
    if (!isConnectionId(id)) {
      const text = JSON.stringify({ message: `Invalid connectionId: ${id}` });
      return answer(exchange, 400, text, 'BadRequestException');
    }
    const { hub, elsewhere } = this.#means;
    const place: ConnectionPlace = { id, apiId: stage.apiId, stageName: stage.name };
    if (elsewhere !== undefined && processOf(id) !== hub.means.processNumber) {
      return this.#serveElsewhere(elsewhere, exchange, stage, place, body);
    }
    const connection = findOf(hub, place);
    if (connection === undefined) return conclude(exchange, stage, 'gone');
    switch (exchange.method) {
      case 'POST':
        return conclude(exchange, stage, connection.post(textOrBytes(bufferOf(body))));
      case 'GET':
        return conclude(exchange, stage, infoOf(connection));
      default:
        closeNormally(connection);
        conclude(exchange, stage, 'closed');
    }
  }

  async #serveElsewhere(
    elsewhere: Elsewhere,
    exchange: Exchange,
    stage: WebSocketStage,
    place: ConnectionPlace,
    body: Bytes,
  ): Promise<void> {
    switch (exchange.method) {
      case 'POST':
        return conclude(exchange, stage, await elsewhere.post(place, bufferOf(body)));
      case 'GET':
        return conclude(exchange, stage, await elsewhere.info(place));
      default:
        conclude(exchange, stage, await elsewhere.close(place));
    }
  }

  /** Signed by a configured identity that may; with none configured, by anybody on this machine, which neither web pages nor clients
   *  of a proxy are (§6.4.5). */
  async #judge(
    exchange: Exchange,
    stage: WebSocketStage,
    id: string,
    whole: Bytes,
  ): Promise<SocketFailure | undefined> {
    const { identities } = this.#means;
    const { method, target, host, headers, remoteAddress, scheme } = exchange;
    if (identities.isEmpty) {
      const isLocal = LOOPBACK.test(remoteAddress) && forwardingHeader(headers) === undefined;
      return isLocal && !isOfWebPage(headers) ? undefined : UNSIGNED;
    }
    const resource = `${routeArnStart(stage)}${method}/@connections/`;
    const decision = await judgeCaller(
      { method, target, host, headers, remoteAddress, scheme, whole },
      {
        action: 'execute-api:ManageConnections',
        // AWS seems to ask about the second, which its refusals tell (§6.4.4).
        resources: [resource + id, `${resource}{connectionId}`],
      },
      stage,
      identities,
    );
    return decision.kind === 'granted' ? undefined : decision.failure;
  }
}

/** §6.4.3, §6.4.4. */
function bodyOf({ errorType, message }: SocketFailure): string {
  return JSON.stringify({ [errorType === 'AccessDeniedException' ? 'Message' : 'message']: message });
}

/** As DELETE does. */
export function closeNormally(connection: OpenConnection): void {
  connection.close(CLOSED_NORMALLY, CLOSED_REASON);
}

/** A connection belongs to one API and one stage (§6.5.4). */
export function findOf(hub: Hub, { id, apiId, stageName }: ConnectionPlace): OpenConnection | undefined {
  const connection = hub.find(id);
  const { info } = connection ?? {};
  return info?.apiId === apiId && info.stageName === stageName ? connection : undefined;
}

export function infoOf({ info, lastActiveAt }: OpenConnection): ConnectionInfo {
  const { sourceIp, userAgent, connectedAt } = info;
  return { sourceIp, userAgent, connectedAt, lastActiveAt };
}

function conclude(
  exchange: Exchange,
  stage: WebSocketStage,
  outcome: 'sent' | 'closed' | 'full' | 'gone' | 'unreachable' | ConnectionInfo,
): void {
  switch (outcome) {
    case 'sent':
      stage.watch.onPosted();
      return answer(exchange, 200, '', '', traceLine());
    case 'closed':
      return exchange.send(204, ownLines('') + traceLine(), '');
    case 'full':
      return tooMany(exchange);
    case 'gone':
      return answer(exchange, 410, '', 'GoneException', traceLine());
    case 'unreachable':
      // Never 410: whoever hears that forgets the connection. SDKs try again.
      return answer(exchange, 503, '{"message":"Service Unavailable"}', 'ServiceUnavailableException');
    default:
      answer(exchange, 200, printInfo(outcome), '', traceLine());
  }
}

/** As AWS prints it, with a blank in front of the colon (§6.3.2). */
function printInfo({ sourceIp, userAgent, connectedAt, lastActiveAt }: ConnectionInfo): string {
  const agent = userAgent === undefined ? 'null' : JSON.stringify(userAgent);
  return (
    '{\n' +
    '  "identity" : {\n' +
    `    "sourceIp" : ${JSON.stringify(sourceIp)},\n` +
    `    "userAgent" : ${agent}\n` +
    '  },\n' +
    `  "connectedAt" : "${new Date(connectedAt).toISOString()}",\n` +
    `  "lastActiveAt" : "${new Date(lastActiveAt).toISOString()}"\n` +
    '}'
  );
}

function tooLarge(exchange: Exchange): void {
  answer(exchange, 413, '{"message":"Request Entity Too Large"}', 'PayloadTooLargeException');
}

function tooMany(exchange: Exchange): void {
  answer(exchange, 429, '{"message":"Too Many Requests"}', 'LimitExceededException');
}

/** No such path or method; `path` is as sent, without the first slash (§6.2.3, §6.2.4). */
export function refuseRoute(exchange: Exchange, path: string): void {
  exchange.body.discard();
  const message = `No method found matching route ${decodePercent(path) ?? path} for http method ${exchange.method}.`;
  answer(exchange, 403, JSON.stringify({ message }), 'ForbiddenException');
}

function traceLine(): string {
  return `x-amzn-trace-id: ${newTraceId(Date.now())}\r\n`;
}

function ownLines(errorType: string): string {
  return (
    `Date: ${httpDate(Date.now())}\r\nx-amzn-requestid: ${randomUUID()}\r\nx-amz-apigw-id: ${nextRequestId()}\r\n` +
    (errorType === '' ? '' : `x-amzn-errortype: ${errorType}\r\n`)
  );
}

function answer(exchange: Exchange, status: number, body: string, errorType: string, lines = ''): void {
  exchange.send(status, `Content-Type: application/json\r\n${ownLines(errorType)}${lines}`, body);
}
