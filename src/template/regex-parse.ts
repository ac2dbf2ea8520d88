// Regular expressions in Java's dialect: text → tree (spec/websocket-api.md §5.5.2).
import {
  type CharacterSet,
  complement,
  EVERYTHING,
  intersection,
  union,
  withBothCases,
} from './character-set.ts';
import { Cursor } from './cursor.ts';
import { LINE_ENDS, namedClass, SHORT_CLASSES, VERTICAL } from './regex-classes.ts';
import type { ParsedRegex, Regex } from './regex-syntax.ts';
import { MAX_DEPTH, TemplateError } from './values.ts';

/** A pattern that is right in Java and cannot be had here: matching takes linear time. */
export class UnsupportedPattern extends TemplateError {}

/** Parses a pattern. Throws TemplateError for one that Java refuses, UnsupportedPattern for one that is refused here. */
export function parseRegex(source: string, ignoresCase: boolean): ParsedRegex {
  return new RegexParser(source, ignoresCase).parse();
}

interface Flags {
  readonly i: boolean;
  readonly s: boolean;
  readonly x: boolean;
}

const SIMPLE: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  a: '\u0007',
  e: '\u001b',
};
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
  #flags: Flags;

  constructor(source: string, ignoresCase: boolean) {
    this.#cursor = new Cursor(source);
    this.#flags = { i: ignoresCase, s: false, x: false };
  }

  parse(): ParsedRegex {
    const root = this.#choice();
    if (!this.#cursor.isAtEnd) throw this.#error('a ) closes nothing');
    return { root, groups: this.#groups, names: this.#names };
  }

  #error(what: string): TemplateError {
    return new TemplateError(`The regular expression ${this.#cursor.text} is malformed: ${what}`);
  }

  #unsupported(what: string): UnsupportedPattern {
    return new UnsupportedPattern(
      `The regular expression ${this.#cursor.text} has ${what}, which is not supported: matching takes linear time here`,
    );
  }

  #choice(): Regex {
    if (++this.#cursor.depth > MAX_DEPTH) throw this.#error('it is nested too deeply');
    const flags = this.#flags;
    const options = [this.#sequence()];
    while (this.#cursor.take('|')) options.push(this.#sequence());
    this.#flags = flags;
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
        return { kind: 'set', set: this.#class() };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
      case '{':
        throw this.#error(`${character} repeats nothing`);
    }
    cursor.at += character.length;
    switch (character) {
      case '.':
        return { kind: 'set', set: this.#flags.s ? EVERYTHING : complement(LINE_ENDS) };
      case '^':
        return { kind: 'place', place: 'start' };
      case '$':
        return { kind: 'place', place: 'line end' };
    }
    return this.#character(character);
  }

  #character(character: string): Regex {
    const point = character.codePointAt(0)!;
    return { kind: 'set', set: this.#cased(point, point) };
  }

  #cased(first: number, last: number): CharacterSet {
    return this.#flags.i ? withBothCases([first, last]) : [first, last];
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
    const before = this.#flags;
    const flag = (name: keyof Flags) => !off.includes(name) && (on.includes(name) || before[name]);
    this.#flags = { i: flag('i'), s: flag('s'), x: flag('x') };
    if (written!.endsWith(')')) return undefined;
    const of = this.#closed();
    this.#flags = before;
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
    return { kind: 'set', set: this.#escapedSet() };
  }

  /** `\Q…\E`. */
  #quotation(): Regex {
    const cursor = this.#cursor;
    const end = cursor.text.indexOf('\\E', cursor.at);
    const quoted = cursor.text.slice(cursor.at + 2, end < 0 ? undefined : end);
    cursor.at = end < 0 ? cursor.text.length : end + 2;
    const items = Array.from(quoted, (character) => this.#character(character));
    // A count behind it is that of the last character.
    const last = items.pop();
    if (last === undefined) return { kind: 'sequence', items: [] };
    return { kind: 'sequence', items: [...items, this.#repeated(last)] };
  }

  /** An escape that stands for characters. */
  #escapedSet(): CharacterSet {
    const cursor = this.#cursor;
    cursor.at++;
    const short = cursor.match(/[dDsSwWhHvV]/y);
    if (short !== undefined) return SHORT_CLASSES[short]!;
    const named = cursor.match(/[pP](?:\{[^}]*\}|[A-Za-z])/y);
    if (named !== undefined) {
      const name = named.slice(1).replace(/^\{\s*|\s*\}$/g, '');
      const isNot = named.startsWith('P') !== name.startsWith('^');
      const set = namedClass(name.replace(/^\^/, ''));
      if (set === undefined) throw this.#unsupported(`the class ${name}`);
      return isNot ? complement(set) : set;
    }
    const point = this.#escapedCharacter();
    return this.#cased(point, point);
  }

  #escapedCharacter(): number {
    const cursor = this.#cursor;
    const code =
      cursor.match(/u[0-9A-Fa-f]{4}/y)?.slice(1) ??
      cursor.match(/x[0-9A-Fa-f]{2}/y)?.slice(1) ??
      cursor.match(/x\{[0-9A-Fa-f]{1,6}\}/y)?.slice(2, -1);
    if (code !== undefined && Number.parseInt(code, 16) <= 0x10ffff) return Number.parseInt(code, 16);
    const octal = cursor.match(/0(?:[0-3][0-7]{2}|[0-7]{1,2})/y);
    if (octal !== undefined) return Number.parseInt(octal, 8);
    const control = cursor.match(/c[\s\S]/y);
    if (control !== undefined) return control.charCodeAt(1) ^ 64;
    const letter = String.fromCodePoint(cursor.text.codePointAt(cursor.at) ?? 0);
    if (cursor.isAtEnd || (/[A-Za-z0-9]/.test(letter) && SIMPLE[letter] === undefined)) {
      throw this.#error('a \\ escapes nothing');
    }
    cursor.at += letter.length;
    return (SIMPLE[letter] ?? letter).codePointAt(0)!;
  }

  /** `[a-z&&[^b]]`: unions, and intersections of them. */
  #class(): CharacterSet {
    const cursor = this.#cursor;
    if (++cursor.depth > MAX_DEPTH) throw this.#error('it is nested too deeply');
    cursor.at++;
    const isNot = cursor.take('^');
    const parts: CharacterSet[][] = [[]];
    for (let isFirst = true; isFirst || cursor.peek() !== ']'; isFirst = false) {
      if (cursor.isAtEnd) throw this.#error('a [ has no ]');
      if (cursor.take('&&')) parts.push([]);
      else parts.at(-1)!.push(this.#classPart());
    }
    cursor.at++;
    cursor.depth--;
    // Nothing behind && takes nothing away.
    const sets = parts.filter((part, i) => i === 0 || part.length > 0).map((part) => union(part));
    const set = sets.reduce((left, right) => intersection(left, right));
    return isNot ? complement(set) : set;
  }

  #classPart(): CharacterSet {
    const cursor = this.#cursor;
    if (cursor.peek() === '[') return this.#class();
    if (cursor.startsWith('\\Q')) {
      const end = cursor.text.indexOf('\\E', cursor.at);
      const quoted = cursor.text.slice(cursor.at + 2, end < 0 ? undefined : end);
      cursor.at = end < 0 ? cursor.text.length : end + 2;
      return union(Array.from(quoted, (each) => [each.codePointAt(0)!, each.codePointAt(0)!]));
    }
    const named = cursor.peek() === '\\' && /[dDsSwWhHvVpP]/.test(cursor.peek(1));
    if (named) return this.#escapedSet();
    const first = this.#classCharacter();
    if (
      cursor.peek() !== '-' ||
      ['', ']', '['].includes(cursor.peek(1)) ||
      cursor.text.startsWith('&&', cursor.at + 1)
    ) {
      return this.#cased(first, first);
    }
    cursor.at++;
    const last = this.#classCharacter();
    if (last < first) throw this.#error('a range is malformed');
    return this.#cased(first, last);
  }

  #classCharacter(): number {
    const cursor = this.#cursor;
    if (cursor.take('\\')) return this.#escapedCharacter();
    const point = cursor.text.codePointAt(cursor.at);
    if (point === undefined) throw this.#error('a [ has no ]');
    cursor.at += point > 0xffff ? 2 : 1;
    return point;
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
  }
  const [least, most] = written.slice(1, -1).split(',');
  if (most === undefined) return [Number(least), Number(least)];
  return [Number(least), most === '' ? Number.POSITIVE_INFINITY : Number(most)];
}
