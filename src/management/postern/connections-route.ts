// /_postern/connections: the WebSocket connections that are open, of the caller's account: who is connected, a message to one of them,
// its end (docs/guide/websocket.md).
import { queryPairs } from '../../stage/event-query.ts';
import { decodeBase64 } from '../../websocket-api/bytes.ts';
import type { ConnectionFilter, ConnectionList } from '../../websocket-api/connections/connection-list.ts';
import { MAX_POST_BYTES } from '../../websocket-api/connections/connections-api.ts';
import type { ConnectionTarget, Elsewhere } from '../../websocket-api/connections/elsewhere.ts';
import { badRequest, ServiceError } from '../../wire/errors.ts';
import { accountSeenBy } from '../caller.ts';
import { jsonTextOf } from '../request-body.ts';
import { parseObject } from './explained-parts.ts';
import { jsonReply, type PosternRoute, type PosternRoutes } from './postern-routes.ts';

/** What is asked of whoever holds the connections. */
export interface ConnectionsLink {
  connections(filter: ConnectionFilter): Promise<ConnectionList>;
  /** `full`: the client does not keep up; `unreachable`: the process that holds it does not answer. */
  postToConnection(target: ConnectionTarget, data: string | Buffer): ReturnType<Elsewhere['send']>;
  closeConnection(target: ConnectionTarget): ReturnType<Elsewhere['end']>;
}

const LIST = 'GET /_postern/connections';
const POST = 'POST /_postern/connections/';
const DELETE = 'DELETE /_postern/connections/';
const DEFAULT_LIMIT = 500;
const MAX_LIMIT = 10_000;

export function connectionsRoutes(plane: ConnectionsLink): PosternRoutes {
  const list: PosternRoute = async ({ query, caller }) => {
    const pairs = queryPairs(query);
    const filter = {
      account: accountSeenBy(caller),
      api: pairs.get('api')?.at(-1),
      stage: pairs.get('stage')?.at(-1),
      limit: limitOf(pairs.get('limit')?.at(-1)),
    };
    return jsonReply(200, await plane.connections(filter));
  };
  const post: PosternRoute = async ({ name, body, caller }) => {
    const target = { connectionId: name, account: accountSeenBy(caller) };
    const outcome = await plane.postToConnection(target, parseData(jsonTextOf(body)));
    if (outcome === 'gone') throw gone(name);
    if (outcome === 'full') throw full(name);
    if (outcome === 'unreachable') throw unreachable(name);
    return jsonReply(200, { connectionId: name });
  };
  const close: PosternRoute = async ({ name, caller }) => {
    const outcome = await plane.closeConnection({ connectionId: name, account: accountSeenBy(caller) });
    if (outcome === 'gone') throw gone(name);
    if (outcome === 'unreachable') throw unreachable(name);
    return jsonReply(200, { connectionId: name });
  };
  return { [LIST]: list, [POST]: post, [DELETE]: close };
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw badRequest(`limit is not a number from 1 to ${MAX_LIMIT}`);
  return limit;
}

/** `{"text": "…"}` or `{"base64": "…"}`. */
function parseData(body: string): string | Buffer {
  const { text, base64 } = parseObject(body);
  const data =
    typeof text === 'string' && base64 === undefined
      ? text
      : typeof base64 === 'string' && text === undefined
        ? decodeBase64(base64)
        : undefined;
  if (data === undefined)
    throw badRequest('The body is {"text": "…"} or, for a binary frame, {"base64": "…"}');
  if (Buffer.byteLength(data) > MAX_POST_BYTES) {
    throw badRequest(`A message to a client has at most ${MAX_POST_BYTES} bytes`);
  }
  return data;
}

function gone(connectionId: string): ServiceError {
  return new ServiceError('NotFoundException', 404, `No connection ${connectionId} is open`);
}

function unreachable(connectionId: string): ServiceError {
  const message = `The process that holds the connection ${connectionId} does not answer at present`;
  return new ServiceError('ServiceUnavailableException', 503, message);
}

function full(connectionId: string): ServiceError {
  const message = `The client of the connection ${connectionId} does not keep up with what it is sent`;
  return new ServiceError('TooManyRequestsException', 429, message);
}
