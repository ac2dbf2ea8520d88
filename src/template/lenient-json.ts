// The JSON parser behind `$input`, `$util.parseJson` and MOCK integrations: json-smart's permissive mode, which takes more
// than JSON (spec/websocket-api.md §5.9).
import { type Budget, MAX_DEPTH, TemplateError, type Value, VList, VMap } from './values.ts';

const INTEGER = /^[-+]?\d+$/;
const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const BACKSLASH = 0x5c;
const TOO_EARLY = 'JSON ends too early';

/** Parses a text. Throws TemplateError for unbalanced quotes, a missing end, a key without value. */
export function parseLenientJson(text: string, budget: Budget): Value {
  budget.spend(1 + (text.length >> 4));
  return new LenientParser(text, budget).parse();
}

class LenientParser {
  readonly #text: string;
  readonly #budget: Budget;
  #at = 0;

  constructor(text: string, budget: Budget) {
    this.#text = text;
    this.#budget = budget;
  }

  /** What follows the first object, array or string is ignored. */
  parse(): Value {
    this.#skipBlanks();
    const first = this.#text[this.#at];
    if (first === '{' || first === '[' || first === '"' || first === "'") return this.#value('', 0);
    return scalar(this.#text.slice(this.#at).trim());
  }

  /** A value that one of `ends` ends, when it is not quoted. */
  #value(ends: string, depth: number): Value {
    if (depth > MAX_DEPTH) throw new TemplateError('JSON is nested too deeply');
    this.#budget.spend(1);
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
      case "'":
        return this.#quoted();
      default:
        return scalar(this.#bare(ends));
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
      const key = first === '"' || first === "'" ? this.#quoted() : this.#bare(':}');
      this.#skipBlanks();
      if (this.#peek() !== ':') throw new TemplateError('A JSON key has no value');
      this.#at++;
      this.#skipBlanks();
      if (this.#peek() === '}' || this.#peek() === ',') throw new TemplateError('A JSON key has no value');
      entries.set(key, this.#value(',}', depth + 1));
      this.#skipBlanks();
      const next = this.#peek();
      if (next !== ',' && next !== '}') throw new TemplateError('JSON goes on where a comma or } belongs');
    }
  }

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
      this.#skipBlanks();
      const next = this.#peek();
      if (next !== ',' && next !== ']') throw new TemplateError('JSON goes on where a comma or ] belongs');
    }
  }

  #quoted(): string {
    const quote = this.#text[this.#at]!;
    const end = quote.charCodeAt(0);
    let text = '';
    let from = ++this.#at;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === end) {
        const rest = this.#text.slice(from, this.#at++);
        return text === '' ? rest : text + rest;
      }
      if (code !== BACKSLASH) {
        // NaN behind the end.
        if (!(code >= 0)) throw new TemplateError(TOO_EARLY);
        this.#at++;
        continue;
      }
      text += this.#text.slice(from, this.#at);
      this.#at++;
      text += this.#escape(this.#peek());
      from = this.#at;
    }
  }

  #escape(character: string): string {
    this.#at++;
    const short = ESCAPES[character];
    if (short !== undefined) return short;
    if (character !== 'u') return character;
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) throw new TemplateError('A JSON \\u escape is malformed');
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  /** Text up to one of the characters, or to the end when there are none. */
  #bare(ends: string): string {
    const from = this.#at;
    while (!ends.includes(this.#peek())) this.#at++;
    return this.#text.slice(from, this.#at).trim();
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

const ESCAPES: Readonly<Record<string, string | undefined>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** What an unquoted value means. */
function scalar(text: string): Value {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  if (INTEGER.test(text) && text.length <= 1_000) return BigInt(text.replace(/^\+/, ''));
  if (DECIMAL.test(text)) return Number(text);
  return text;
}
