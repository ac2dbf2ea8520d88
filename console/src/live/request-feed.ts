// The live requests that the page holds: at most 1,000, newest first. The server tells of new ones in batches, with each of which the
// page is drawn once; what it skipped, because they came faster, is a number.
import type { RequestSummary } from '../../../src/stage/request-summary.ts';
import { Followed } from '../parts/followed.ts';
import { sentenceOf } from '../shell/call-error.ts';
import { call, stream } from '../shell/client.ts';

const MOST_ROWS = 1_000;

export interface FeedState {
  readonly server: 'asked' | 'here' | 'gone';
  /** Why the server tells nothing: it has something against the filters, or against who asks. */
  readonly refused: string | undefined;
  readonly rows: readonly RequestSummary[];
  /** Calls that the server did not tell of. */
  readonly skipped: number;
  readonly isPaused: boolean;
  /** How many have come since the pause; they are there when it ends. */
  readonly waiting: number;
}

const NOTHING: FeedState = {
  server: 'asked',
  refused: undefined,
  rows: [],
  skipped: 0,
  isPaused: false,
  waiting: 0,
};

export class RequestFeed {
  readonly state = new Followed(NOTHING);
  /** All that is here; the state shows what was here when it was paused. */
  #rows: readonly RequestSummary[] = [];
  /** What has been cleared does not come back with the list of the server. */
  #cleared: ReadonlySet<string> = new Set();

  /** Follows the requests that a query (`?status=5xx`, or empty) lets through, and nothing else from now on. Answers with how to stop. */
  watch(query: string): () => void {
    this.#rows = [];
    this.#show({ ...NOTHING, isPaused: this.#shown.isPaused });
    const stopping = new AbortController();
    const { signal } = stopping;
    const stop = stream(
      `/_postern/requests/stream${query}`,
      ({ type, data }) => {
        if (type === 'requests') this.#add(JSON.parse(data));
        else if (type === 'skipped') this.#show({ skipped: this.#shown.skipped + JSON.parse(data).count });
      },
      (state) => {
        if (typeof state === 'object') this.#show({ server: 'here', refused: state.refused });
        else if (state === 'open') void this.#load(query, signal);
        else if (this.#shown.server === 'here') this.#show({ server: 'gone' });
      },
    );
    return () => {
      stopping.abort();
      stop();
    };
  }

  pause(): void {
    this.#show({ isPaused: true });
  }

  resume(): void {
    this.#show({ isPaused: false, rows: this.#rows, waiting: 0 });
  }

  clear(): void {
    this.#cleared = new Set([...this.#cleared, ...this.#rows.map(({ id }) => id)].slice(-2 * MOST_ROWS));
    this.#rows = [];
    this.#show({ rows: [], skipped: 0, waiting: 0 });
  }

  /** What was recorded before the stream began, or while it was broken off. */
  async #load(query: string, signal: AbortSignal): Promise<void> {
    const limit = `${query === '' ? '?' : `${query}&`}limit=${MOST_ROWS}`;
    try {
      const { requests } = await call('GET', `/_postern/requests${limit}`, undefined, { signal });
      if (signal.aborted) return;
      this.#show({ server: 'here', refused: undefined });
      this.#add(requests);
    } catch (error) {
      if (!signal.aborted) this.#show({ server: 'here', refused: sentenceOf(error) });
    }
  }

  get #shown(): FeedState {
    return this.state.current();
  }

  #add(added: readonly RequestSummary[]): void {
    const known = new Set(this.#rows.map(({ id }) => id));
    const fresh = added.filter(({ id }) => !known.has(id) && !this.#cleared.has(id));
    if (fresh.length === 0) return;
    this.#rows = [...fresh, ...this.#rows]
      .sort((one, other) => endOf(other) - endOf(one))
      .slice(0, MOST_ROWS);
    if (this.#shown.isPaused) this.#show({ waiting: this.#shown.waiting + fresh.length });
    else this.#show({ rows: this.#rows });
  }

  #show(change: Partial<FeedState>): void {
    this.state.set({ ...this.#shown, ...change });
  }
}

/** They come as they end. */
const endOf = ({ at, millis }: RequestSummary): number => at + millis;
