// The registry as a worker has it: the primary writes it.
import type { Channel } from '../../net/channel/channel.ts';
import type { ConnectionRow, Registry } from '../../websocket-api/connections/registry.ts';
import { ENTER, LEAVE } from './protocol.ts';

export class WorkerRegistry implements Registry {
  readonly #channel: Channel;

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
}
