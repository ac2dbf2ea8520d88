// Finds one place in JSON text without building the rest: validates the whole text strictly (RFC 8259) while passing over
// it. Numbers and strings stay as they were written (spec/http-api.md §4.6).

/** A member name or an index from 0. */
export type JsonKey = string | number;

/** Deeper documents count as no JSON: recursion has an end. */
const MAX_DEPTH = 512;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where the value at `path` stands in `text`: [start, end). Undefined when the text is not JSON or has no such place. Of
 *  members with one name the last counts. */
export function findJson(
  text: string,
  path: readonly JsonKey[],
): readonly [start: number, end: number] | undefined {
  const scan = new Scan(text, path);
  return scan.whole() && scan.start >= 0 ? [scan.start, scan.end] : undefined;
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  return new Scan(text, ['']).whole();
}

/** The characters of a string literal that `findJson` has found, without quotes and escapes. */
export function stringOf(literal: string): string {
  return literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1);
}

/** Valid JSON text without the blanks between its tokens. */
export function compactJson(text: string): string {
  let compact = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at) - 1;
    else if (isBlank(code)) {
      compact += text.substring(from, at);
      from = at + 1;
    }
  }
  return from === 0 ? text : compact + text.substring(from);
}

class Scan {
  start = -1;
  end = -1;
  readonly #text: string;
  readonly #path: readonly JsonKey[];
  #at = 0;

  constructor(text: string, path: readonly JsonKey[]) {
    this.#text = text;
    this.#path = path;
  }

  whole(): boolean {
    this.#blanks();
    if (!this.#value(0, 0)) return false;
    this.#blanks();
    return this.#at === this.#text.length;
  }

  /** Passes over a value. `step` is how much of the path leads to it, -1 when it is off the path. */
  #value(step: number, depth: number): boolean {
    const start = this.#at;
    if (depth > MAX_DEPTH || !this.#any(step, depth)) return false;
    if (step === this.#path.length) {
      this.start = start;
      this.end = this.#at;
    }
    return true;
  }

  #any(step: number, depth: number): boolean {
    switch (this.#text.charCodeAt(this.#at)) {
      case QUOTE: {
        const end = stringEnd(this.#text, this.#at);
        this.#at = end;
        return end > 0;
      }
      case 0x7b:
        return this.#object(step, depth);
      case 0x5b:
        return this.#array(step, depth);
      case 0x74:
        return this.#word('true');
      case 0x66:
        return this.#word('false');
      case 0x6e:
        return this.#word('null');
      default:
        return this.#number();
    }
  }

  #object(step: number, depth: number): boolean {
    const text = this.#text;
    const name = step >= 0 ? this.#path[step] : undefined;
    this.#at++;
    this.#blanks();
    if (text.charCodeAt(this.#at) === 0x7d) {
      this.#at++;
      return true;
    }
    for (;;) {
      const start = this.#at;
      if (text.charCodeAt(start) !== QUOTE) return false;
      const end = stringEnd(text, start);
      if (end < 0) return false;
      const isOnPath = typeof name === 'string' && isNamed(text, start, end, name);
      // A later member of the name replaces an earlier one, with all that was found in it.
      if (isOnPath) this.start = -1;
      this.#at = end;
      this.#blanks();
      if (text.charCodeAt(this.#at) !== 0x3a) return false;
      this.#at++;
      this.#blanks();
      if (!this.#value(isOnPath ? step + 1 : -1, depth + 1)) return false;
      this.#blanks();
      const next = text.charCodeAt(this.#at++);
      if (next === 0x7d) return true;
      if (next !== 0x2c) return false;
      this.#blanks();
    }
  }

  #array(step: number, depth: number): boolean {
    const text = this.#text;
    const wanted = step >= 0 ? this.#path[step] : undefined;
    this.#at++;
    this.#blanks();
    if (text.charCodeAt(this.#at) === 0x5d) {
      this.#at++;
      return true;
    }
    for (let index = 0; ; index++) {
      if (!this.#value(index === wanted ? step + 1 : -1, depth + 1)) return false;
      this.#blanks();
      const next = text.charCodeAt(this.#at++);
      if (next === 0x5d) return true;
      if (next !== 0x2c) return false;
      this.#blanks();
    }
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #number(): boolean {
    const text = this.#text;
    if (text.charCodeAt(this.#at) === 0x2d) this.#at++;
    if (text.charCodeAt(this.#at) === 0x30) this.#at++;
    else if (!this.#digits()) return false;
    if (text.charCodeAt(this.#at) === 0x2e) {
      this.#at++;
      if (!this.#digits()) return false;
    }
    if ((text.charCodeAt(this.#at) | 0x20) === 0x65) {
      this.#at++;
      const sign = text.charCodeAt(this.#at);
      if (sign === 0x2b || sign === 0x2d) this.#at++;
      if (!this.#digits()) return false;
    }
    return true;
  }

  #digits(): boolean {
    const from = this.#at;
    let at = from;
    for (;;) {
      const code = this.#text.charCodeAt(at);
      if (!(code >= 0x30 && code <= 0x39)) break;
      at++;
    }
    this.#at = at;
    return at > from;
  }

  #blanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++;
  }
}

/** Characters of a string that mean themselves. The engine's own loop is four times as fast as ours, but its call costs. */
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const SHORT = 16;

/** The position behind a string literal that starts at `start`; -1 when it is malformed. */
export function stringEnd(text: string, start: number): number {
  const { length } = text;
  let plain = 0;
  for (let at = start + 1; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < 0x20) return -1;
    if (code !== BACKSLASH) {
      if (++plain < SHORT) continue;
      plain = 0;
      PLAIN.lastIndex = at;
      PLAIN.test(text);
      at = PLAIN.lastIndex - 1;
      continue;
    }
    plain = 0;
    at++;
    const escaped = text.charCodeAt(at);
    if (escaped === 0x75) {
      if (!isHex(text, at + 1)) return -1;
      at += 4;
    } else if (!ESCAPES.has(escaped)) return -1;
  }
  return -1;
}

const ESCAPES: ReadonlySet<number> = new Set([...'"\\/bfnrt'].map((char) => char.charCodeAt(0)));

function isHex(text: string, from: number): boolean {
  for (let at = from; at < from + 4; at++) {
    const code = text.charCodeAt(at);
    const lower = code | 0x20;
    if (!((code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x66))) return false;
  }
  return true;
}

function isNamed(text: string, start: number, end: number, name: string): boolean {
  for (let at = start + 1; at < end - 1; at++) {
    if (text.charCodeAt(at) === BACKSLASH) return stringOf(text.substring(start, end)) === name;
  }
  return end - start - 2 === name.length && text.startsWith(name, start + 1);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
