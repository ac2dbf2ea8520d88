// What integrations call. It writes down whatever it is told, when it is told.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ledger } from '../ledger.ts';

/** Calls about connections take up to so long, so that what happens to a node happens to some of them in the middle. */
const SLOW_MILLIS = 20;
/** Share of connects that are refused. */
const REFUSED = 0.05;

export class Backend {
  readonly #server: Server;
  readonly #ledger: Ledger;

  private constructor(server: Server, ledger: Ledger) {
    this.#server = server;
    this.#ledger = ledger;
  }

  static async open(address: string, ledger: Ledger): Promise<Backend> {
    const server = createServer();
    const backend = new Backend(server, ledger);
    server.on('request', (request, response) => void backend.#answer(request, response));
    await once(server.listen(0, address), 'listening');
    return backend;
  }

  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return `http://${address}:${port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A gateway that ended while it sent its request has told nothing.
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    switch (request.url) {
      case '/connect':
      case '/disconnect':
        await this.#told(request.url, JSON.parse(body), response);
        return;
      default:
        // The parts of the deployment that have come here: of mapped headers, whose values are numbers.
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify([request.headers['x-one'], request.headers['x-two']].map(Number)));
    }
  }

  async #told(
    what: '/connect' | '/disconnect',
    event: { readonly id: string; readonly requestId: string },
    response: ServerResponse,
  ): Promise<void> {
    const { id, requestId } = event;
    if (what === '/disconnect') this.#ledger.add({ kind: 'disconnect-told', id, requestId });
    await pause(Math.random() * SLOW_MILLIS);
    const isAccepted = Math.random() >= REFUSED;
    if (what === '/connect') {
      if (!isAccepted) response.statusCode = 403;
      this.#ledger.add({ kind: 'connect-told', id, isAccepted });
    }
    response.end();
  }
}
