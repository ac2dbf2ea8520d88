// Maps of texts as rows that can be typed: a row may be half written, and two may have one key.

export interface Row {
  /** Of this page alone. */
  readonly id: string;
  readonly key: string;
  readonly value: string;
}

export type Texts = Readonly<Record<string, string>>;

/** What is kept over a reload meets rows of the page that loads. */
const page = Math.random().toString(36).slice(2, 10);
let count = 0;

export function newRow(key = '', value = ''): Row {
  count++;
  return { id: `row-${page}-${count}`, key, value };
}

export function rowsOf(map: Texts | undefined): readonly Row[] {
  return Object.entries(map ?? {}).map(([key, value]) => newRow(key, value));
}

/** The map that rows are; rows without a key are not there yet, and of two with one key the first counts. */
export function mapOf(rows: readonly Row[]): Texts {
  const map = new Map<string, string>();
  for (const { key, value } of rows) if (key !== '' && !map.has(key)) map.set(key, value);
  // Defines each key; an assignment would not define `__proto__`.
  return Object.fromEntries(map);
}

/** As mapOf, of mappings: one of nothing is none, but for a removal. */
export function mappingsOf(rows: readonly Row[]): Texts {
  return mapOf(rows.filter(({ key, value }) => value !== '' || key.startsWith('remove:')));
}

/** What keeps rows from being a map, by their ids. */
export function rowProblems(rows: readonly Row[]): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  const seen = new Set<string>();
  for (const { id, key, value } of rows) {
    if (key === '') {
      if (value !== '') problems.set(id, 'The key is missing.');
    } else if (seen.has(key)) {
      problems.set(
        id,
        'This key is there already: a map has each key once. A number behind a header tells two apart: .1, .2',
      );
    } else seen.add(key);
  }
  return problems;
}

/** What UpdateIntegration needs to make one map of another: an empty text deletes the entry of its key; undefined when both are
 *  the same. */
export function mapChanges(stored: Texts, wanted: Texts): Texts | undefined {
  const changes = new Map<string, string>();
  for (const key of Object.keys(stored)) if (!Object.hasOwn(wanted, key)) changes.set(key, '');
  for (const [key, value] of Object.entries(wanted)) {
    if (!Object.hasOwn(stored, key) || stored[key] !== value) changes.set(key, value);
  }
  return changes.size === 0 ? undefined : Object.fromEntries(changes);
}

/** The same of maps by status: an empty map deletes that of its status. */
export function statusChanges(
  stored: Readonly<Record<string, Texts>>,
  wanted: Readonly<Record<string, Texts>>,
): Readonly<Record<string, Texts>> | undefined {
  const changes = new Map<string, Texts>();
  for (const status of Object.keys(stored)) {
    if (!Object.hasOwn(wanted, status) || Object.keys(wanted[status]!).length === 0) changes.set(status, {});
  }
  for (const [status, texts] of Object.entries(wanted)) {
    if (changes.has(status)) continue;
    const changed = mapChanges(Object.hasOwn(stored, status) ? stored[status]! : {}, texts);
    if (changed !== undefined) changes.set(status, changed);
  }
  return changes.size === 0 ? undefined : Object.fromEntries(changes);
}

export function sameTexts(a: Texts, b: Texts): boolean {
  return mapChanges(a, b) === undefined;
}
