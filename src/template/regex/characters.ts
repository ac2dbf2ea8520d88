// Characters and their classes in regular expressions of Java's dialect: text → set (spec/websocket-api.md §5.5.2).
import { type CharacterSet, complement, intersection, union, withBothCases } from '../character-set.ts';
import type { Cursor } from '../cursor.ts';
import { MAX_DEPTH } from '../values.ts';
import { namedClass, SHORT_CLASSES } from './classes.ts';
import { malformedPattern, unsupportedPattern } from './errors.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  a: '\u0007',
  e: '\u001b',
};

export class CharacterReader {
  /** Letters A to Z stand for both of their cases. */
  ignoresCase: boolean;
  readonly #cursor: Cursor;

  constructor(cursor: Cursor, ignoresCase: boolean) {
    this.#cursor = cursor;
    this.ignoresCase = ignoresCase;
  }

  character(character: string): CharacterSet {
    const point = character.codePointAt(0)!;
    return this.#cased(point, point);
  }

  /** What stands in `\Q…\E`. */
  quotation(): string {
    const cursor = this.#cursor;
    const end = cursor.text.indexOf('\\E', cursor.at);
    const quoted = cursor.text.slice(cursor.at + 2, end < 0 ? undefined : end);
    cursor.at = end < 0 ? cursor.text.length : end + 2;
    return quoted;
  }

  #cased(first: number, last: number): CharacterSet {
    return this.ignoresCase ? withBothCases([first, last]) : [first, last];
  }

  /** An escape that stands for characters. */
  escaped(): CharacterSet {
    const cursor = this.#cursor;
    cursor.at++;
    const short = cursor.match(/[dDsSwWhHvV]/y);
    if (short !== undefined) return SHORT_CLASSES[short]!;
    const named = cursor.match(/[pP](?:\{[^}]*\}|[A-Za-z])/y);
    if (named !== undefined) {
      const name = named.slice(1).replace(/^\{\s*|\s*\}$/g, '');
      const isNot = named.startsWith('P') !== name.startsWith('^');
      const set = namedClass(name.replace(/^\^/, ''));
      if (set === undefined) throw unsupportedPattern(cursor.text, `the class ${name}`);
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
      throw malformedPattern(cursor.text, 'a \\ escapes nothing');
    }
    cursor.at += letter.length;
    return (SIMPLE[letter] ?? letter).codePointAt(0)!;
  }

  /** `[a-z&&[^b]]`: unions, and intersections of them. */
  brackets(): CharacterSet {
    const cursor = this.#cursor;
    if (++cursor.depth > MAX_DEPTH) throw malformedPattern(cursor.text, 'it is nested too deeply');
    cursor.at++;
    const isNot = cursor.take('^');
    const parts: CharacterSet[][] = [[]];
    for (let isFirst = true; isFirst || cursor.peek() !== ']'; isFirst = false) {
      if (cursor.isAtEnd) throw malformedPattern(cursor.text, 'a [ has no ]');
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
    if (cursor.peek() === '[') return this.brackets();
    if (cursor.startsWith('\\Q')) return union(Array.from(this.quotation(), (each) => this.character(each)));
    const named = cursor.peek() === '\\' && /[dDsSwWhHvVpP]/.test(cursor.peek(1));
    if (named) return this.escaped();
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
    if (last < first) throw malformedPattern(cursor.text, 'a range is malformed');
    return this.#cased(first, last);
  }

  #classCharacter(): number {
    const cursor = this.#cursor;
    if (cursor.take('\\')) return this.#escapedCharacter();
    const point = cursor.text.codePointAt(cursor.at);
    if (point === undefined) throw malformedPattern(cursor.text, 'a [ has no ]');
    cursor.at += point > 0xffff ? 2 : 1;
    return point;
  }
}
