// Calls that wait for an instance, first come first served. A list through the calls themselves and no Set: a Set that is
// written all the time leaves tables behind that point to their successors, and a table old enough keeps what they held.
import type { PendingCall } from './pending-call.ts';

export class WaitingCalls {
  #first: PendingCall | undefined;
  #last: PendingCall | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The call gives itself up by `onGivenUp`. */
  add(call: PendingCall): void {
    call.onGivenUp = () => this.#remove(call);
    call.before = this.#last;
    if (this.#last === undefined) this.#first = call;
    else this.#last.after = call;
    this.#last = call;
    this.#size++;
  }

  /** Takes the first one out. */
  take(): PendingCall | undefined {
    const call = this.#first;
    if (call !== undefined) this.#remove(call);
    return call;
  }

  #remove(call: PendingCall): void {
    const { before, after } = call;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    // No call keeps others from being collected.
    call.before = undefined;
    call.after = undefined;
    call.onGivenUp = undefined;
    this.#size--;
  }
}
