// I1, what was acknowledged stays and is everywhere; I2, nobody meets half a change.
import { type Entry, entriesOf, groupBy } from '../ledger.ts';
import { calmStretches } from './faults.ts';
import type { Invariant, Violation } from './violation.ts';

/** How late a change may be on some node while nothing is wrong. */
const LATE_MILLIS = 2_000;
/** What was done to the cluster is felt for so long: leases end, processes start, nodes catch up. */
const SETTLE_MILLIS = 8_000;

/** I1: at the end every node has, and serves, what was acknowledged last or what was tried after it and got no answer. */
export const acknowledgedStays: Invariant = (entries) => {
  const writes = entriesOf(entries, 'write');
  const creations = entriesOf(entries, 'creation');
  const found: Violation[] = [];
  const judge = (entry: Entry, writer: string, value: number): void => {
    const own = writes.filter((write) => write.writer === writer);
    const last = own.filter(({ outcome }) => outcome === 'acknowledged').at(-1);
    if (value < (last?.value ?? 0)) {
      found.push(lost(`${writer}: ${last!.value} was acknowledged, ${value} is there`, [last!, entry]));
      return;
    }
    const write = own.find((each) => each.value === value);
    if (value !== 0 && write === undefined)
      found.push(i1(`${writer}: ${value} is there, which nobody wrote`, [entry]));
    else if (write?.outcome === 'refused')
      found.push(i1(`${writer}: ${value} was refused, and is there`, [write, entry]));
  };
  for (const stored of entriesOf(entries, 'stored')) {
    for (const [writer, value] of Object.entries(stored.values)) judge(stored, writer, value);
    const created = new Set(stored.created);
    const entry = { ...stored, created: [`${stored.created.length} names`] };
    for (const creation of creations) {
      const isThere = created.has(creation.name);
      if (creation.outcome === 'acknowledged' && !isThere)
        found.push(lost(`${creation.name} was acknowledged, and is not there`, [creation, entry]));
      if (creation.outcome === 'refused' && isThere)
        found.push(i1(`${creation.name} was refused, and is there`, [creation, entry]));
    }
  }
  for (const served of entriesOf(entries, 'served')) judge(served, served.writer, served.value);
  return [...found, ...differences(entries), ...gaps(entries)];
};

/** What nodes say at the end is the same everywhere. */
function differences(entries: readonly Entry[]): readonly Violation[] {
  const found: Violation[] = [];
  const digests = entriesOf(entries, 'digest');
  if (new Set(digests.map(({ digest }) => digest)).size > 1)
    found.push(i1('snapshots of nodes differ', digests));
  const byWriter = groupBy(entriesOf(entries, 'served'), ({ writer }) => writer);
  for (const [writer, served] of byWriter) {
    if (new Set(served.map(({ value }) => value)).size > 1)
      found.push(i1(`${writer}: nodes or workers serve different values`, served));
  }
  return found;
}

function gaps(entries: readonly Entry[]): readonly Violation[] {
  const found: Violation[] = [];
  for (const changes of entriesOf(entries, 'changes')) {
    if (changes.highest - changes.lowest + 1 !== changes.count)
      found.push(i1('numbers of changes have a gap', [changes]));
  }
  // Writes that were committed together may be told the same number; what begins later has a higher one.
  const numbered = entriesOf(entries, 'write').filter(({ change }) => change !== undefined);
  for (const [writer, writes] of groupBy(numbered, (write) => write.writer)) {
    writes.forEach((write, nth) => {
      const before = writes[nth - 1];
      if (before !== undefined && write.change! <= before.change!)
        found.push(i1(`${writer}: change ${write.change} comes after ${before.change}`, [before, write]));
    });
  }
  return found;
}

/** I2: each reply shows one change, which was under way before the reply; in calm one that is not superseded for long. */
export const noHalfChange: Invariant = (entries) => {
  const found: Violation[] = [];
  const writes = groupBy(entriesOf(entries, 'write'), ({ writer }) => writer);
  const calm = calmStretches(entries, SETTLE_MILLIS);
  for (const reply of entriesOf(entries, 'reply')) {
    if (reply.status !== 200) continue;
    const [value] = reply.values;
    if (value === undefined || new Set(reply.values).size > 1) {
      found.push(i2(`a reply has parts of different changes: ${reply.values.join(', ')}`, [reply]));
      continue;
    }
    const own = writes.get(reply.writer) ?? [];
    const write = own.find((each) => each.value === value);
    if (value !== 0 && (write === undefined || write.since > reply.at))
      found.push(i2(`a reply shows ${value} before it was written`, write ? [write, reply] : [reply]));
    if (!calm.some(([from, to]) => from <= reply.since - LATE_MILLIS && reply.at <= to)) continue;
    const known = own.filter(
      ({ outcome, at }) => outcome === 'acknowledged' && at <= reply.since - LATE_MILLIS,
    );
    const newest = known.at(-1);
    if (newest !== undefined && newest.value > value)
      found.push(
        i2(`in calm a reply shows ${value}, ${newest.value} was acknowledged before`, [newest, reply]),
      );
  }
  return found;
};

const i1 = (what: string, lines: readonly Entry[]): Violation => ({ invariant: 'I1', what, lines });
const lost = (what: string, lines: readonly Entry[]): Violation => ({
  ...i1(what, lines),
  counts: 'lost write',
});
const i2 = (what: string, lines: readonly Entry[]): Violation => ({ invariant: 'I2', what, lines });
