// Standard output of the processes of a node. Where it is a pipe one of them writes alone: what several write into one mixes within a
// line when the line is longer than the system writes at once (PIPE_BUF).
import { fstatSync } from 'node:fs';
import type { Channel } from '../../net/channel/channel.ts';

/** What lines are written to. */
export interface Output {
  write(text: string | Buffer, encoding?: 'latin1'): unknown;
  /** Bytes that it has not got rid of. */
  readonly writableLength: number;
}

const STDOUT = 1;

/** The output of a process that a primary has started: its own, or the primary's, which is told lines by `kind`. */
export function outputOf(own: Output, channel: Channel, kind: number): Output {
  const stat = fstatSync(STDOUT);
  if (!stat.isFIFO() && !stat.isSocket()) return own;
  return {
    // Lines in Latin-1 are of ASCII alone.
    write: (text) => channel.tell(kind, text),
    get writableLength() {
      return channel.waitingBytes;
    },
  };
}

/** What a reader that is too slow makes wait at most. */
const MAX_WAITING_BYTES = 16 * 1_048_576;
const LINE_END = 0x0a;

/** Writes what other processes are not to write themselves. What nobody reads is lost, and counted. */
export class SharedOutput {
  readonly #own: Output;
  readonly #onLost: (lines: number) => void;
  #lost = 0;

  /** `onLost` hears of lines that were lost once there is room again. */
  constructor(own: Output, onLost: (lines: number) => void) {
    this.#own = own;
    this.#onLost = onLost;
  }

  /** Whole lines. */
  write(lines: Buffer): void {
    if (this.#own.writableLength > MAX_WAITING_BYTES) {
      for (const byte of lines) if (byte === LINE_END) this.#lost++;
      return;
    }
    this.#own.write(lines);
    if (this.#lost === 0) return;
    const lost = this.#lost;
    this.#lost = 0;
    this.#onLost(lost);
  }
}
