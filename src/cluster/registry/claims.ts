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

interface Farewell {
  readonly code: number;
  readonly reason: string;
}

/** As a connection that breaks: nobody has said goodbye. */
const LOST: Farewell = { code: 1006, reason: '' };
/** Of a node that had no time to tell the ends of the connections that it closed. */
const GOING_AWAY: Farewell = { code: 1001, reason: 'Going away' };
/** Rows of a claim; two claims are told at a time. */
const CLAIM = 128;
const AGAIN_MILLIS = 1_000;

export class Claims {
  readonly #means: ClaimsMeans;
  #isStopped = false;
  #claiming: Promise<void> | undefined;

  constructor(means: ClaimsMeans) {
    this.#means = means;
  }

  /** Tells what the dead have left, however often that has to be tried. Never rejects. */
  tellAll(): Promise<void> {
    this.#claiming ??= this.#untilDone(async () => {
      const { engine } = await this.#means.held();
      for (const { holder: dead, hasDrained } of await engine.dead()) {
        await this.#tellEach(hasDrained ? GOING_AWAY : LOST, async () => {
          const { engine, holder } = await this.#means.held();
          return engine.claim(dead, holder, CLAIM);
        });
      }
    }).finally(() => {
      this.#claiming = undefined;
    });
    return this.#claiming;
  }

  /** Tells the ends of connections that this process has rows of, and that were open in another which is gone. Never rejects. */
  tellThese(ids: readonly string[]): Promise<void> {
    let next = 0;
    return this.#untilDone(() =>
      this.#tellEach(LOST, async () => {
        while (next < ids.length) {
          const { engine, holder } = await this.#means.held();
          const rows = await engine.rowsOf(holder, ids.slice(next, next + CLAIM));
          next += CLAIM;
          if (rows.length > 0) return rows;
        }
        return [];
      }),
    );
  }

  /** Claims no more. */
  stop(): void {
    this.#isStopped = true;
  }

  async #untilDone(work: () => Promise<void>): Promise<void> {
    while (!this.#isStopped) {
      try {
        await work();
        return;
      } catch (error) {
        if (this.#isStopped) return;
        this.#means.onTrouble(error);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MILLIS).unref());
      }
    }
  }

  /** Until there are no rows any more: the next are fetched while those before are being told. */
  async #tellEach({ code, reason }: Farewell, next: () => Promise<readonly ConnectionRow[]>): Promise<void> {
    let before: Promise<unknown> | undefined;
    while (!this.#isStopped) {
      const rows = await next();
      const told = Promise.all(rows.map((row) => this.#means.tell(row, code, reason)));
      await before;
      if (rows.length === 0) return;
      before = told;
    }
  }
}
