// The registry as a worker has it: the primary writes it.
import type { Channel } from '../../net/channel/channel.ts';
import type { ConnectionRow, Registry } from '../../websocket-api/connections/registry.ts';
import { ENTER, LEAVE } from './protocol.ts';

export class WorkerRegistry implements Registry {
  readonly #channel: Channel;
  #tellsUntil = Number.POSITIVE_INFINITY;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  async enter({ id, info }: ConnectionRow): Promise<boolean> {
    try {
      return String(await this.#channel.ask(ENTER, JSON.stringify({ id, info }))) === '1';
    } catch {
      return false;
    }
  }

  leave(connectionId: string): void {
    this.#channel.tell(LEAVE, connectionId);
  }

  mayTell(): boolean {
    return performance.now() < this.#tellsUntil;
  }

  /** The primary is sure of its lease for so long. */
  tellFor(millis: number): void {
    this.#tellsUntil = performance.now() + millis;
  }
}
