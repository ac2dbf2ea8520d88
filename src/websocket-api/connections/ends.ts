// The ends of connections on their way to `$disconnect` integrations, some at a time: thousands of connections may end at once,
// and backends and functions take only so many calls (spec/websocket-api.md §7.5).
import type { SocketEvent } from '../event.ts';
import { serveDisconnect } from '../serve-disconnect.ts';
import type { Registry } from './registry.ts';

/** Ends that are being told. The others wait; there are no more than there were connections. */
const MAX_AT_WORK = 256;

export class Ends {
  readonly #registry: Registry;
  readonly #onDefect: (error: unknown, event: SocketEvent) => void;
  #waiting: (() => void)[] = [];
  /** Where in `#waiting` the next one is. */
  #next = 0;
  #atWork = 0;
  #isStopped = false;

  /** What has been told leaves the registry. */
  constructor(registry: Registry, onDefect: (error: unknown, event: SocketEvent) => void) {
    this.#registry = registry;
    this.#onDefect = onDefect;
  }

  /** Ends that have not been told. */
  get size(): number {
    return this.#atWork + this.#waiting.length - this.#next;
  }

  /** Resolves when it was told. */
  tell(event: SocketEvent): Promise<void> {
    return new Promise((resolve) => {
      const start = (): void => {
        this.#atWork++;
        void serveDisconnect(event, this.#onDefect).then(() => {
          if (!this.#isStopped) this.#registry.leave(event.connection.id);
          this.#onTold();
          resolve();
        });
      };
      if (this.#isStopped) resolve();
      else if (this.#atWork < MAX_AT_WORK) start();
      else this.#waiting.push(start);
    });
  }

  /** What has not been told by now stays in the registry: the process that comes next tells it. */
  stop(): void {
    this.#isStopped = true;
    this.#waiting = [];
    this.#next = 0;
  }

  #onTold(): void {
    this.#atWork--;
    const start = this.#waiting[this.#next++];
    if (start !== undefined) return start();
    this.#waiting = [];
    this.#next = 0;
  }
}
