// Lines that wait for a slow destination: in order, bounded, and what does not fit is counted, never silently lost.
import type { Log } from '../../telemetry/log.ts';

export interface Line {
  readonly text: string;
  /** In UTF-8. */
  readonly bytes: number;
  /** Epoch milliseconds of the request. */
  readonly at: number;
}

/** How much waits at most, for each destination. */
export const MAX_WAITING_BYTES = 16 * 1_048_576;
/** How often a destination that loses lines says so. */
const WARNING_MILLIS = 10_000;

export class LineQueue {
  /** Lines that were lost since the start. */
  dropped = 0;
  bytes = 0;
  readonly #destination: string;
  readonly #log: Log;
  #lines: Line[] = [];
  #unsaid = 0;
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(destination: string, log: Log) {
    this.#destination = destination;
    this.#log = log;
  }

  get length(): number {
    return this.#lines.length;
  }

  /** Whether the line found room. */
  push(text: string, at: number): boolean {
    const bytes = Buffer.byteLength(text);
    if (this.bytes + bytes > MAX_WAITING_BYTES) {
      this.drop(1, 'too many lines wait');
      return false;
    }
    this.#lines.push({ text, bytes, at });
    this.bytes += bytes;
    return true;
  }

  /** Takes the first lines: at most `maxLines`, and `maxBytes` with `overhead` a line; always one, if there is any. */
  take(maxLines: number, maxBytes: number, overhead: number): Line[] {
    let count = 0;
    let bytes = 0;
    while (count < Math.min(maxLines, this.#lines.length)) {
      const next = this.#lines[count]!.bytes + overhead;
      if (count > 0 && bytes + next > maxBytes) break;
      bytes += next;
      count++;
    }
    const taken = this.#lines.splice(0, count);
    this.bytes -= bytes - count * overhead;
    return taken;
  }

  /** Counts lost lines, and says so now and then. */
  drop(count: number, reason: string): void {
    this.dropped += count;
    this.#unsaid += count;
    const now = performance.now();
    if (now - this.#saidAt < WARNING_MILLIS) return;
    this.#saidAt = now;
    this.#log('access-log.lines-lost', { destination: this.#destination, lines: this.#unsaid, reason });
    this.#unsaid = 0;
  }
}
