// The registry of a node: rows are in PostgreSQL, and where that takes too long, in `runtime.db` until it is back. What is open here and
// what has a row there are made the same again after each outage: a failover may have lost the last of what was written.
//
//   near ── PostgreSQL answers in time ──▶ written there
//     │ late, or away
//     ▼
//   noted in runtime.db, and so is all that comes ── it is back: all of it moves over ──▶ compared ──▶ near
import { setTimeout as pause } from 'node:timers/promises';
import { TooLate, within } from '../../net/within.ts';
import type { ConnectionRow } from '../../websocket-api/connections/registry.ts';
import type { Outage } from './outage.ts';
import type { DeadHolder, RegistryEngine, SharedRegistry } from './registry-engine.ts';

export interface NodeRegistryMeans {
  readonly shared: SharedRegistry;
  /** Opened when it is first wanted. */
  readonly outage: () => Promise<Outage>;
  /** Whether rows are only good in PostgreSQL: who comes while it is away is refused. */
  readonly isRequired: boolean;
  /** Rows of those of these connections that are open here. */
  readonly rowsOf: (ids: readonly string[]) => Promise<readonly ConnectionRow[]>;
  /** Rows go to `runtime.db`, and why; undefined: they are in PostgreSQL again. */
  readonly onAway: (error: unknown) => void;
}

const PATIENCE_MILLIS = 250;
const AGAIN_MILLIS = 500;
/** What rows that were noted here have, at the end, to get where they belong; and those that came late, to go. */
const LAST_MILLIS = 1_000;
/** A statement that was given up may still be carried out so much later. */
const LATE_MILLIS = 20_000;

export class NodeRegistry implements RegistryEngine {
  readonly #means: NodeRegistryMeans;
  /** What has a row, or will have: each id some 80 bytes. */
  readonly #live = new Set<string>();
  /** Who holds it. */
  #holder: number | undefined;
  #isAway = false;
  /** Claims that are under way, and how many there have been: what they bring is not known before they are over. */
  #claiming = 0;
  #claims = 0;
  #recovering: Promise<void> | undefined;
  /** While a statement that was given up may still be carried out: the comparison when that is over. */
  #lateMend: NodeJS.Timeout | undefined;
  readonly #closing = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(means: NodeRegistryMeans) {
    this.#means = means;
  }

  /** What an earlier process has left in `runtime.db` goes where it belongs before anything else does. */
  recover(): void {
    this.#isAway = true;
    this.#recovering ??= this.#recover(Promise.resolve());
  }

  /** What was written may have been lost, or another server answers now. */
  mend(): void {
    this.#compare().catch(() => undefined);
  }

  write(holder: number, entering: readonly ConnectionRow[], leaving: readonly string[]): Promise<boolean> {
    return this.#inTurn(async () => {
      this.#takeHolder(holder);
      for (const { id } of entering) this.#live.add(id);
      for (const id of leaving) this.#live.delete(id);
      let isThere = false;
      try {
        isThere = await this.#write(holder, entering, leaving);
        return isThere;
      } finally {
        if (!isThere) for (const { id } of entering) this.#live.delete(id);
      }
    });
  }

  /** Not before what has left is gone there: it would be told a second time. */
  async dead(): Promise<readonly DeadHolder[]> {
    await this.#recovering;
    return this.#means.shared.dead();
  }

  async claim(dead: number, holder: number, limit: number): Promise<readonly ConnectionRow[]> {
    this.#claiming++;
    try {
      const rows = await this.#means.shared.claim(dead, holder, limit);
      this.#takeHolder(holder);
      for (const { id } of rows) this.#live.add(id);
      return rows;
    } finally {
      this.#claiming--;
      this.#claims++;
    }
  }

  idsOf(holder: number): Promise<readonly string[]> {
    return this.#means.shared.idsOf(holder);
  }

  rowsOf(holder: number, ids: readonly string[]): Promise<readonly ConnectionRow[]> {
    return this.#means.shared.rowsOf(holder, ids);
  }

  /** What was noted has a while to get to PostgreSQL: ends of rows that stay there are told again. */
  async close(): Promise<void> {
    await this.#turn;
    const last = setTimeout(() => this.#closing.abort(), LAST_MILLIS);
    await this.#recovering;
    clearTimeout(last);
    this.#closing.abort();
    await this.#recovering;
    await this.#turn;
    if (this.#lateMend === undefined) return;
    clearTimeout(this.#lateMend);
    // The row of one who has left may have come since: whoever found it would tell its end again.
    await within(LAST_MILLIS, this.#compare()).catch(() => undefined);
  }

  /** Whoever was declared gone begins anew, with nothing. */
  #takeHolder(holder: number): void {
    if (holder === this.#holder) return;
    this.#holder = holder;
    this.#live.clear();
  }

  async #write(
    holder: number,
    entering: readonly ConnectionRow[],
    leaving: readonly string[],
  ): Promise<boolean> {
    if (!this.#isAway) {
      const writing = this.#means.shared.write(holder, entering, leaving);
      try {
        return await within(PATIENCE_MILLIS, writing);
      } catch (error) {
        const isLate = error instanceof TooLate;
        const why = isLate ? new Error(`PostgreSQL has not answered in ${PATIENCE_MILLIS} ms`) : error;
        this.#leaveTo(writing, why);
      }
    }
    const outage = await this.#means.outage();
    const { isRequired } = this.#means;
    await outage.note(holder, isRequired ? [] : entering, leaving);
    return !isRequired || entering.length === 0;
  }

  #leaveTo(writing: Promise<unknown>, error: unknown): void {
    this.#isAway = true;
    this.#means.onAway(error);
    this.#recovering ??= this.#recover(writing);
  }

  /** Not before the statement that was late is over: it might enter what has left by then. */
  async #recover(late: Promise<unknown>): Promise<void> {
    await late.catch(() => undefined);
    const { signal } = this.#closing;
    while (this.#isAway && !signal.aborted) {
      try {
        await this.#moveSome();
      } catch {
        await pause(AGAIN_MILLIS, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
    this.#recovering = undefined;
    if (signal.aborted) return;
    this.#means.onAway(undefined);
    this.mend();
    clearTimeout(this.#lateMend);
    this.#lateMend = setTimeout(() => {
      this.#lateMend = undefined;
      this.mend();
    }, LATE_MILLIS).unref();
  }

  async #moveSome(): Promise<void> {
    const outage = await this.#means.outage();
    const noted = await outage.some();
    await this.#means.shared.moveIn(noted.rows, noted.left);
    await this.#inTurn(async () => {
      await outage.forget(noted);
      const { rows, left } = await outage.some();
      this.#isAway = rows.length > 0 || left.length > 0;
    });
  }

  async #compare(): Promise<void> {
    const holder = this.#holder;
    if (holder === undefined || this.#isAway) return;
    const { shared, rowsOf } = this.#means;
    const claims = this.#claims;
    const there = new Set(await shared.idsOf(holder));
    if (this.#claiming > 0 || this.#claims !== claims) {
      setTimeout(() => this.mend(), AGAIN_MILLIS).unref();
      return;
    }
    const surplus = [...there].filter((id) => !this.#live.has(id));
    const lost = [...this.#live].filter((id) => !there.has(id));
    const rows = lost.length === 0 ? [] : await rowsOf(lost);
    // One that has ended meanwhile is not brought back.
    const open = rows.filter(({ id }) => this.#live.has(id));
    if (open.length > 0 || surplus.length > 0) await shared.write(holder, open, surplus);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
