// Sets of characters: sorted, disjoint ranges of code points, first and last of each in turn.

export type CharacterSet = readonly number[];

const LAST = 0x10ffff;

export const EVERYTHING: CharacterSet = [0, LAST];

/** The set of what single characters and ranges such as `a-z` name. */
export function setOf(...parts: readonly string[]): CharacterSet {
  return union(
    parts.map((part) => {
      const points = Array.from(part, (character) => character.codePointAt(0)!);
      return points.length === 3 ? [points[0]!, points[2]!] : [points[0]!, points[0]!];
    }),
  );
}

export function union(sets: readonly CharacterSet[]): CharacterSet {
  const ranges = sets.flatMap((set) => pairs(set)).sort((a, b) => a[0] - b[0]);
  const merged: number[] = [];
  for (const [first, last] of ranges) {
    const end = merged.at(-1);
    if (end !== undefined && first <= end + 1) merged[merged.length - 1] = Math.max(end, last);
    else merged.push(first, last);
  }
  return merged;
}

export function complement(set: CharacterSet): CharacterSet {
  const rest: number[] = [];
  let next = 0;
  for (const [first, last] of pairs(set)) {
    if (first > next) rest.push(next, first - 1);
    next = last + 1;
  }
  if (next <= LAST) rest.push(next, LAST);
  return rest;
}

export function intersection(left: CharacterSet, right: CharacterSet): CharacterSet {
  return complement(union([complement(left), complement(right)]));
}

/** With the other case of its letters A to Z. */
export function withBothCases(set: CharacterSet): CharacterSet {
  const moved = (first: number, last: number, by: number) =>
    pairs(intersection(set, [first, last])).map(([from, to]) => [from + by, to + by]);
  return union([set, ...moved(0x41, 0x5a, 32), ...moved(0x61, 0x7a, -32)]);
}

/** As a class of a regular expression. */
export function printSet(set: CharacterSet): string {
  if (set.length === 0) return '[^\\x{0}-\\x{10ffff}]';
  const ranges = pairs(set).map(([first, last]) =>
    first === last ? code(first) : `${code(first)}-${code(last)}`,
  );
  return set.length === 2 && set[0] === set[1] ? ranges[0]! : `[${ranges.join('')}]`;
}

function code(point: number): string {
  return `\\x{${point.toString(16)}}`;
}

function pairs(set: CharacterSet): [first: number, last: number][] {
  return Array.from({ length: set.length / 2 }, (_, i) => [set[2 * i]!, set[2 * i + 1]!]);
}

const CHUNK = 0x800;
const unicode = new Map<string, CharacterSet | undefined>();
const KEPT = 500;

/** The characters of a Unicode property, written as in `\p{…}` of ECMAScript; undefined when there is none of the name. */
export function unicodeSet(property: string): CharacterSet | undefined {
  if (!unicode.has(property)) {
    if (unicode.size >= KEPT) unicode.clear();
    unicode.set(property, readUnicodeSet(property));
  }
  return unicode.get(property);
}

function readUnicodeSet(property: string): CharacterSet | undefined {
  let pattern: RegExp;
  try {
    pattern = new RegExp(`\\p{${property}}+`, 'gu');
  } catch {
    return undefined;
  }
  const found: number[][] = [];
  for (let from = 0; from <= LAST; from += CHUNK) {
    if (from >= 0xd800 && from < 0xe000) continue;
    const units = from < 0x10000 ? 1 : 2;
    const text = String.fromCodePoint(...Array.from({ length: CHUNK }, (_, i) => from + i));
    for (const match of text.matchAll(pattern)) {
      const first = from + match.index / units;
      found.push([first, first + match[0].length / units - 1]);
    }
  }
  return union(found);
}
