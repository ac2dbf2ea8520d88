// By how much a limit was exceeded, in the window of time in which it was exceeded most.
import type { BucketNumbers } from '../../../src/stage/throttle.ts';

/** When a request asked, and when it was admitted; it was counted at some time between. */
export interface Admitted {
  readonly asked: number;
  readonly admitted: number;
}

/** Tokens above rate × length + burst in the worst of all windows, of any length; below 0 where none reached it. A window has what asked
 *  and was admitted in it: where a process was held up in between, nobody knows when its request was counted. */
export function mostAbove(all: readonly Admitted[], { rateLimit, burstLimit }: BucketNumbers): number {
  const inOrder = all.toSorted((a, b) => a.admitted - b.admitted);
  const asked = Float64Array.from(inOrder, (each) => each.asked);
  const admitted = Float64Array.from(inOrder, (each) => each.admitted);
  const perMilli = rateLimit / 1_000;
  let most = Number.NEGATIVE_INFINITY;
  for (let first = 0; first < asked.length; first++) {
    const from = asked[first]!;
    let count = 0;
    // Whoever was admitted before this one, and asked after it.
    let next = first;
    while (next > 0 && admitted[next - 1]! >= from) next--;
    for (; next < asked.length; next++) {
      if (asked[next]! < from) continue;
      count++;
      const above = count - (admitted[next]! - from) * perMilli;
      if (above > most) most = above;
    }
  }
  return most - burstLimit;
}
