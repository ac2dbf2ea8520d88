// All invariants, and how what breaks them is said.
import { type Entry, entriesOf, groupBy, printEntry } from '../ledger.ts';
import { bucketsHold, quotasHold } from './limits.ts';
import { httpGoesOn, nothingIsLeft } from './outages.ts';
import { endsAreToldOnce, everyEndIsTold, noEndOfTheLiving, postsAreTrue } from './sockets.ts';
import type { Invariant, Violation } from './violation.ts';
import { acknowledgedStays, noHalfChange } from './writes.ts';

export const INVARIANTS: readonly Invariant[] = [
  acknowledgedStays,
  noHalfChange,
  everyEndIsTold,
  endsAreToldOnce,
  noEndOfTheLiving,
  postsAreTrue,
  bucketsHold,
  quotasHold,
  httpGoesOn,
  nothingIsLeft,
];

export function violationsOf(entries: readonly Entry[]): readonly Violation[] {
  return INVARIANTS.flatMap((invariant) => invariant(entries));
}

/** Of each invariant so many are printed with their lines. */
const SHOWN = 5;

export function printViolations(violations: readonly Violation[]): string {
  const lines: string[] = [];
  for (const [invariant, all] of groupBy(violations, (each) => each.invariant)) {
    lines.push(`${invariant} is broken ${all.length} times:`);
    for (const { what, lines: shown } of all.slice(0, SHOWN)) {
      lines.push(`  ${what}`, ...shown.slice(0, 12).map((entry) => `    ${printEntry(entry)}`));
    }
  }
  return lines.join('\n');
}

/** What happened to the cluster around what is shown, so that a reader sees its cause. */
export function printFaults(entries: readonly Entry[]): string {
  return entries
    .filter(({ kind }) => kind === 'fault' || kind === 'fault-over')
    .map(printEntry)
    .join('\n');
}

export function countOf(entries: readonly Entry[], violations: readonly Violation[]): Figures {
  const ofInvariant = (name: string): number =>
    violations.filter(({ invariant }) => invariant === name).length;
  const ends = entriesOf(entries, 'disconnect-told');
  const counted = (figure: Violation['counts']): number =>
    violations.filter(({ counts }) => counts === figure).length;
  return {
    'writes acknowledged': [...entriesOf(entries, 'write'), ...entriesOf(entries, 'creation')].filter(
      ({ outcome }) => outcome === 'acknowledged',
    ).length,
    'acknowledged writes lost': counted('lost write'),
    '$disconnect told': new Set(ends.map(({ id }) => id)).size,
    '$disconnect lost': ofInvariant('I3'),
    'told twice, as the same request': ends.length - new Set(ends.map(({ id }) => id)).size,
    'limits exceeded': counted('exceeded limit'),
    'requests answered': entriesOf(entries, 'reply').filter(({ status }) => status === 200).length,
    'requests failed that must not': ofInvariant('I9'),
    'posts answered 200': entriesOf(entries, 'post').filter(({ status }) => status === 200).length,
    faults: entriesOf(entries, 'fault').length,
  };
}

export type Figures = Readonly<Record<string, number>>;
