// The ends of connections on their way to `$disconnect` integrations, some at a time: thousands of connections may end at once,
// and backends and functions take only so many calls (spec/websocket-api.md §7.5). While this process is not sure that it may tell them,
// they wait.
import type { SocketEvent } from '../event.ts';
import { serveDisconnect } from '../serve-disconnect.ts';
import type { Registry } from './registry.ts';

/** Ends that are being told. The others wait; there are no more than there were connections. */
const MAX_AT_WORK = 256;
const AGAIN_MILLIS = 100;

interface Waiting {
  readonly event: SocketEvent;
  readonly resolve: () => void;
}

export class Ends {
  readonly #registry: Registry;
  readonly #onDefect: (error: unknown, event: SocketEvent) => void;
  #waiting: Waiting[] = [];
  /** Where in `#waiting` the next one is. */
  #next = 0;
  #atWork = 0;
  #isStopped = false;
  #again: NodeJS.Timeout | undefined;

  /** What has been told leaves the registry. */
  constructor(registry: Registry, onDefect: (error: unknown, event: SocketEvent) => void) {
    this.#registry = registry;
    this.#onDefect = onDefect;
  }

  /** Ends that have not been told. */
  get size(): number {
    return this.#atWork + this.#waiting.length - this.#next;
  }

  /** Resolves when it was told, or will not be told here. */
  tell(event: SocketEvent): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ event, resolve });
      this.#startSome();
    });
  }

  /** What has not been told by now stays in the registry: the process that comes next tells it. */
  stop(): void {
    this.#isStopped = true;
    this.drop();
  }

  /** What waits is told by others. */
  drop(): void {
    clearTimeout(this.#again);
    this.#again = undefined;
    for (const { resolve } of this.#waiting.slice(this.#next)) resolve();
    this.#waiting = [];
    this.#next = 0;
  }

  #startSome(): void {
    while (this.#atWork < MAX_AT_WORK && this.#next < this.#waiting.length) {
      if (!this.#registry.mayTell()) {
        this.#again ??= setTimeout(() => {
          this.#again = undefined;
          this.#startSome();
        }, AGAIN_MILLIS).unref();
        return;
      }
      this.#start(this.#waiting[this.#next++]!);
    }
    if (this.#next < this.#waiting.length) return;
    this.#waiting = [];
    this.#next = 0;
  }

  #start({ event, resolve }: Waiting): void {
    this.#atWork++;
    void serveDisconnect(event, this.#onDefect).then(() => {
      if (!this.#isStopped) this.#registry.leave(event.connection.id);
      this.#atWork--;
      resolve();
      this.#startSome();
    });
  }
}
