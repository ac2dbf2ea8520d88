// What POST /_postern/explain takes for WebSocket APIs: a connect request, or a message of a connection made for the occasion.
import { isIP } from 'node:net';
import { isObject } from '../../grammar/json-object.ts';
import { MAX_MESSAGE_BYTES } from '../../net/websocket/peer.ts';
import type { LambdaAuthorization } from '../../stage/authorization.ts';
import type { ExplainedSocket } from '../../websocket-api/explain/explained-socket.ts';
import { badRequest } from '../../wire/errors.ts';
import { encodeTarget, parseHeaders } from './explained-parts.ts';

const SCHEME = /^wss?:\/\/./i;

export function isSocketUrl(url: unknown): boolean {
  return typeof url === 'string' && SCHEME.test(url);
}

/** Throws BadRequestException with a sentence. */
export function parseExplainedSocket(given: Readonly<Record<string, unknown>>): ExplainedSocket {
  const { url, headers = [], message, connect = false, connection = {} } = given;
  if (typeof url !== 'string' || !URL.canParse(url)) throw badRequest('url is not an absolute ws or wss URL');
  if (given.method !== undefined || given.body !== undefined) {
    throw badRequest('A WebSocket API takes no method and no body: message is the text of a message');
  }
  const text = message === undefined ? undefined : parseMessage(message);
  if (typeof connect !== 'boolean') throw badRequest('connect is not true or false');
  const { sourceIp, authorization } = parseConnection(connection);
  if (authorization !== undefined && (text === undefined || connect)) {
    throw badRequest('connection.authorizer is for a message whose connect request is not served');
  }
  return {
    url: encodeTarget(url),
    headers: parseHeaders(headers),
    message: text,
    connects: connect,
    sourceIp,
    authorization,
  };
}

/** Throws BadRequestException. */
export function parseMessage(message: unknown): string {
  if (typeof message !== 'string') throw badRequest('message is not text');
  if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES) {
    throw badRequest(`message has more than ${MAX_MESSAGE_BYTES} bytes`);
  }
  return message;
}

/** Who is connected. Throws BadRequestException. */
export function parseConnection(connection: unknown): Pick<ExplainedSocket, 'sourceIp' | 'authorization'> {
  if (!isObject(connection)) throw badRequest('connection is not an object');
  const unknown = Object.keys(connection).find((name) => name !== 'sourceIp' && name !== 'authorizer');
  if (unknown !== undefined) throw badRequest(`connection has sourceIp and authorizer, not ${unknown}`);
  const { sourceIp, authorizer } = connection;
  if (sourceIp !== undefined && (typeof sourceIp !== 'string' || isIP(sourceIp) === 0)) {
    throw badRequest('connection.sourceIp is not an IP address');
  }
  return { sourceIp, authorization: authorizer === undefined ? undefined : parseAuthorizer(authorizer) };
}

/** `$context.authorizer`: a principal and values, as a Lambda authorizer's answer has them. */
function parseAuthorizer(authorizer: unknown): LambdaAuthorization {
  if (!isObject(authorizer)) throw badRequest('connection.authorizer is not an object');
  const { principalId, ...context } = authorizer;
  if (principalId !== undefined && typeof principalId !== 'string') {
    throw badRequest('connection.authorizer.principalId is not text');
  }
  for (const [name, value] of Object.entries(context)) {
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      throw badRequest(`connection.authorizer.${name} is not a text, a number or true or false`);
    }
  }
  return { kind: 'lambda', principalId, context: new Map(Object.entries(context)) };
}
