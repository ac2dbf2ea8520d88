// The upgrade of an HTTP/1.1 connection to WebSocket (RFC 6455 §4.2; spec/websocket-api.md §1.5, §1.8, §1.9).
import type { IncomingMessage } from 'node:http';
import type { ServerOptions, WebSocketServer } from 'ws';
import { requirePackage } from '../../packages.ts';
import { httpDate } from '../date.ts';
import type { Exchange } from '../exchange.ts';
import type { HeaderBlock } from '../header-block.ts';
import { MAX_MESSAGE_BYTES, Peer, type PeerHandler } from './peer.ts';

/** What an upgrade request lacks. */
export type UpgradeProblem = 'noUpgrade' | 'wrongVersion' | 'malformed';

/** undefined for a request that can be upgraded. */
export function upgradeProblem({ method, headers }: Exchange): UpgradeProblem | undefined {
  const asks =
    method === 'GET' &&
    hasToken(headers.joined('connection'), 'upgrade') &&
    hasToken(headers.joined('upgrade'), 'websocket');
  if (!asks) return 'noUpgrade';
  const version = headers.first('sec-websocket-version');
  // It must not be there twice (RFC 6455 §11.3.5).
  if (headers.joined('sec-websocket-version') !== version) return 'malformed';
  if (version !== '13') return 'wrongVersion';
  return KEY.test(headers.joined('sec-websocket-key') ?? '') ? undefined : 'malformed';
}

/** 16 bytes in base64. */
const KEY = /^[+/0-9A-Za-z]{22}==$/;

function hasToken(value: string | undefined, token: string): boolean {
  return value?.split(',').some((each) => each.trim().toLowerCase() === token) ?? false;
}

interface UpgradeRequest extends IncomingMessage {
  subprotocol: string | undefined;
}

/** Of a client that has been told that the connection is closed. */
const CLOSE_MILLIS = 10_000;

const OPTIONS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  clientTracking: false,
  maxPayload: MAX_MESSAGE_BYTES,
  closeTimeout: CLOSE_MILLIS,
  autoPong: false,
  // The API's integration chooses, or nobody does (§1.9.2).
  handleProtocols: () => false,
  // Nothing is needed between messages, so that it can be let go of (Peer.rest).
  perMessageDeflate: {
    threshold: 1_024,
    serverNoContextTakeover: true,
    clientNoContextTakeover: true,
    zlibDeflateOptions: { level: 3, memLevel: 7 },
  },
};

let made: WebSocketServer | undefined;

/** Does the handshakes. The library is loaded by the first: most programs have no WebSocket API. */
function serverOfHandshakes(): WebSocketServer {
  if (made !== undefined) return made;
  const { WebSocketServer: Server } = requirePackage('ws') as typeof import('ws');
  made = new Server(OPTIONS);
  made.on('headers', writeHeaders);
  return made;
}

function writeHeaders(lines: string[], request: IncomingMessage): void {
  const given = new Map(lines.slice(1).map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line]));
  const { subprotocol } = request as UpgradeRequest;
  const extensions = given.get('sec-websocket-extensions');
  const written = [
    lines[0]!,
    `Date: ${httpDate(Date.now())}`,
    'Connection: upgrade',
    'upgrade: websocket',
    `sec-websocket-accept${given.get('sec-websocket-accept')!.slice('sec-websocket-accept'.length)}`,
    ...(extensions === undefined
      ? []
      : [`sec-websocket-extensions${extensions.slice('sec-websocket-extensions'.length)}`]),
    ...(subprotocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${subprotocol}`]),
  ];
  lines.splice(0, lines.length, ...written);
}

/** Upgrades the connection of a request without problem. undefined when it cannot be had: the client is gone, or speaks
 *  HTTP/2. */
export function upgrade(
  exchange: Exchange,
  subprotocol: string | undefined,
  makeHandler: () => PeerHandler,
): Peer | undefined {
  const taken = exchange.takeOver?.();
  if (taken === undefined) return undefined;
  const { socket, head } = taken;
  if (socket.destroyed) return undefined;
  const request = {
    method: 'GET',
    url: exchange.target,
    headers: headersOf(exchange.headers),
    socket,
    subprotocol,
  } as unknown as UpgradeRequest;
  Peer.watch(socket);
  let peer: Peer | undefined;
  serverOfHandshakes().handleUpgrade(request, socket, head, (ws) => {
    peer = new Peer(socket, ws, makeHandler());
  });
  socket.resume();
  return peer;
}

/** The headers that the library reads. */
function headersOf(headers: HeaderBlock): Record<string, string> {
  const extensions = compressionOffers(headers.joined('sec-websocket-extensions') ?? '');
  return {
    upgrade: 'websocket',
    'sec-websocket-key': headers.joined('sec-websocket-key')!,
    'sec-websocket-version': '13',
    ...(extensions === '' ? {} : { 'sec-websocket-extensions': extensions }),
  };
}

const COMPRESSION =
  /^permessage-deflate(?:[ \t]*;[ \t]*(?:(?:server|client)_no_context_takeover|server_max_window_bits=(?:9|1[0-5])|client_max_window_bits(?:=(?:[89]|1[0-5]))?))*$/;

/** The offers of compression that can be accepted; others are declined, as RFC 7692 §7.1 has it. (zlib has no raw window of
 *  8 bits.) */
function compressionOffers(extensions: string): string {
  const offers = extensions.split(',').map((each) => each.trim());
  return offers.filter((offer) => COMPRESSION.test(offer) && !hasTwice(offer)).join(', ');
}

function hasTwice(offer: string): boolean {
  const names = offer.split(';').map((each) => each.trim().split('=')[0]!);
  return new Set(names).size < names.length;
}
