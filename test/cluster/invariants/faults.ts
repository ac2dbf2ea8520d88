// From when to when something was done to the cluster.
import { type Entry, entriesOf } from '../ledger.ts';

export interface Span {
  readonly fault: Entry<'fault'>;
  readonly from: number;
  /** Infinity while it is not over. */
  readonly to: number;
}

export function spansOf(entries: readonly Entry[]): readonly Span[] {
  const over = new Map(entriesOf(entries, 'fault-over').map(({ fault, at }) => [fault, at]));
  return entriesOf(entries, 'fault').map((fault) => ({
    fault,
    from: fault.at,
    to: over.get(fault.fault) ?? Number.POSITIVE_INFINITY,
  }));
}

/** Those that touch a time; `after` milliseconds more belong to each. */
export function touching(spans: readonly Span[], from: number, to: number, after: number): readonly Span[] {
  return spans.filter((span) => span.from <= to && span.to + after >= from);
}

/** Stretches in which nothing was done, `after` milliseconds behind what was done before. */
export function calmStretches(
  entries: readonly Entry[],
  after: number,
): readonly (readonly [from: number, to: number])[] {
  const stretches: [number, number][] = [];
  let from = 0;
  for (const span of [...spansOf(entries)].sort((a, b) => a.from - b.from)) {
    if (span.from > from) stretches.push([from, span.from]);
    from = Math.max(from, span.to + after);
  }
  const end = entries.at(-1)?.at ?? 0;
  if (end > from) stretches.push([from, end]);
  return stretches;
}
