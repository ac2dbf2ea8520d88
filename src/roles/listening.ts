// The listeners of one role, and what is said of addresses that cannot be had.
import type { Exchange } from '../net/exchange.ts';
import type { Listener } from '../net/listener/listener.ts';
import { type Address, printAddress, reachableHost } from '../settings/address.ts';
import type { Log } from '../telemetry/log.ts';

/** The program cannot start; the message is a sentence for the person who started it. */
export class StartError extends Error {}

export class Listening {
  readonly #listeners: Listener[] = [];

  /** Listens at an address, and tells its URL. `flag` is the one that says another address. Throws StartError. */
  async start(listener: Listener, { host, port }: Address, flag: string, scheme = 'http'): Promise<string> {
    this.#listeners.push(listener);
    const at = { host: reachableHost(host), port: await listenOn(listener, { host, port }, flag) };
    return `${scheme}://${printAddress(at)}`;
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

async function listenOn(listener: Listener, address: Address, flag: string): Promise<number> {
  try {
    return (await listener.listen(address.host, address.port)).port;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const at = printAddress(address);
    const other = { host: address.host, port: address.port > 65_000 ? 4710 : address.port + 10 };
    const free = `--${flag} ${flag === 'port' ? other.port : printAddress(other)}`;
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
