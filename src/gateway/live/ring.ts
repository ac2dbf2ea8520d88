// The latest of what is over, within bounds of number and bytes.
import type { Kept } from './kept.ts';

interface RingBounds {
  readonly entries: number;
  readonly bytes: number;
}

const RING_BOUNDS: RingBounds = { entries: 2_000, bytes: 16 * 1_048_576 };

export class Ring {
  readonly #bounds: RingBounds;
  /** By their numbers, modulo the most that there may be. */
  readonly #entries: (Kept | undefined)[];
  #bytes = 0;
  /** The number of the oldest, and of the one to come. */
  first = 0;
  next = 0;

  constructor(bounds: RingBounds = RING_BOUNDS) {
    this.#bounds = bounds;
    this.#entries = new Array(bounds.entries).fill(undefined);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether nothing goes for its bytes. */
  hasRoom(kept: Kept): boolean {
    return this.#bytes + kept.bytes <= this.#bounds.bytes;
  }

  add(kept: Kept): void {
    const { entries, bytes } = this.#bounds;
    if (this.next - this.first === entries) this.#drop();
    this.#entries[this.next++ % entries] = kept;
    this.#bytes += kept.bytes;
    while (this.#bytes > bytes) this.#drop();
  }

  /** The entry of a number that is there. */
  at(number: number): Kept {
    return this.#entries[number % this.#bounds.entries]!;
  }

  clear(): void {
    while (this.first < this.next) this.#drop();
  }

  #drop(): void {
    const at = this.first++ % this.#bounds.entries;
    this.#bytes -= this.#entries[at]!.bytes;
    this.#entries[at] = undefined;
  }
}
