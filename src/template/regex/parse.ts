// Regular expressions in Java's dialect: text → tree (spec/websocket-api.md §5.5.2).
import { complement, EVERYTHING } from '../character-set.ts';
import { Cursor } from '../cursor.ts';
import { MAX_DEPTH, type TemplateError } from '../values.ts';
import { CharacterReader } from './characters.ts';
import { LINE_ENDS, VERTICAL } from './classes.ts';
import { malformedPattern, unsupportedPattern } from './errors.ts';
import type { ParsedRegex, Regex } from './syntax.ts';

/** Parses a pattern. Throws TemplateError for one that Java refuses, UnsupportedPattern for one that is refused here. */
export function parseRegex(source: string, ignoresCase: boolean): ParsedRegex {
  return new RegexParser(source, ignoresCase).parse();
}

/** Those but `i`, which the reader of characters has. */
interface Flags {
  readonly s: boolean;
  readonly x: boolean;
}

const PLACES: Readonly<Record<string, (Regex & { kind: 'place' })['place']>> = {
  A: 'start',
  Z: 'line end',
  z: 'end',
  b: 'word',
  B: 'no word',
};
const LOOKS: readonly (readonly [string, boolean, boolean])[] = [
  ['(?=', false, false],
  ['(?!', false, true],
  ['(?<=', true, false],
  ['(?<!', true, true],
];
/** RE2 counts no further. */
const MOST_REPEATS = 1_000;

class RegexParser {
  readonly #cursor: Cursor;
  readonly #names = new Map<string, number>();
  #groups = 0;
  readonly #reader: CharacterReader;
  #flags: Flags = { s: false, x: false };

  constructor(source: string, ignoresCase: boolean) {
    this.#cursor = new Cursor(source);
    this.#reader = new CharacterReader(this.#cursor, ignoresCase);
  }

  parse(): ParsedRegex {
    const root = this.#choice();
    if (!this.#cursor.isAtEnd) throw this.#error('a ) closes nothing');
    return { root, groups: this.#groups, names: this.#names };
  }

  #error(what: string): TemplateError {
    return malformedPattern(this.#cursor.text, what);
  }

  #unsupported(what: string): TemplateError {
    return unsupportedPattern(this.#cursor.text, what);
  }

  #choice(): Regex {
    if (++this.#cursor.depth > MAX_DEPTH) throw this.#error('it is nested too deeply');
    const [flags, ignoresCase] = [this.#flags, this.#reader.ignoresCase];
    const options = [this.#sequence()];
    while (this.#cursor.take('|')) options.push(this.#sequence());
    this.#flags = flags;
    this.#reader.ignoresCase = ignoresCase;
    this.#cursor.depth--;
    return options.length === 1 ? options[0]! : { kind: 'choice', options };
  }

  #sequence(): Regex {
    const cursor = this.#cursor;
    const items: Regex[] = [];
    for (;;) {
      if (this.#flags.x) cursor.match(/(?:\s|#[^\n]*)+/y);
      if (cursor.isAtEnd || cursor.peek() === '|' || cursor.peek() === ')') break;
      const item = this.#item();
      if (item !== undefined) items.push(this.#repeated(item));
    }
    return items.length === 1 ? items[0]! : { kind: 'sequence', items };
  }

  #repeated(item: Regex): Regex {
    const cursor = this.#cursor;
    if (this.#flags.x) cursor.match(/\s+/y);
    const written = cursor.match(/[*+?]|\{\d{1,9}(?:,\d{0,9})?\}/y);
    if (written === undefined) {
      if (cursor.peek() === '{') throw this.#error('a { begins no count');
      return item;
    }
    const [least, most] = countsOf(written);
    if (least > most) throw this.#error('a count ends before it begins');
    if (least > MOST_REPEATS || (most > MOST_REPEATS && most !== Number.POSITIVE_INFINITY)) {
      throw this.#unsupported(`a count above ${MOST_REPEATS}`);
    }
    const mode = cursor.take('?') ? 'lazy' : cursor.take('+') ? 'possessive' : 'greedy';
    if (/[*+?{]/.test(cursor.peek())) throw this.#error(`${cursor.peek()} repeats nothing`);
    return { kind: 'repeat', of: item, least, most, mode };
  }

  /** undefined for flags. */
  #item(): Regex | undefined {
    const cursor = this.#cursor;
    const character = String.fromCodePoint(cursor.text.codePointAt(cursor.at)!);
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'set', set: this.#reader.brackets() };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
      case '{':
        throw this.#error(`${character} repeats nothing`);
      default: // one character
    }
    cursor.at += character.length;
    switch (character) {
      case '.':
        return { kind: 'set', set: this.#flags.s ? EVERYTHING : complement(LINE_ENDS) };
      case '^':
        return { kind: 'place', place: 'start' };
      case '$':
        return { kind: 'place', place: 'line end' };
      default:
        return this.#character(character);
    }
  }

  #character(character: string): Regex {
    return { kind: 'set', set: this.#reader.character(character) };
  }

  #group(): Regex | undefined {
    const cursor = this.#cursor;
    for (const [open, isBehind, isNot] of LOOKS) {
      if (cursor.take(open)) return { kind: 'look', isBehind, isNot, of: this.#closed() };
    }
    if (cursor.startsWith('(?>')) throw this.#unsupported('an atomic group');
    if (cursor.take('(?:')) return { kind: 'group', index: undefined, of: this.#closed() };
    const name = cursor.match(/\(\?<[A-Za-z][A-Za-z0-9]*>/y)?.slice(3, -1);
    if (name !== undefined) {
      if (this.#names.has(name)) throw this.#error(`two groups are named ${name}`);
      this.#names.set(name, this.#groups + 1);
    } else if (cursor.startsWith('(?')) return this.#flagged();
    else cursor.at++;
    const index = ++this.#groups;
    return { kind: 'group', index, of: this.#closed() };
  }

  /** `(?i)` up to the group's end, `(?i:…)` in itself. */
  #flagged(): Regex | undefined {
    const cursor = this.#cursor;
    const written = cursor.match(/\(\?[A-Za-z]*(?:-[A-Za-z]*)?[:)]/y);
    const [, on, off] = /^\(\?([A-Za-z]*)-?([A-Za-z]*)[:)]$/.exec(written ?? '') ?? [];
    if (on === undefined || off === undefined) throw this.#error('a group is malformed');
    for (const flag of on + off) {
      if ('isx'.includes(flag)) continue;
      if ('mdugU'.includes(flag)) throw this.#unsupported(`the flag ${flag}`);
      throw this.#error(`there is no flag ${flag}`);
    }
    const [before, ignoresCase] = [this.#flags, this.#reader.ignoresCase];
    const flag = (name: string, was: boolean) => !off.includes(name) && (on.includes(name) || was);
    this.#flags = { s: flag('s', before.s), x: flag('x', before.x) };
    this.#reader.ignoresCase = flag('i', ignoresCase);
    if (written!.endsWith(')')) return undefined;
    const of = this.#closed();
    this.#flags = before;
    this.#reader.ignoresCase = ignoresCase;
    return { kind: 'group', index: undefined, of };
  }

  #closed(): Regex {
    const of = this.#choice();
    if (!this.#cursor.take(')')) throw this.#error('a ( has no )');
    return of;
  }

  #escape(): Regex {
    const cursor = this.#cursor;
    const letter = cursor.peek(1);
    if (letter === 'Q') return this.#quotation();
    const place = PLACES[letter];
    if (place !== undefined && Object.hasOwn(PLACES, letter)) {
      cursor.at += 2;
      return { kind: 'place', place };
    }
    if (/[1-9]/.test(letter) || letter === 'k') throw this.#unsupported('a back-reference');
    if ('GX'.includes(letter) && letter !== '') throw this.#unsupported(`\\${letter}`);
    if (letter === 'R') {
      cursor.at += 2;
      const pair: Regex = { kind: 'sequence', items: [this.#character('\r'), this.#character('\n')] };
      const any: Regex = { kind: 'set', set: VERTICAL };
      return { kind: 'group', index: undefined, of: { kind: 'choice', options: [pair, any] } };
    }
    return { kind: 'set', set: this.#reader.escaped() };
  }

  /** `\Q…\E`. */
  #quotation(): Regex {
    const items = Array.from(this.#reader.quotation(), (character) => this.#character(character));
    // A count behind it is that of the last character.
    const last = items.pop();
    if (last === undefined) return { kind: 'sequence', items: [] };
    return { kind: 'sequence', items: [...items, this.#repeated(last)] };
  }
}

function countsOf(written: string): [least: number, most: number] {
  switch (written) {
    case '*':
      return [0, Number.POSITIVE_INFINITY];
    case '+':
      return [1, Number.POSITIVE_INFINITY];
    case '?':
      return [0, 1];
    default: // counts in braces
  }
  const [least, most] = written.slice(1, -1).split(',');
  if (most === undefined) return [Number(least), Number(least)];
  return [Number(least), most === '' ? Number.POSITIVE_INFINITY : Number(most)];
}
