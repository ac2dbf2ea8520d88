// Regular expressions of Java for an engine of linear time (spec/websocket-api.md §5.5.2). Classes are spelt out. What only
// looks at what is behind or in front of a match, the engine matches as well, in a group of its own, which is then cut off.
import { unreachable } from '../../defect.ts';
import { complement, printSet } from '../character-set.ts';
import { TemplateError } from '../values.ts';
import { unsupportedPattern } from './errors.ts';
import { parseRegex } from './parse.ts';
import { oneSet, withoutPossessives } from './possessive.ts';
import { isNullable, type Regex, sizeOf } from './syntax.ts';

/** Of one pattern. */
const MOST_STATES = 10_000;

/** For a search. */
export interface Search {
  readonly source: string;
  /** Numbers of the groups whose end is where the match begins. */
  readonly heads: readonly number[];
  /** Numbers of the groups whose start is where the match ends. */
  readonly tails: readonly number[];
  /** By the pattern's own number: the number here, and whether it is in a look-ahead. */
  readonly groups: readonly { readonly number: number; readonly isOutside: boolean }[];
}

export interface Translation {
  readonly names: ReadonlyMap<string, number>;
  /** For a search from the start. */
  readonly search: Search;
  /** For one from anywhere else. */
  readonly later: Search;
  /** For the whole text. */
  readonly whole: string;
  /** Whether a search may read far beyond what it finds. */
  readonly readsFar: boolean;
  /** How many states matching needs. */
  readonly size: number;
}

/** Throws TemplateError for what Java refuses, UnsupportedPattern for what is refused here. */
export function translateRegex(source: string, ignoresCase: boolean): Translation {
  const { root, names } = parseRegex(source, ignoresCase);
  const regex = withoutPossessives(root, source);
  const size = sizeOf(regex);
  if (size > MOST_STATES)
    throw new TemplateError(`The regular expression ${source.slice(0, 100)} is too large`);
  if (lookBehind(regex) === 'some')
    throw unsupportedPattern(source, 'a look-behind in some of its alternatives alone');
  const ends = { isHead: true, isTail: true };
  const print = (mode: Printer['mode']) => {
    const printer = new Printer(source, mode);
    return { ...printer, source: printer.print(regex, ends) };
  };
  return {
    names,
    search: print('first'),
    later: lookBehind(regex) === 'all' ? print('later') : print('first'),
    whole: new Printer(source, 'whole').print(regex, ends),
    readsFar: readsFar(regex, false, false),
    size,
  };
}

/** Whether matches begin with a look-behind. */
function lookBehind(regex: Regex): 'all' | 'some' | 'none' {
  switch (regex.kind) {
    case 'look':
      return regex.isBehind ? 'all' : 'none';
    case 'group':
      return lookBehind(regex.of);
    case 'sequence':
      return regex.items.length === 0 ? 'none' : lookBehind(regex.items[0]!);
    case 'choice': {
      const found = new Set(regex.options.map(lookBehind));
      return found.size === 1 ? [...found][0]! : 'some';
    }
    case 'repeat':
      return lookBehind(regex.of) === 'none' ? 'none' : 'some';
    default:
      return 'none';
  }
}

/** Where in the pattern something stands: with nothing in front of it, with nothing behind it. */
interface Ends {
  readonly isHead: boolean;
  readonly isTail: boolean;
}

const NOWHERE: Ends = { isHead: false, isTail: false };
/** What may be behind `$`. */
const LAST_LINE_END = '(?:\\r\\n|[\\n\\r\\x{85}\\x{2028}\\x{2029}])';

class Printer {
  readonly heads: number[] = [];
  readonly tails: number[] = [];
  readonly groups: { number: number; isOutside: boolean }[] = [];
  readonly mode: 'first' | 'later' | 'whole';
  readonly #source: string;
  #count = 0;
  #isInLook = false;

  constructor(source: string, mode: Printer['mode']) {
    this.#source = source;
    this.mode = mode;
  }

  print(regex: Regex, ends: Ends): string {
    switch (regex.kind) {
      case 'set':
        return printSet(regex.set);
      case 'sequence':
        return regex.items
          .map((item, i, { length }) =>
            this.print(item, { isHead: ends.isHead && i === 0, isTail: ends.isTail && i === length - 1 }),
          )
          .join('');
      case 'choice':
        return `(?:${regex.options.map((each) => this.print(each, ends)).join('|')})`;
      case 'group': {
        if (regex.index === undefined) return `(?:${this.print(regex.of, ends)})`;
        this.groups[regex.index] = { number: ++this.#count, isOutside: this.#isInLook };
        return `(${this.print(regex.of, ends)})`;
      }
      case 'repeat':
        return this.#repeat(regex, ends);
      case 'place':
        return this.#place(regex.place, ends);
      case 'look':
        return regex.isBehind ? this.#behind(regex, ends) : this.#ahead(regex, ends);
      default:
        unreachable(regex);
    }
  }

  #repeat(regex: Regex & { kind: 'repeat' }, ends: Ends): string {
    const { least, most } = regex;
    const of = this.print(regex.of, most === 1 ? { isHead: false, isTail: ends.isTail } : NOWHERE);
    return `(?:${of})${printCount(least, most)}${regex.mode === 'lazy' ? '?' : ''}`;
  }

  #place(place: (Regex & { kind: 'place' })['place'], ends: Ends): string {
    switch (place) {
      case 'start':
        return '\\A';
      case 'end':
        return '\\z';
      case 'word':
        return '\\b';
      case 'no word':
        return '\\B';
      case 'line end':
        if (!ends.isTail) throw unsupportedPattern(this.#source, 'something behind $');
        if (this.mode === 'whole') return '\\z';
        this.tails.push(++this.#count);
        return `(?:\\z|(${LAST_LINE_END})\\z)`;
      default:
        unreachable(place);
    }
  }

  #behind(regex: Regex & { kind: 'look' }, ends: Ends): string {
    const set = oneSet(regex.of);
    if (set === undefined)
      throw unsupportedPattern(this.#source, 'a look-behind of something else than one character');
    if (!ends.isHead) throw unsupportedPattern(this.#source, 'a look-behind that is not at its beginning');
    if (this.mode === 'whole') return regex.isNot ? '\\A' : printSet([]);
    this.heads.push(++this.#count);
    if (!regex.isNot) return `(${printSet(set)})`;
    return this.mode === 'first' ? `(\\A|${printSet(complement(set))})` : `(${printSet(complement(set))})`;
  }

  #ahead(regex: Regex & { kind: 'look' }, ends: Ends): string {
    if (!ends.isTail) throw unsupportedPattern(this.#source, 'a look-ahead that is not at its end');
    const set = oneSet(regex.of);
    if (regex.isNot && set === undefined) {
      throw unsupportedPattern(this.#source, 'a negative look-ahead of something else than one character');
    }
    const number = ++this.#count;
    this.#isInLook = true;
    const of = regex.isNot
      ? `(?:\\z|${printSet(complement(set!))})`
      : this.print(regex.of, { isHead: false, isTail: true });
    this.#isInLook = false;
    if (this.mode === 'whole') return regex.isNot ? '\\z' : `\\z(?:${of})`;
    this.tails.push(number);
    return `(${of})`;
  }
}

function printCount(least: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
  if (least === 0 && most === 1) return '?';
  return least === most ? `{${least}}` : `{${least},${most}}`;
}

/** Something without end inside of what need not match, and something that must follow it there. */
function readsFar(regex: Regex, isOptional: boolean, isFollowed: boolean): boolean {
  switch (regex.kind) {
    case 'set':
    case 'place':
      return false;
    case 'look':
      return !regex.isBehind && oneSet(regex.of) === undefined;
    case 'group':
      return readsFar(regex.of, isOptional, isFollowed);
    case 'choice':
      return regex.options.some((each) => readsFar(each, true, false));
    case 'sequence':
      return regex.items.some((item, i, { length }) => {
        const follows = isFollowed || regex.items.slice(i + 1, length).some((each) => !isNullable(each));
        return readsFar(item, isOptional, follows);
      });
    case 'repeat':
      if (isOptional && isFollowed && regex.most > 1) return true;
      return readsFar(regex.of, isOptional || regex.least === 0 || regex.most > 1, false);
    default:
      unreachable(regex);
  }
}
