// Tokens that other processes share: whoever serves requests asks for them, and holds a few ahead of need. The one that is asked
// gives out no more than the bucket has, so the sum of what is admitted is never more, whatever is lost on the way.
import type { BucketNumbers } from './throttle.ts';

export interface TokenAsk {
  /** `account/region`, and for a route `account/region/api/stage/route`. */
  readonly bucket: string;
  readonly numbers: BucketNumbers;
  /** For requests that wait: spent as soon as they are granted. */
  readonly due: number;
  /** Wanted beyond them, to be held. */
  readonly ahead: number;
  /** Held until now, and not wanted any more. */
  readonly back: number;
  /** What the asker has in hand while it asks. Whoever does not ask again within `HOLD_MILLIS` has lost it. */
  readonly held: number;
}

export interface TokenGrant {
  /** What is due comes first. */
  readonly granted: number;
  /** How long there is nothing more to be had; 0 where there may be. */
  readonly emptyForMillis: number;
  /** How long what is held is the asker's, where that is shorter than it would be by itself: it was lent by another. */
  readonly goodForMillis?: number;
}

export interface TokenSource {
  /** Rejects where nobody can be asked. Of several at a time for one bucket only the last one's answer is used. */
  take(ask: TokenAsk): Promise<TokenGrant>;
}

/** How long what is held ahead counts as somebody's. */
export const HOLD_MILLIS = 1_000;

/** A bucket that runs empty is asked after this often at most, so that refusals cost next to nothing. */
export const EMPTY_MILLIS = 20;

/** And this often at least: what somebody holds may come back, and buckets can be forgotten. */
export const LONG_EMPTY_MILLIS = 250;

/** How long a bucket with less than a token is not asked after; a small one would run over before those 20 ms are over. */
export function emptyMillis(level: number, { rateLimit, burstLimit }: BucketNumbers): number {
  const perMilli = rateLimit / 1_000;
  const untilNext = Math.max((1 - level) / perMilli, Math.min(EMPTY_MILLIS, burstLimit / 2 / perMilli));
  return Math.min(Math.max(untilNext, 1), LONG_EMPTY_MILLIS);
}
