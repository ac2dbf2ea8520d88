// The JSON parser behind `$input`, `$util.parseJson` and MOCK integrations: json-smart's permissive mode, which takes more
// than JSON (spec/websocket-api.md §5.9).
import { decimalText } from './java-decimal.ts';
import { type Budget, MAX_DEPTH, TemplateError, type Value, VDecimal, VList, VMap } from './values.ts';

const INTEGER = /^-?\d+$/;
const DECIMAL = /^-?\d+(?:\.\d*(?:[eE][-+]?\d+)?|[eE][-+]?\d+)$/;
/** What looks like a number up to its exponent, and has none. */
const BROKEN_EXPONENT = /^-?\d+(?:\.\d*)?[eE][-+]$/;
const BACKSLASH = 0x5c;
const TOO_EARLY = 'JSON ends too early';
/** A decimal of more characters keeps all of its digits. */
const LONGEST_DOUBLE = 18;

/** Parses a text. Throws TemplateError for unbalanced quotes, a missing end, a key without value. */
export function parseLenientJson(text: string, budget: Budget): Value {
  return parse(text, budget, false);
}

/** The same for a text that is JSON: nothing in it is taken for a slip, and all decimals are doubles. */
export function parseExactJson(text: string, budget: Budget): Value {
  return parse(text, budget, true);
}

function parse(text: string, budget: Budget, isExact: boolean): Value {
  budget.spend(1 + (text.length >> 4));
  return new LenientParser(text, budget, isExact).parse();
}

class LenientParser {
  readonly #text: string;
  readonly #budget: Budget;
  readonly #isExact: boolean;
  #at = 0;

  constructor(text: string, budget: Budget, isExact: boolean) {
    this.#text = text;
    this.#budget = budget;
    this.#isExact = isExact;
  }

  /** What follows the first object, array or string is ignored. */
  parse(): Value {
    this.#skipBlanks();
    return this.#at === this.#text.length ? '' : this.#value('', 0);
  }

  /** A value that one of `ends` ends, when it is not quoted. */
  #value(ends: string, depth: number): Value {
    if (depth > MAX_DEPTH) throw new TemplateError('JSON is nested too deeply');
    this.#budget.spend(2);
    switch (this.#peek()) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
      case "'":
        return this.#quoted();
      case ':':
      case '}':
      case ']':
        throw new TemplateError(`A JSON value does not begin with ${this.#peek()}`);
      default:
        return this.#scalar(ends === '' ? trimmed(this.#text.slice(this.#at)) : this.#bare(ends));
    }
  }

  #object(depth: number): Value {
    const entries = new Map<string, Value>();
    this.#at++;
    for (;;) {
      this.#skipBlanks(',');
      const first = this.#peek();
      if (first === '}') {
        this.#at++;
        return new VMap(entries, 'json');
      }
      if (':][{'.includes(first)) throw new TemplateError(`A JSON key does not begin with ${first}`);
      const key = first === '"' || first === "'" ? this.#quoted() : this.#bare(':');
      this.#skipBlanks();
      if (this.#peek() !== ':') throw new TemplateError('A JSON key has no value');
      this.#at++;
      this.#skipBlanks();
      entries.set(key, this.#value(',}', depth + 1));
      this.#skipBlanks();
      const next = this.#peek();
      if (next !== ',' && next !== '}') throw new TemplateError('JSON goes on where a comma or } belongs');
    }
  }

  /** No comma is needed between elements. */
  #array(depth: number): Value {
    const items: Value[] = [];
    this.#at++;
    for (;;) {
      this.#skipBlanks(',');
      if (this.#peek() === ']') {
        this.#at++;
        return new VList(items, true);
      }
      items.push(this.#value(',]', depth + 1));
    }
  }

  #quoted(): string {
    const quote = this.#text[this.#at]!;
    const end = quote.charCodeAt(0);
    let text = '';
    let hasEscape = false;
    let from = ++this.#at;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === end) {
        const rest = this.#text.slice(from, this.#at++);
        return hasEscape ? text + this.#raw(rest) : rest;
      }
      if (code !== BACKSLASH) {
        // NaN behind the end.
        if (!(code >= 0)) throw new TemplateError(TOO_EARLY);
        this.#at++;
        continue;
      }
      text += this.#raw(this.#text.slice(from, this.#at));
      hasEscape = true;
      this.#at++;
      text += this.#escape(this.#peek());
      from = this.#at;
    }
  }

  /** In a text with an escape, control characters are lost. */
  #raw(text: string): string {
    return this.#isExact ? text : text.replace(/[\u0000-\u001f\u007f]+/g, '');
  }

  #escape(character: string): string {
    this.#at++;
    const short = ESCAPES[character];
    if (short !== undefined) return short;
    const count = character === 'u' ? 4 : character === 'x' ? 2 : 0;
    const digits = this.#text.slice(this.#at, this.#at + count);
    if (digits.length !== count || count === 0 || !/^[0-9A-Fa-f]+$/.test(digits)) {
      throw new TemplateError(`A JSON text has the escape \\${character}`);
    }
    this.#at += count;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  /** Text up to one of the characters. */
  #bare(ends: string): string {
    const from = this.#at;
    while (!ends.includes(this.#peek())) this.#at++;
    return trimmed(this.#text.slice(from, this.#at));
  }

  /** What an unquoted value means. */
  #scalar(text: string): Value {
    if (text === 'true') return true;
    if (text === 'false') return false;
    if (text === 'null') return null;
    if (INTEGER.test(text) && text.length <= 1_000) return BigInt(text);
    if (DECIMAL.test(text)) {
      const isDouble = this.#isExact || text.length <= LONGEST_DOUBLE;
      const exact = isDouble ? undefined : decimalText(text);
      return exact === undefined ? Number(text) : new VDecimal(exact);
    }
    if (BROKEN_EXPONENT.test(text)) throw new TemplateError('A JSON number has an exponent without digits');
    return text;
  }

  /** `also` is one character. */
  #skipBlanks(also = ''): void {
    const text = this.#text;
    const extra = also === '' ? -1 : also.charCodeAt(0);
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x09 && code !== 0x0d && code !== 0x0a && code !== extra) return;
      this.#at++;
    }
  }

  #peek(): string {
    const character = this.#text[this.#at];
    if (character === undefined) throw new TemplateError(TOO_EARLY);
    return character;
  }
}

/** What a character behind a backslash means, where it is not that of a code. */
export const ESCAPES: Readonly<Record<string, string | undefined>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
};

/** Without blanks and control characters at its ends; a byte order mark is neither. */
function trimmed(text: string): string {
  return text.replace(/^[\u0000- ]+|[\u0000- ]+$/g, '');
}
