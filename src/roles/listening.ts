// The listeners of one role, and what is said of addresses that cannot be had.
import type { Exchange } from '../net/exchange.ts';
import type { Listener } from '../net/listener/listener.ts';
import { type Address, printAddress, reachableHost } from '../settings/address.ts';
import type { Log } from '../telemetry/log.ts';

/** The program cannot start; the message is a sentence for the person who started it. */
export class StartError extends Error {}

export interface ListenHow {
  /** http when absent. */
  readonly scheme?: string;
  /** Of `Listener.listen`. */
  readonly shared?: 'shared' | undefined;
}

export class Listening {
  readonly #listeners: Listener[] = [];

  /** Listens at an address, and tells its URL. `flag` is the one that says another address. Throws StartError. */
  async start(listener: Listener, address: Address, flag: string, how: ListenHow = {}): Promise<string> {
    this.#listeners.push(listener);
    const { host } = address;
    const { port } = await explained(address, flag, () => listener.listen(host, address.port, how.shared));
    return urlOf({ host, port }, how.scheme);
  }

  /** Listens on a Unix socket, where other processes of this program are the clients. Throws the system's error. */
  startAt(listener: Listener, path: string): Promise<void> {
    this.#listeners.push(listener);
    return listener.listenAt(path);
  }

  /** Stops accepting; replies in flight may finish for at most `deadlineMillis`. */
  async close(deadlineMillis: number): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close(deadlineMillis)));
  }
}

/** Logs a defect that a request met. */
export function defectsTo(log: Log): (error: unknown, exchange?: Exchange) => void {
  return (err, exchange) => log('request.defect', { err, requestId: exchange?.requestId });
}

/** The URL of a listener, as clients of this machine reach it. */
export function urlOf({ host, port }: Address, scheme = 'http'): string {
  return `${scheme}://${printAddress({ host: reachableHost(host), port })}`;
}

/** What `listen` tells of an address. Throws StartError for one that cannot be had. */
export async function explained<T>(address: Address, flag: string, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const at = printAddress(address);
    const isOfHost = code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND';
    const other = isOfHost
      ? { host: '127.0.0.1', port: address.port }
      : { host: address.host, port: otherPort(address.port) };
    const free = `--${flag} ${flag === 'port' ? otherPort(address.port) : printAddress(other)}`;
    const reasons: { readonly [code: string]: string } = {
      EADDRINUSE: `The address ${at} is in use by another program. Stop that one, or choose another address, for example ${free}.`,
      EACCES: `The address ${at} is not allowed to this user: ports below 1024 are the system's. Choose another, for example ${free}.`,
      EADDRNOTAVAIL: `The address ${at} is not one of this machine's. Choose another, for example ${free}.`,
      ENOTFOUND: `The host name of ${at} is not known. Choose another, for example ${free}.`,
    };
    throw new StartError(reasons[code] ?? `The address ${at} cannot be listened on: ${String(error)}.`, {
      cause: error,
    });
  }
}

/** Another one that anybody may listen at. */
function otherPort(port: number): number {
  if (port < 1_024) return port + 8_000;
  return port > 65_000 ? 4_710 : port + 10;
}
