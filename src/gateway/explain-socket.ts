// `postern explain ws://…`: serves a connect request, or a message of a connection that is made for the occasion, for real, then
// reads off the event what happened (decision 0017).
import { Call } from '../http-api/call.ts';
import { InjectedExchange } from '../net/http1/inject.ts';
import { FORBIDDEN } from '../net/refusals.ts';
import type { Domain } from '../stage/domain.ts';
import type { Connection } from '../websocket-api/connections/connection.ts';
import type { Hub } from '../websocket-api/connections/hub.ts';
import { MadeConnection } from '../websocket-api/connections/made-connection.ts';
import { SocketEvent } from '../websocket-api/event.ts';
import type { ExplainedSocket } from '../websocket-api/explain/explained-socket.ts';
import type { SocketTrace } from '../websocket-api/explain/trace.ts';
import { traceOfEvent } from '../websocket-api/explain/trace-of-event.ts';
import { type ConnectMeans, serveConnect } from '../websocket-api/serve-connect.ts';
import { serveMessage } from '../websocket-api/serve-message.ts';
import type { StageWatch, WebSocketStage } from '../websocket-api/stage.ts';
import { targetOf } from './explain.ts';
import type { Gateway } from './gateway.ts';
import { connectRequest, isRoot, newConnection, stageAt } from './socket-door.ts';

interface ServeMeans {
  readonly hub: Hub;
  readonly connect: ConnectMeans;
}

export interface SocketExplainMeans extends ServeMeans {
  readonly gateway: Gateway;
}

interface Located {
  readonly stage: WebSocketStage;
  readonly domain: Domain;
  readonly query: string;
}

/** The trace, or the sentence that says why the URL leads to no stage. */
export async function explainSocket(
  means: SocketExplainMeans,
  request: ExplainedSocket,
): Promise<SocketTrace | string> {
  const exchange = handshakeOf(request);
  const located = locate(means.gateway, exchange);
  if (typeof located === 'string') return located;
  const { stage, domain, query } = located;
  const connection: Connection = {
    ...newConnection(exchange, stage, domain, means.hub),
    authorization: request.authorization,
  };
  const { message } = request;
  if (message === undefined || request.connects) {
    const connect = await servedConnect(means, stage, connection, connectRequest(exchange, query));
    if (message === undefined || connect.reply?.status !== SWITCHING) return connect;
    return { ...(await servedMessage(means, stage, connection, message)), connect };
  }
  return servedMessage(means, stage, connection, message);
}

const SWITCHING = 101;

/** Tells what becomes of a connect request. Nobody is connected afterwards. */
export async function servedConnect(
  { connect }: ServeMeans,
  stage: WebSocketStage,
  connection: Connection,
  request: NonNullable<SocketEvent['request']>,
): Promise<SocketTrace> {
  const event = new SocketEvent(connection, traced(stage), { kind: 'CONNECT', request });
  await serveConnect(event, connect);
  return traceOfEvent(event, event.elapsed());
}

/** Tells what becomes of a message. @connections finds the connection meanwhile. */
export async function servedMessage(
  { hub, connect }: ServeMeans,
  stage: WebSocketStage,
  connection: Connection,
  body: string,
): Promise<SocketTrace> {
  const made = new MadeConnection(
    connection,
    () => hub.means.stageOf(stage.apiId, stage.name),
    hub.means.now,
  );
  const remove = hub.lodge(made);
  try {
    const event = await new Promise<SocketEvent>((resolve) => {
      const sink = { sendFrame() {}, onServed() {}, onDefect: connect.onDefect };
      serveMessage(new SocketEvent(connection, traced(stage, resolve), { kind: 'MESSAGE', body }), sink);
    });
    const trace = traceOfEvent(event, event.elapsed());
    return made.posted.length === 0 ? trace : { ...trace, posted: made.posted };
  } finally {
    remove();
  }
}

/** The stage for an event whose data are to be told. Its own watch hears of the event as of any other. */
function traced(stage: WebSocketStage, onOver: (event: SocketEvent) => void = () => {}): WebSocketStage {
  const own = stage.watch;
  const watch: StageWatch = {
    onOver(event) {
      own.onOver(event);
      onOver(event);
    },
    onPosted: () => own.onPosted(),
    accessLogEntry: (event) => own.accessLogEntry(event),
    tracesData: () => true,
  };
  return { ...stage, watch };
}

/** The connect request as a client would send it. */
export function handshakeOf({
  url,
  headers,
  sourceIp,
}: Pick<ExplainedSocket, 'url' | 'headers' | 'sourceIp'>): InjectedExchange {
  const { host, protocol } = new URL(url);
  const given = new Set(headers.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase()));
  const own = HANDSHAKE.filter(([name]) => !given.has(name.toLowerCase())).flat();
  return new InjectedExchange(
    {
      method: 'GET',
      target: targetOf(url),
      headers: [...headers, ...own],
      host,
      scheme: protocol === 'wss:' || protocol === 'https:' ? 'https' : 'http',
      ...(sourceIp === undefined ? {} : { remoteAddress: sourceIp }),
    },
    () => {},
  );
}

const HANDSHAKE: readonly (readonly [name: string, value: string])[] = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
  ['Sec-WebSocket-Version', '13'],
  ['Sec-WebSocket-Key', 'cG9zdGVybiBleHBsYWlucw=='],
];

/** The stage that clients would connect to, or the sentence that says why there is none. */
function locate(gateway: Gateway, exchange: InjectedExchange): Located | string {
  let located: Located | undefined;
  const served = gateway.serveWith(exchange, {
    serve(_exchange, api, address) {
      const found = stageAt(api, address);
      if (found === undefined || !isRoot(found.rest)) return undefined;
      // Nobody replies: the request log has the lines of events alone.
      exchange.observer = undefined;
      located = { stage: found.stage, domain: address.domain, query: address.query };
      return { stage: found.stage, connectionId: undefined };
    },
  });
  if (located !== undefined) return located;
  if (served instanceof Call) return FOR_HTTP;
  return gateway.whyUnlocated(exchange, FORBIDDEN);
}

const FOR_HTTP = 'the URL leads to an HTTP API: explain it with a method and http://';
