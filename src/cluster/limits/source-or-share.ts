// A source that can be away: then this process has its share of each bucket. Whoever asks waits for it once, then the share answers
// until the source does again.
import type { Clock } from '../../clock.ts';
import { messageOf } from '../../defect.ts';
import { within } from '../../net/within.ts';
import type { TokenAsk, TokenGrant, TokenSource } from '../../stage/token-source.ts';
import { LocalTokens } from './local-tokens.ts';

/** How often a source that is away is tried. */
const RETRY_MILLIS = 500;
/** Of no bucket: whether the source is there at all. */
const NOTHING: TokenAsk = Object.freeze({
  ...{ bucket: '', numbers: Object.freeze({ rateLimit: 0, burstLimit: 0 }) },
  ...{ due: 0, ahead: 0, back: 0, held: 0 },
});

export interface SourceOrShareMeans {
  readonly source: TokenSource;
  readonly clock: Clock;
  /** What an answer may take. */
  readonly deadlineMillis: number;
  /** Among how many a bucket is shared while the source is away. */
  readonly parts: () => number;
  /** The source is away, and why; undefined: it is back. */
  readonly onAway: (reason: string | undefined) => void;
}

export class SourceOrShare implements TokenSource {
  readonly #means: SourceOrShareMeans;
  readonly #shares: LocalTokens;
  /** Buckets whose source is away, and when it is tried again. */
  readonly #away = new Map<string, number>();
  /** When the last of these was left. */
  #leftAt = 0;
  #lookAgain: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(means: SourceOrShareMeans) {
    this.#means = means;
    this.#shares = new LocalTokens(means.clock, means.parts);
  }

  /** Never rejects. */
  async take(ask: TokenAsk): Promise<TokenGrant> {
    const retryAt = this.#away.get(ask.bucket);
    if (retryAt === undefined) {
      const askedAt = performance.now();
      try {
        const grant = await within(this.#means.deadlineMillis, this.#means.source.take(ask));
        // Those that are away may be asked for by nobody any more.
        if (askedAt >= this.#leftAt + RETRY_MILLIS) this.#comeBack();
        return grant;
      } catch (error) {
        this.#leave(ask.bucket, error);
      }
    } else if (performance.now() >= retryAt) void this.#retry(ask);
    return this.#shares.take('', ask);
  }

  /** Finds out whether the source is there before anybody needs it, and goes on until it is. To be called when that may have changed. */
  async look(): Promise<void> {
    clearTimeout(this.#lookAgain);
    try {
      await this.#means.source.take(NOTHING);
      this.#comeBack();
    } catch (error) {
      if (this.#isClosed) return;
      this.#leave(NOTHING.bucket, error);
      clearTimeout(this.#lookAgain);
      this.#lookAgain = setTimeout(() => void this.look(), RETRY_MILLIS).unref();
    }
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#lookAgain);
  }

  /** Nobody waits for it. */
  async #retry({ bucket, numbers }: TokenAsk): Promise<void> {
    this.#away.set(bucket, performance.now() + RETRY_MILLIS);
    const nothing = { bucket, numbers, due: 0, ahead: 0, back: 0, held: 0 };
    try {
      await within(this.#means.deadlineMillis, this.#means.source.take(nothing));
    } catch {
      return;
    }
    this.#comeBack();
  }

  #comeBack(): void {
    if (this.#away.size === 0) return;
    this.#away.clear();
    this.#means.onAway(undefined);
  }

  #leave(bucket: string, error: unknown): void {
    if (this.#away.size === 0) this.#means.onAway(messageOf(error));
    this.#leftAt = performance.now();
    this.#away.set(bucket, this.#leftAt + RETRY_MILLIS);
  }
}
