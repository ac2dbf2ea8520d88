// The ends of connections on their way to `$disconnect` integrations, some at a time: thousands of connections may end at once,
// and backends and functions take only so many calls (spec/websocket-api.md §7.5).
import type { SocketEvent } from '../event.ts';
import { serveDisconnect } from '../serve-disconnect.ts';

/** Ends that are being told. The others wait; there are no more than there were connections. */
const MAX_AT_WORK = 256;

export class Ends {
  readonly #onDefect: (error: unknown, event: SocketEvent) => void;
  #waiting: SocketEvent[] = [];
  /** Where in `#waiting` the next one is. */
  #next = 0;
  #atWork = 0;

  constructor(onDefect: (error: unknown, event: SocketEvent) => void) {
    this.#onDefect = onDefect;
  }

  /** Ends that have not been told. */
  get size(): number {
    return this.#atWork + this.#waiting.length - this.#next;
  }

  tell(event: SocketEvent): void {
    if (this.#atWork < MAX_AT_WORK) this.#start(event);
    else this.#waiting.push(event);
  }

  #start(event: SocketEvent): void {
    this.#atWork++;
    void serveDisconnect(event, this.#onDefect).then(() => this.#onTold());
  }

  #onTold(): void {
    this.#atWork--;
    const event = this.#waiting[this.#next++];
    if (event !== undefined) return this.#start(event);
    this.#waiting = [];
    this.#next = 0;
  }
}
