// How much of what one instance writes reaches the log: so many characters a call, and as many while no call runs. Each line
// counts for more than its text, since its record names function and request: short lines fill no disk either. A function
// that prints without end costs neither memory nor disk; what is left out is counted and said once.

/** Of a call's lines together. Lambda has no such limit; its log service takes what it is sent, and bills for it. */
export const MAX_OUTPUT_LENGTH = 1_048_576;

/** What a line counts besides its own characters. */
export const LINE_COST = 64;

export interface Dropped {
  readonly lines: number;
  /** Characters without line ends. */
  readonly characters: number;
}

export class OutputBound {
  #left = MAX_OUTPUT_LENGTH;
  #lines = 0;
  #characters = 0;

  /** Whether a line of this length still goes to the log. */
  admits(length: number): boolean {
    this.#left -= length + LINE_COST;
    if (this.#left >= 0) return true;
    this.#left = 0;
    this.#lines++;
    this.#characters += length;
    return false;
  }

  /** Begins anew. Returns what was left out since the last time, undefined for nothing. */
  renew(): Dropped | undefined {
    const dropped = this.#lines === 0 ? undefined : { lines: this.#lines, characters: this.#characters };
    this.#left = MAX_OUTPUT_LENGTH;
    this.#lines = 0;
    this.#characters = 0;
    return dropped;
  }
}
