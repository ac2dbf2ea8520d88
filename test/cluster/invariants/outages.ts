// I9, HTTP goes on without the engines; I10, nothing is left.
import { entriesOf, groupBy } from '../ledger.ts';
import { spansOf } from './faults.ts';
import type { Invariant } from './violation.ts';

/** A process that ended is replaced, and what waited for it is over, within this. */
const BACK_MILLIS = 2_000;

/** I9: a request fails only where the node's own processes were hit. */
export const httpGoesOn: Invariant = (entries) => {
  const hits = groupBy(
    spansOf(entries).flatMap((span) => span.fault.on.map((node) => ({ node, ...span }))),
    ({ node }) => node,
  );
  return entriesOf(entries, 'reply')
    .filter(({ status }) => status !== 200)
    .filter(
      ({ node, since, at }) =>
        !hits.get(node)?.some(({ from, to }) => from <= at && to + BACK_MILLIS >= since),
    )
    .map((reply) => ({
      invariant: 'I9',
      what: `a request to ${reply.node} failed: ${reply.error ?? reply.status}`,
      lines: [reply],
    }));
};

/** I10 */
export const nothingIsLeft: Invariant = (entries) =>
  entriesOf(entries, 'left').map((left) => ({ invariant: 'I10', what: left.what, lines: [left] }));
