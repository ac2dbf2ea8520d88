// JSON as a tree with places: strict (RFC 8259), but that a name may not be there twice (Choice O8).

import { Extent, MAX_DEPTH, type TextRules, tooDeep, unusable } from './bounds.ts';
import { type ListNode, type MapNode, type Member, type Node, positionsIn } from './node.ts';
import { scalarOf } from './scalar.ts';
import { TextError } from './text-error.ts';

/** The text is no JSON at all, whereas other errors are of JSON that is of no use here. */
export class NotJson extends TextError {}

/** Throws TextError, NotJson among them. `from` is where the text begins behind a byte order mark. */
export function readJson(text: string, from: number, rules: TextRules): Node {
  return new JsonReader(text, from, rules).document();
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

class JsonReader {
  readonly #text: string;
  readonly #extent: Extent;
  #at: number;

  constructor(text: string, from: number, rules: TextRules) {
    this.#text = text;
    this.#extent = new Extent(text.length, rules);
    this.#at = from;
  }

  document(): Node {
    this.#blanks();
    const root = this.#value(0);
    this.#blanks();
    if (this.#at < this.#text.length) throw this.#expected('the end of the text');
    return root;
  }

  #value(depth: number): Node {
    const offset = this.#at;
    this.#extent.add(1, 0, offset);
    switch (this.#text[offset]) {
      case '{':
        return this.#map(offset, depth + 1);
      case '[':
        return this.#list(offset, depth + 1);
      case '"':
        return scalarOf('string', this.#string(), offset);
      case 't':
        return this.#word('true', 'boolean');
      case 'f':
        return this.#word('false', 'boolean');
      case 'n':
        return this.#word('null', 'null');
      default:
        return this.#number(offset);
    }
  }

  #map(offset: number, depth: number): MapNode {
    const members = new Map<string, Member>();
    if (this.#opens(depth, '}')) return { kind: 'map', offset, members };
    do {
      this.#blanks();
      const keyOffset = this.#at;
      if (this.#text.charCodeAt(keyOffset) !== QUOTE) throw this.#expected('a key in double quotes');
      this.#extent.add(1, 0, keyOffset);
      const key = this.#string();
      const before = members.get(key);
      if (before !== undefined) throw repeatedKey(this.#text, key, keyOffset, before.keyOffset);
      this.#blanks();
      if (this.#text[this.#at] !== ':') throw this.#expected('":"');
      this.#at++;
      this.#blanks();
      members.set(key, { keyOffset, value: this.#value(depth) });
    } while (this.#goesOn('}'));
    return { kind: 'map', offset, members };
  }

  #list(offset: number, depth: number): ListNode {
    const items: Node[] = [];
    if (this.#opens(depth, ']')) return { kind: 'list', offset, items };
    do {
      this.#blanks();
      items.push(this.#value(depth));
    } while (this.#goesOn(']'));
    return { kind: 'list', offset, items };
  }

  /** Passes over an opening bracket, and over the closing one where nothing is between them. */
  #opens(depth: number, closer: string): boolean {
    if (depth > MAX_DEPTH) throw tooDeep(this.#at);
    this.#at++;
    this.#blanks();
    if (this.#text[this.#at] !== closer) return false;
    this.#at++;
    return true;
  }

  /** Passes over a comma or the closing bracket. */
  #goesOn(closer: string): boolean {
    this.#blanks();
    const next = this.#text[this.#at];
    if (next !== ',' && next !== closer) throw this.#expected(`"," or "${closer}"`);
    this.#at++;
    return next === ',';
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at + 1;
    let hasEscapes = false;
    let at = start;
    for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(++at)) {
      if (code === BACKSLASH) {
        hasEscapes = true;
        at++;
      } else if (!(code >= 0x20)) {
        this.#at = at;
        throw this.#expected('the closing quote of a string');
      }
    }
    const written = text.slice(start, at);
    this.#at = at + 1;
    if (!hasEscapes) return written;
    try {
      return JSON.parse(`"${written}"`) as string;
    } catch {
      throw new NotJson(start - 1, 'a string with an escape that JSON does not have');
    }
  }

  #word(word: string, type: 'boolean' | 'null'): Node {
    const offset = this.#at;
    if (!this.#text.startsWith(word, offset)) throw this.#expected('a value');
    this.#at += word.length;
    return scalarOf(type, word, offset);
  }

  #number(offset: number): Node {
    NUMBER.lastIndex = offset;
    const written = NUMBER.exec(this.#text)?.[0];
    if (written === undefined) throw this.#expected('a value');
    this.#at += written.length;
    return scalarOf('number', written, offset);
  }

  #blanks(): void {
    const text = this.#text;
    let at = this.#at;
    for (let code = text.charCodeAt(at); code <= 0x20; code = text.charCodeAt(++at)) {
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
    }
    this.#at = at;
  }

  #expected(what: string): NotJson {
    const at = this.#at;
    const char = this.#text.codePointAt(at);
    const found =
      char === undefined ? 'the text ends' : `there is ${JSON.stringify(String.fromCodePoint(char))}`;
    return new NotJson(at, `not JSON: where ${what} should be, ${found}`);
  }
}

/** Two parsers would keep different ones of two members with one key. */
export function repeatedKey(text: string, key: string, offset: number, before: number): TextError {
  const first = positionsIn(text)(before);
  return unusable(offset, `the key ${JSON.stringify(key)} is there twice, first in line ${first.line}`);
}
