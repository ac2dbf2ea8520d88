// A server of `ws` alone that sends messages back: what Postern's WebSocket APIs are compared with. As the obvious server would, it
// also takes `POST /@connections/ID`. Argument: a JSON of `BareOptions`.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type WebSocket, WebSocketServer } from 'ws';
import { TEST_CERTIFICATE, TEST_KEY } from '../../../test/support/certificate.ts';

export interface BareOptions {
  readonly port: number;
  /** TLS. */
  readonly secure?: boolean;
  /** Whoever sends something is told its connection's id, instead of what it sent. */
  readonly tellsIds?: boolean;
}

const { port, secure, tellsIds }: BareOptions = JSON.parse(process.argv[2]!);
const sockets = new Map<string, WebSocket>();

function take(request: IncomingMessage, response: ServerResponse): void {
  const socket = sockets.get(request.url!.slice('/@connections/'.length));
  if (socket === undefined) {
    response.writeHead(426).end();
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    socket.send(Buffer.concat(chunks), { binary: false }, () => response.end());
  });
}

const server =
  secure === true
    ? createSecureServer({ cert: TEST_CERTIFICATE, key: TEST_KEY }, take)
    : createServer({ keepAliveTimeout: 300_000 }, take);
let last = 0;
new WebSocketServer({ server }).on('connection', (socket) => {
  const id = `c${++last}`;
  sockets.set(id, socket);
  socket.on('close', () => sockets.delete(id));
  socket.on('error', () => {});
  socket.on('message', (data, isBinary) => {
    if (tellsIds === true) socket.send(id);
    else socket.send(data, { binary: isBinary });
  });
});
server.listen({ host: '127.0.0.1', port, backlog: 4096 });
