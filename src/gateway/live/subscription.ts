// What one who looks gets of what is over, as it comes: a few batches a second of so many at most, and how many there were besides.
import type { RequestBatch, RequestFilter, RequestSummary } from '../../stage/request-summary.ts';
import { hasText, isWanted } from './filter.ts';
import type { Kept } from './kept.ts';
import type { Masks } from './masks.ts';
import type { Ring } from './ring.ts';

const MOST_IN_BATCH = 50;
/** Of how many a summary is made, to find those that have a text. */
const MOST_EXAMINED = 100;

export class Subscription {
  /** Entries before this one have been looked at. */
  #seen: number;
  readonly #filter: RequestFilter;
  readonly #listener: (batch: RequestBatch) => void;
  #requests: RequestSummary[] = [];
  #examined = 0;
  /** How many it has asked to be kept since it was last told. */
  #asked = 0;
  #skipped = 0;

  constructor(from: number, filter: RequestFilter, listener: (batch: RequestBatch) => void) {
    this.#seen = from;
    this.#filter = filter;
    this.#listener = listener;
  }

  /** Whether it wants none any more that would not be kept otherwise, until it is told. */
  get isFull(): boolean {
    return this.#asked === (this.#filter.text === undefined ? MOST_IN_BATCH : MOST_EXAMINED);
  }

  /** Whether it has room for one that would not be kept otherwise. */
  wants(kept: Kept): boolean {
    if (this.isFull || !isWanted(kept, this.#filter)) return false;
    this.#asked++;
    return true;
  }

  /** Hears of one that is not kept. */
  miss(kept: Kept): void {
    if (isWanted(kept, this.#filter)) this.#skipped++;
  }

  /** Looks at what is new in the ring. */
  collect(ring: Ring, masks: Masks): void {
    if (this.#seen < ring.first) this.#seen = ring.first;
    for (; this.#seen < ring.next; this.#seen++) {
      const kept = ring.at(this.#seen);
      if (!isWanted(kept, this.#filter)) continue;
      if (this.#requests.length === MOST_IN_BATCH || this.#examined === MOST_EXAMINED) {
        this.#skipped++;
        continue;
      }
      this.#examined++;
      const summary = masks.summary(kept);
      if (hasText(summary, this.#filter)) this.#requests.push(summary);
    }
  }

  /** Tells of what was collected, where that is anything. */
  tell(): void {
    const batch = { requests: this.#requests, skipped: this.#skipped };
    this.#examined = 0;
    this.#asked = 0;
    if (batch.requests.length === 0 && batch.skipped === 0) return;
    this.#requests = [];
    this.#skipped = 0;
    this.#listener(batch);
  }
}
