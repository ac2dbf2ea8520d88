// The connections of one worker, as its primary knows them: their ids, some 70 bytes each. Whoever dies has its ends told by them.
import type { ChannelHandlers } from '../../net/channel/channel.ts';
import type { ConnectionRow, Registry } from '../../websocket-api/connections/registry.ts';
import { ENTER, LEAVE } from './protocol.ts';

type Handlers = Omit<ChannelHandlers, 'onEnd'>;

export class HeldConnections {
  readonly #registry: Registry;
  readonly #ids = new Set<string>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  get ids(): readonly string[] {
    return [...this.#ids];
  }

  /** Handlers of the worker's channel: what is the registry's stays here, `others` hear of the rest. */
  handlers(others: Handlers): Handlers {
    return {
      onAsk: (kind, body, asker) => (kind === ENTER ? this.#enter(body) : others.onAsk(kind, body, asker)),
      onTell: (kind, body) => (kind === LEAVE ? this.#leave(body) : others.onTell(kind, body)),
    };
  }

  async #enter(body: Buffer): Promise<string> {
    const row = JSON.parse(String(body)) as ConnectionRow;
    this.#ids.add(row.id);
    if (await this.#registry.enter(row)) return '1';
    this.#ids.delete(row.id);
    return '0';
  }

  /** Also of a connection of another worker, whose end this one has told. */
  #leave(body: Buffer): void {
    const id = String(body);
    this.#ids.delete(id);
    this.#registry.leave(id);
  }
}
