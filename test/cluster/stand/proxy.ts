// A TCP proxy between a node and an engine: it can be slow, keep back what the engine answers, or end connections.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class TcpProxy {
  /** Each way, milliseconds. */
  delayMillis = 0;
  /** Asked of what a client sends. From true on, nothing of what the engine answers on that connection comes back. */
  dropsAnswerTo: (sent: Buffer) => boolean = () => false;
  /** How often it did. */
  dropped = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(host: string, to: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server);
    server.on('connection', (client) => proxy.#join(client, connect(to.port, to.host)));
    await once(server.listen(0, host), 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends all connections, both sides at once. */
  reset(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.#server.close();
    this.reset();
  }

  #join(client: Socket, engine: Socket): void {
    let isDropping = false;
    const pass = (from: Socket, to: Socket, sees: (data: Buffer) => boolean): void => {
      this.#sockets.add(from);
      from.on('data', (data: Buffer) => {
        if (!sees(data)) return;
        if (this.delayMillis === 0) to.write(data);
        else setTimeout(() => to.write(data), this.delayMillis);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    };
    pass(client, engine, (data) => {
      if (!isDropping && this.dropsAnswerTo(data)) {
        isDropping = true;
        this.dropped++;
      }
      return true;
    });
    pass(engine, client, () => !isDropping);
  }
}
