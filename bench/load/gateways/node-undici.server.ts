// Server of the `node+undici` gateway: node node-undici.server.js PORT BACKEND_PORT. Raw header arrays both ways.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Dispatcher, Pool } from 'undici';

const [port, backendPort] = process.argv.slice(2).map(Number);
const pool = new Pool(`http://127.0.0.1:${backendPort}`, {
  connections: 128,
  pipelining: 1,
  keepAliveTimeout: 300_000,
});
const ROUTE = /^\/pets\/([^/?]+)(?:\?(.*))?$/;
const DROPPED = new Set([
  'host',
  'connection',
  'keep-alive',
  'x-secret',
  'x-stage',
  'transfer-encoding',
  'content-length',
]);

const server = createServer({ keepAliveTimeout: 300_000 }, (request, response) => {
  const match = ROUTE.exec(request.url!);
  if (match === null || (request.method !== 'GET' && request.method !== 'POST')) {
    response.writeHead(404).end();
    return;
  }
  const { rawHeaders } = request;
  const headers: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (!DROPPED.has(rawHeaders[i]!.toLowerCase())) headers.push(rawHeaders[i]!, rawHeaders[i + 1]!);
  }
  headers.push('x-request-id', randomUUID(), 'x-stage', 'prod');
  const length = request.headers['content-length'];
  if (length !== undefined) headers.push('content-length', length);
  const hasBody = length !== undefined || request.headers['transfer-encoding'] !== undefined;
  pool.dispatch(
    {
      path: `/v2/animals/${match[1]}?${match[2] === undefined ? '' : `${match[2]}&`}src=gw`,
      method: request.method,
      headers,
      body: hasBody ? request : null,
    },
    new Reply(request, response),
  );
});

/** Passes one backend reply on. */
class Reply implements Dispatcher.DispatchHandler {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
  }
  onConnect(): void {}
  onHeaders(status: number, raw: Buffer[], resume: () => void): boolean {
    const headers: string[] = [];
    for (let i = 0; i < raw.length; i += 2) {
      const name = raw[i]!.toString('latin1');
      const lower = name.toLowerCase();
      if (
        lower === 'server' ||
        lower === 'connection' ||
        lower === 'keep-alive' ||
        lower === 'transfer-encoding'
      )
        continue;
      headers.push(name, raw[i + 1]!.toString('latin1'));
    }
    headers.push('x-powered-by', 'gw');
    this.#response.writeHead(status === 200 ? 201 : status, headers);
    this.#response.on('drain', resume);
    return true;
  }
  onData(chunk: Buffer): boolean {
    return this.#response.write(chunk);
  }
  onComplete(): void {
    this.#response.end();
  }
  onError(): void {
    if (this.#response.headersSent) this.#request.destroy();
    else this.#response.writeHead(503).end();
  }
}

server.listen(port, '127.0.0.1');
