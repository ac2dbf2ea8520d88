// Possessive quantifiers of regular expressions without backtracking (spec/websocket-api.md §5.5.2): `a++b` is `a+b`, since
// what follows cannot begin with what is repeated; `a++[ab]` is `a+b`.
import { unreachable } from '../../defect.ts';
import { type CharacterSet, complement, EVERYTHING, intersection, union } from '../character-set.ts';
import type { TemplateError } from '../values.ts';
import { unsupportedPattern } from './errors.ts';
import { isNullable, type Regex } from './syntax.ts';

/** What follows to the pattern's end, or to where a loop begins anew. */
interface Following {
  readonly items: readonly Regex[];
  readonly isLoop: boolean;
}

/** The same without possessive quantifiers. Throws UnsupportedPattern where they have no equal. */
export function withoutPossessives(regex: Regex, source: string): Regex {
  return resolve(regex, { items: [], isLoop: false }, source);
}

function resolve(regex: Regex, following: Following, source: string): Regex {
  switch (regex.kind) {
    case 'set':
    case 'place':
      return regex;
    case 'look':
      return { ...regex, of: resolve(regex.of, { items: [], isLoop: true }, source) };
    case 'group':
      return { ...regex, of: resolve(regex.of, following, source) };
    case 'choice':
      return { ...regex, options: regex.options.map((each) => resolve(each, following, source)) };
    case 'sequence':
      return resolveSequence(regex.items, following, source);
    case 'repeat':
      if (regex.mode === 'possessive') return resolveSequence([regex], following, source);
      return {
        ...regex,
        of: resolve(regex.of, regex.most > 1 ? { items: [], isLoop: true } : following, source),
      };
    default:
      unreachable(regex);
  }
}

function resolveSequence(given: readonly Regex[], following: Following, source: string): Regex {
  const items = [...given];
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    const rest = { items: [...items.slice(i + 1), ...following.items], isLoop: following.isLoop };
    if (item.kind !== 'repeat' || item.mode !== 'possessive') {
      items[i] = resolve(item, rest, source);
      continue;
    }
    items[i] = { ...item, mode: 'greedy' };
    const set = oneSet(item.of);
    if (set === undefined) {
      if (rest.items.length === 0 && !rest.isLoop) continue;
      throw unsupported(source);
    }
    if (isDisjoint(set, rest)) continue;
    const next = items[i + 1];
    if (next?.kind !== 'set' || item.most !== Number.POSITIVE_INFINITY) throw unsupported(source);
    items[i + 1] = { kind: 'set', set: intersection(next.set, complement(set)) };
  }
  return { kind: 'sequence', items };
}

function unsupported(source: string): TemplateError {
  return unsupportedPattern(source, 'a possessive quantifier before what it may match itself');
}

/** Whether what follows begins with none of the set. */
function isDisjoint(set: CharacterSet, { items, isLoop }: Following): boolean {
  for (const item of items) {
    if (intersection(first(item), set).length > 0) return false;
    if (!isNullable(item)) return true;
  }
  return !isLoop;
}

/** What a match can begin with. Where it can begin with a place, that may be anything but for an end. */
function first(regex: Regex): CharacterSet {
  switch (regex.kind) {
    case 'set':
      return regex.set;
    case 'group':
    case 'repeat':
      return first(regex.of);
    case 'choice':
      return union(regex.options.map(first));
    case 'sequence': {
      const end = regex.items.findIndex((item) => !isNullable(item));
      return union(regex.items.slice(0, end < 0 ? undefined : end + 1).map(first));
    }
    case 'place':
      return regex.place === 'end' || regex.place === 'line end' ? [] : EVERYTHING;
    case 'look':
      return EVERYTHING;
    default:
      unreachable(regex);
  }
}

/** The set of a pattern of exactly one character; undefined for any other. */
export function oneSet(regex: Regex): CharacterSet | undefined {
  switch (regex.kind) {
    case 'set':
      return regex.set;
    case 'group':
      return oneSet(regex.of);
    case 'choice': {
      const sets = regex.options.map(oneSet);
      return sets.some((set) => set === undefined) ? undefined : union(sets as CharacterSet[]);
    }
    case 'sequence':
      return regex.items.length === 1 ? oneSet(regex.items[0]!) : undefined;
    default:
      return undefined;
  }
}
