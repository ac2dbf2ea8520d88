// What several use at a time, by key: it is opened for the first who acquires it, and ends with the last who releases it.
import { invariant } from './defect.ts';

interface Use<V> {
  readonly key: string;
  readonly value: V;
  users: number;
}

export class Counted<V extends object> {
  readonly #end: (value: V) => void;
  /** What the next who acquires gets. */
  readonly #current = new Map<string, Use<V>>();
  /** All that has users, by its value. */
  readonly #uses = new Map<object, Use<V>>();
  #isOver = false;

  /** `end` hears of each value without users. */
  constructor(end: (value: V) => void = () => {}) {
    this.#end = end;
  }

  /** All that has users. */
  get all(): readonly V[] {
    return [...this.#uses.values()].map(({ value }) => value);
  }

  /** The value of a key, with one more user. `open` makes the one that is not there yet, or says by undefined that there is none. */
  acquire<T extends V | undefined>(key: string, open: () => T): V | T {
    let use = this.#current.get(key);
    if (use === undefined) {
      const value = open();
      if (value === undefined) return value;
      use = { key, value, users: 0 };
      this.#current.set(key, use);
      this.#uses.set(value, use);
    }
    use.users++;
    return use.value;
  }

  /** Once for each `acquire`. */
  release(value: object): void {
    const use = this.#uses.get(value);
    invariant(use !== undefined || this.#isOver, 'what is shared is released as often as acquired');
    if (use === undefined || --use.users > 0) return;
    this.#uses.delete(value);
    if (this.#current.get(use.key) === use) this.#current.delete(use.key);
    this.#end(use.value);
  }

  /** Who acquires one of these keys from now on gets another value; who has the one before keeps it. */
  supersede(isOther: (key: string) => boolean): void {
    for (const key of this.#current.keys()) if (isOther(key)) this.#current.delete(key);
  }

  /** Takes out all that has users, for an end of another kind. Releases that come late change nothing. */
  takeAll(): readonly V[] {
    const { all } = this;
    this.#isOver = true;
    this.#current.clear();
    this.#uses.clear();
    return all;
  }
}
