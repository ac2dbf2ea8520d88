// The ends of connections whose process is gone: their rows are claimed, told, and leave.
import type { ConnectionRow } from '../../websocket-api/connections/registry.ts';
import type { Held } from './batched-registry.ts';

export interface ClaimsMeans {
  readonly held: () => Promise<Held>;
  /** Tells an end, and has its row leave. Never rejects. */
  readonly tell: (row: ConnectionRow, code: number, reason: string) => Promise<void>;
  /** Rows cannot be claimed, and why. */
  readonly onTrouble: (error: unknown) => void;
}

/** As a connection that breaks: nobody has said goodbye. */
const LOST = 1006;
/** Rows of a claim; two claims are told at a time. */
const CLAIM = 128;
const AGAIN_MILLIS = 1_000;

export class Claims {
  readonly #means: ClaimsMeans;
  #isStopped = false;

  constructor(means: ClaimsMeans) {
    this.#means = means;
  }

  /** Tells what the dead have left, however often that has to be tried. Never rejects. */
  async tellAll(): Promise<void> {
    while (!this.#isStopped) {
      try {
        const { engine } = await this.#means.held();
        for (const dead of await engine.dead()) await this.#tellOf(dead);
        return;
      } catch (error) {
        if (this.#isStopped) return;
        this.#means.onTrouble(error);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MILLIS).unref());
      }
    }
  }

  async #tellOf(dead: number): Promise<void> {
    const { held, tell } = this.#means;
    let before: Promise<unknown> | undefined;
    while (!this.#isStopped) {
      const { engine, holder } = await held();
      const rows = await engine.claim(dead, holder, CLAIM);
      const told = Promise.all(rows.map((row) => tell(row, LOST, '')));
      await before;
      if (rows.length === 0) return;
      before = told;
    }
  }

  /** Claims no more. */
  stop(): void {
    this.#isStopped = true;
  }
}
