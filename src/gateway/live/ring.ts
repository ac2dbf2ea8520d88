// The latest of what is over, within bounds of number and bytes.
import type { Kept } from './kept.ts';

const MAX_ENTRIES = 2_000;
const MAX_BYTES = 16 * 1_048_576;

export class Ring {
  /** By their numbers, modulo the most that there may be. */
  readonly #entries: (Kept | undefined)[] = new Array(MAX_ENTRIES).fill(undefined);
  #bytes = 0;
  /** The number of the oldest, and of the one to come. */
  first = 0;
  next = 0;

  /** Whether nothing goes for its bytes. */
  hasRoom(kept: Kept): boolean {
    return this.#bytes + kept.bytes <= MAX_BYTES;
  }

  add(kept: Kept): void {
    if (this.next - this.first === MAX_ENTRIES) this.#drop();
    this.#entries[this.next++ % MAX_ENTRIES] = kept;
    this.#bytes += kept.bytes;
    while (this.#bytes > MAX_BYTES) this.#drop();
  }

  /** The entry of a number that is there. */
  at(number: number): Kept {
    return this.#entries[number % MAX_ENTRIES]!;
  }

  clear(): void {
    while (this.first < this.next) this.#drop();
  }

  #drop(): void {
    const at = this.first++ % MAX_ENTRIES;
    this.#bytes -= this.#entries[at]!.bytes;
    this.#entries[at] = undefined;
  }
}
