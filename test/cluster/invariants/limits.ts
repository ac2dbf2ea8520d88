// I7, no window of time lets more through than its bucket holds; I8, nobody uses more than a quota.
import { type Entry, entriesOf } from '../ledger.ts';
import { calmStretches, type Span, spansOf, touching } from './faults.ts';
import type { Invariant, Violation } from './violation.ts';

/** What was granted before something happened is used up, and processes have started, after this. */
const SETTLE_MILLIS = 8_000;
/** A stretch has to be so long that its share of the rate says something. */
const STRETCH_MILLIS = 4_000;
/** What is granted apart may be used so much before it is said, and after it is over. */
const APART_MILLIS = 500;
/** Of a quota, in each process that ends without giving it back. */
const CHUNK = 100;

/** I7. A call is admitted at some time between its sending and its answer, so only calls that lie wholly in a window are counted. */
export const bucketsHold: Invariant = (entries) => {
  return entriesOf(entries, 'bucket').flatMap((bucket) => {
    const calls = entriesOf(entries, 'throttled').filter((call) => call.bucket === bucket.bucket);
    const admitted = calls.filter(({ isAdmitted }) => isAdmitted);
    return [...tooMany(bucket, admitted, entries), ...tooFew(bucket, calls, entries)];
  });
};

/** The window that holds most beyond what it may: from the sending of one call to the answer of another. */
function tooMany(
  { bucket, rate, burst, parts }: Entry<'bucket'>,
  admitted: readonly Entry<'throttled'>[],
  entries: readonly Entry[],
): readonly Violation[] {
  const spans = spansOf(entries);
  const aparts = apartSpans(entries);
  const bySending = [...admitted].sort((a, b) => b.since - a.since);
  const byAnswer = [...admitted].sort((a, b) => a.at - b.at);
  for (const first of bySending) {
    let count = 0;
    for (const last of byAnswer) {
      if (last.since < first.since) continue;
      count++;
      const allowed = (rate * (last.at - first.since)) / 1000 + burst + 1;
      if (count <= allowed) continue;
      const extra =
        extraOf(spans, first.since, last.at, rate, burst) +
        sharesOf(aparts, first.since, last.at, rate, burst) / parts;
      if (count <= allowed + extra) continue;
      const millis = Math.round(last.at - first.since);
      const what = `${bucket}: ${count} admitted in ${millis} ms, ${Math.floor(allowed + extra)} may be`;
      return [{ invariant: 'I7', what, lines: [first, last], counts: 'exceeded limit' }];
    }
  }
  return [];
}

/** What was done to the cluster lets a window have besides. */
function extraOf(spans: readonly Span[], from: number, to: number, rate: number, burst: number): number {
  return touching(spans, from, to, SETTLE_MILLIS).reduce((sum, span) => {
    const millis = Math.min(to, span.to + SETTLE_MILLIS) - Math.max(from, span.from);
    return sum + span.fault.bursts * burst + (span.fault.shares * rate * Math.max(0, millis)) / 1000;
  }, 0);
}

/** From when to when somebody had its share alone. */
function apartSpans(entries: readonly Entry[]): readonly (readonly [from: number, to: number])[] {
  const spans: (readonly [number, number])[] = [];
  const begun = new Map<string, number>();
  for (const { node, isApart, at } of entriesOf(entries, 'apart')) {
    const from = begun.get(node);
    if (isApart && from === undefined) begun.set(node, at);
    if (isApart || from === undefined) continue;
    begun.delete(node);
    spans.push([from, at]);
  }
  return [...spans, ...[...begun.values()].map((from) => [from, Number.POSITIVE_INFINITY] as const)];
}

/** What whole shares would be in a window: a burst for each time, and the rate for as long. */
function sharesOf(
  aparts: readonly (readonly [from: number, to: number])[],
  from: number,
  to: number,
  rate: number,
  burst: number,
): number {
  return aparts
    .filter(([begin, end]) => begin - APART_MILLIS <= to && end + APART_MILLIS >= from)
    .reduce((sum, [begin, end]) => {
      const millis = Math.min(to, end + APART_MILLIS) - Math.max(from, begin - APART_MILLIS);
      return sum + burst + (rate * millis) / 1000;
    }, 0);
}

function tooFew(
  { bucket, rate, floor }: Entry<'bucket'>,
  calls: readonly Entry<'throttled'>[],
  entries: readonly Entry[],
): readonly Violation[] {
  const [begin, end] = [calls[0]?.since ?? 0, calls.at(-1)?.at ?? 0];
  return calmStretches(entries, SETTLE_MILLIS).flatMap(([calmFrom, calmTo]) => {
    const [from, to] = [Math.max(calmFrom, begin), Math.min(calmTo, end)];
    if (to - from < STRETCH_MILLIS) return [];
    const within = calls.filter(({ since, at }) => since >= from && at <= to);
    const full = (rate * (to - from)) / 1000;
    if (within.length < 1.5 * full) return [];
    const admitted = within.filter(({ isAdmitted }) => isAdmitted).length;
    if (admitted >= floor * full) return [];
    const what = `${bucket}: ${admitted} admitted of ${Math.round(full)} that ${within.length} calls could have had`;
    return [{ invariant: 'I7', what, lines: [within[0]!, within.at(-1)!] }];
  });
}

/** I8: never above; below by what crashes took with them, and by chunks whose answer was lost with a connection to PostgreSQL. */
export const quotasHold: Invariant = (entries) =>
  entriesOf(entries, 'quota').flatMap(({ key, limit, ...rest }): readonly Violation[] => {
    const uses = entriesOf(entries, 'quota-use').filter((use) => use.key === key);
    const admitted = uses.filter(({ outcome }) => outcome === 'admitted');
    const quota = { key, limit, ...rest };
    if (admitted.length > limit) {
      const what = `${key} was let in ${admitted.length} times, ${limit} are its quota`;
      return [{ invariant: 'I8', what, lines: [quota, admitted.at(-1)!], counts: 'exceeded limit' }];
    }
    const last = uses.at(-1);
    const faults = entriesOf(entries, 'fault').length;
    if (last?.outcome !== 'exceeded' || admitted.length >= limit - CHUNK * faults) return [];
    const what = `${key} was let in ${admitted.length} times of ${limit}, after ${faults} faults`;
    return [{ invariant: 'I8', what, lines: [quota, last] }];
  });
