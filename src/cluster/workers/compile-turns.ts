// What takes long to compile is compiled by half of the workers of a machine at a time: the others go on serving what they have, and
// follow. No worker waits for long for one that says nothing.
import type { Channel } from '../../net/channel/channel.ts';
import type { InTurn } from '../../snapshot/publisher.ts';
import { TURN, TURN_OVER } from './protocol.ts';

/** A turn is over then, whoever has it: half of what a write waits for workers behind the first (`roles/workers/live-wait.ts`). */
const TURN_MILLIS = 500;

/** The turns, as the primary gives them to workers by their places. */
export class CompileTurns {
  readonly #atOnce: number;
  readonly #held = new Map<number, NodeJS.Timeout>();
  /** In the order in which they have asked. */
  readonly #waiting = new Map<number, () => void>();

  /** `workers`: how many there should be. */
  constructor(workers: number) {
    this.#atOnce = Math.ceil(workers / 2);
  }

  /** Resolves once a worker has its turn. */
  take(slot: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(slot, resolve);
      this.#next();
    });
  }

  /** A worker has compiled, or is gone. */
  over(slot: number): void {
    clearTimeout(this.#held.get(slot));
    this.#held.delete(slot);
    this.#waiting.delete(slot);
    this.#next();
  }

  #next(): void {
    for (const [slot, begin] of this.#waiting) {
      if (this.#held.size >= this.#atOnce) return;
      this.#waiting.delete(slot);
      this.#held.set(slot, setTimeout(() => this.over(slot), TURN_MILLIS).unref());
      begin();
    }
  }
}

/** How a worker asks for them. */
export function turnsOf(channel: Pick<Channel, 'ask' | 'tell'>): InTurn {
  return async (compile) => {
    await channel.ask(TURN, '');
    try {
      return await compile();
    } finally {
      channel.tell(TURN_OVER, '');
    }
  };
}
