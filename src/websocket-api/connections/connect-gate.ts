// How many connect requests a process serves at a time. Thousands of clients come back at once when a machine is gone, and
// authorizers, functions and backends take only so many calls: the others wait in order, for a while, and are asked to come again
// later then.
//
//   enter ── a place is free ──▶ begin ──▶ at work ── leave: the next begins
//     ├── else ──▶ waiting ── leave of another ──▶ begin
//     │               ├── forget: the client is gone
//     │               └── too long ──▶ refuse
//     └── too many wait ──▶ refuse

/** Connect requests at work at a time. */
const MAX_AT_WORK = 256;
/** Those that wait, beyond which more are refused at once. */
const MAX_WAITING = 8_192;
const MAX_WAITING_MILLIS = 5_000;

/** A connect request in front of the gate. One of the two is called, once. */
export interface Connecting {
  /** It is at work, until it leaves. */
  begin(): void;
  refuse(): void;
}

export class ConnectGate {
  #atWork = 0;
  /** With the timers that end their waiting, in order. */
  readonly #waiting = new Map<Connecting, NodeJS.Timeout>();

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  enter(one: Connecting): void {
    if (this.#atWork < MAX_AT_WORK) this.#begin(one);
    else if (this.#waiting.size >= MAX_WAITING) one.refuse();
    else
      this.#waiting.set(
        one,
        setTimeout(() => this.#refuse(one), MAX_WAITING_MILLIS),
      );
  }

  /** One that has begun is served. */
  leave(): void {
    this.#atWork--;
    for (const [one, timer] of this.#waiting) {
      this.#waiting.delete(one);
      clearTimeout(timer);
      return this.#begin(one);
    }
  }

  /** One that waits does so no more. False for one that does not wait. */
  forget(one: Connecting): boolean {
    clearTimeout(this.#waiting.get(one));
    return this.#waiting.delete(one);
  }

  #begin(one: Connecting): void {
    this.#atWork++;
    one.begin();
  }

  #refuse(one: Connecting): void {
    this.#waiting.delete(one);
    one.refuse();
  }
}
