// Headers and query pairs before and after mappings: which of them each mapping made, changed or took (spec/http-api.md §4.7).
import type { LineKind } from './line.ts';

export interface Entry {
  /** What names are compared by: lower case of a header's, decoded of a pair's. */
  readonly name: string;
  readonly value: string;
}

/** A mapping of a name, with what it came to. */
export interface EntryStep {
  readonly id: string;
  readonly action: 'append' | 'overwrite' | 'remove';
  readonly name: string;
  /** Absent: it had no value and was skipped, or it removes. */
  readonly result?: string;
  /** The value did not exist, and what the client sent went. */
  readonly cleared?: boolean;
}

export interface TracedEntry {
  readonly kind: LineKind;
  readonly by: readonly string[];
}

export interface TracedEntries {
  /** One for each entry of `after`. */
  readonly after: readonly TracedEntry[];
  /** Places in `before` of what is gone, with what took it. */
  readonly gone: readonly { readonly at: number; readonly by: readonly string[] }[];
}

/** Steps are in the order in which they apply. */
export function traceEntries(
  before: readonly Entry[],
  after: readonly Entry[],
  steps: readonly EntryStep[],
): TracedEntries {
  const traced: TracedEntry[] = after.map(() => ({ kind: 'same', by: [] }));
  for (const [name, places] of placesByName(after)) {
    const own = steps.filter((step) => step.name === name);
    const had = before.filter((entry) => entry.name === name).map(({ value }) => value);
    const values = places.map((at) => after[at]!.value);
    tracedValues(values, had, own).forEach((entry, i) => {
      traced[places[i]!] = entry;
    });
  }
  const left = new Set(after.map(({ name }) => name));
  const gone = before.flatMap(({ name }, at) => {
    const takers = steps.filter((step) => step.name === name && (step.action === 'remove' || step.cleared));
    return takers.length > 0 || !left.has(name) ? [{ at, by: takers.map(({ id }) => id) }] : [];
  });
  return { after: traced, gone };
}

function placesByName(entries: readonly Entry[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  entries.forEach(({ name }, at) => {
    const found = places.get(name);
    if (found === undefined) places.set(name, [at]);
    else found.push(at);
  });
  return places;
}

/** The values of one name, each with what made it. Appends stand behind all others, in their order. */
function tracedValues(
  values: readonly string[],
  had: readonly string[],
  steps: readonly EntryStep[],
): readonly TracedEntry[] {
  const resolved = steps.filter(({ result }) => result !== undefined);
  const appends = resolved.filter(({ action }) => action === 'append');
  const overwrites = resolved.filter(({ action }) => action === 'overwrite').map(({ id }) => id);
  const firstAppended = values.length - appends.length;
  return values.map((value, i) => {
    // Where values were joined or split on the way, it cannot be told which is whose.
    if (firstAppended < 0) return { kind: kindOver(had), by: resolved.map(({ id }) => id) };
    if (i >= firstAppended) return { kind: 'added', by: [appends[i - firstAppended]!.id] };
    if (overwrites.length > 0) return { kind: kindOver(had), by: overwrites };
    return { kind: had.includes(value) ? 'same' : kindOver(had), by: [] };
  });
}

const kindOver = (had: readonly string[]): LineKind => (had.length === 0 ? 'added' : 'changed');
