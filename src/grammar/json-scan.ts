// Finds one place in JSON without building the rest: validates the whole document strictly (RFC 8259) while passing over
// its bytes, which is several times as fast as over a string. Numbers and strings stay as they were written
// (spec/http-api.md §4.6).

/** A member name in UTF-8, or an index from 0. */
export type JsonKey = Uint8Array | number;

/** Deeper documents count as no JSON: recursion has an end. */
const MAX_DEPTH = 512;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;
const MINUS = 0x2d;

/** Where the value at `path` stands in a document: [start, end) in bytes. Undefined when the document is not JSON or has no
 *  such place. Of members with one name the last counts. */
export function findJson(
  json: Buffer,
  path: readonly JsonKey[],
): readonly [start: number, end: number] | undefined {
  const scan = new Scan(json, path);
  const end = scan.value(blanksEnd(json, 0), 0);
  if (end < 0 || blanksEnd(json, end) !== json.length) return undefined;
  return scan.start < 0 ? undefined : [scan.start, scan.end];
}

/** Whether a document is JSON. */
export function isJson(json: Buffer): boolean {
  const end = valueEnd(json, blanksEnd(json, 0), 0);
  return end >= 0 && blanksEnd(json, end) === json.length;
}

/** The characters of a string literal that `findJson` has found, without quotes and escapes. */
export function stringOf(literal: string): string {
  return literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1);
}

/** Valid JSON without the blanks between its tokens, as text. */
export function compactJson(json: Buffer): string {
  let compact = '';
  let from = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json[at]!;
    if (code === QUOTE) at = stringEnd(json, at) - 1;
    else if (isBlank(code)) {
      compact += json.toString('utf8', from, at);
      from = at + 1;
    }
  }
  return compact + json.toString('utf8', from);
}

/** Walks the values on the path; all others are only passed over. Positions go in and come out, -1 for malformed. */
class Scan {
  start = -1;
  end = -1;
  readonly #json: Buffer;
  readonly #path: readonly JsonKey[];

  constructor(json: Buffer, path: readonly JsonKey[]) {
    this.#json = json;
    this.#path = path;
  }

  /** `depth` of the path leads to the value at `at`. */
  value(at: number, depth: number): number {
    const json = this.#json;
    if (depth === this.#path.length) {
      this.start = at;
      this.end = valueEnd(json, at, depth);
      return this.end;
    }
    const key = this.#path[depth]!;
    if (typeof key === 'number')
      return json[at] === OPEN_ARRAY ? this.#array(at, key, depth) : valueEnd(json, at, depth);
    return json[at] === OPEN_OBJECT ? this.#object(at, key, depth) : valueEnd(json, at, depth);
  }

  #object(from: number, name: Uint8Array, depth: number): number {
    const json = this.#json;
    let at = blanksEnd(json, from + 1);
    if (json[at] === CLOSE_OBJECT) return at + 1;
    for (;;) {
      const start = at;
      at = nameEnd(json, start);
      if (at < 0) return -1;
      if (isNamed(json, start, stringEnd(json, start), name)) {
        // A later member of the name replaces an earlier one, with all that was found in it.
        this.start = -1;
        at = this.value(at, depth + 1);
      } else at = valueEnd(json, at, depth + 1);
      if (at < 0) return -1;
      at = blanksEnd(json, at);
      if (json[at] === CLOSE_OBJECT) return at + 1;
      if (json[at] !== COMMA) return -1;
      at = blanksEnd(json, at + 1);
    }
  }

  #array(from: number, wanted: number, depth: number): number {
    const json = this.#json;
    let at = blanksEnd(json, from + 1);
    if (json[at] === CLOSE_ARRAY) return at + 1;
    for (let index = 0; ; index++) {
      at = index === wanted ? this.value(at, depth + 1) : valueEnd(json, at, depth + 1);
      if (at < 0) return -1;
      at = blanksEnd(json, at);
      if (json[at] === CLOSE_ARRAY) return at + 1;
      if (json[at] !== COMMA) return -1;
      at = blanksEnd(json, at + 1);
    }
  }
}

/** What closes each value that is open; one stack serves all calls. */
const closers = new Uint8Array(MAX_DEPTH + 1);

/** The position behind the value that starts at `from`, inside `above` others; -1 when it is malformed or too deep. One
 *  loop with a stack of its own: most of a document is passed over here. */
function valueEnd(json: Buffer, from: number, above: number): number {
  let at = from;
  let depth = above;
  for (;;) {
    const code = json[at];
    if (code === QUOTE) at = stringEnd(json, at);
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      const closer = code + 2;
      at = blanksEnd(json, at + 1);
      if (json[at] === closer) at++;
      else {
        if (depth === MAX_DEPTH) return -1;
        closers[++depth] = closer;
        if (closer === CLOSE_OBJECT) at = nameEnd(json, at);
        if (at < 0) return -1;
        continue;
      }
    } else if (code === 0x74) at = wordEnd(json, at, TRUE);
    else if (code === 0x66) at = wordEnd(json, at, FALSE);
    else if (code === 0x6e) at = wordEnd(json, at, NULL);
    else at = numberEnd(json, at);
    if (at < 0) return -1;
    for (;;) {
      if (depth === above) return at;
      at = blanksEnd(json, at);
      const next = json[at];
      if (next === COMMA) {
        at = blanksEnd(json, at + 1);
        if (closers[depth] === CLOSE_OBJECT) at = nameEnd(json, at);
        if (at < 0) return -1;
        break;
      }
      if (next !== closers[depth]) return -1;
      depth--;
      at++;
    }
  }
}

/** The position of a member's value, of the member whose name starts at `from`; -1 when that is no name with a colon. */
function nameEnd(json: Buffer, from: number): number {
  if (json[from] !== QUOTE) return -1;
  const end = stringEnd(json, from);
  if (end < 0) return -1;
  const at = blanksEnd(json, end);
  return json[at] === COLON ? blanksEnd(json, at + 1) : -1;
}

function blanksEnd(json: Buffer, from: number): number {
  let at = from;
  while (at < json.length && json[at]! <= 0x20 && isBlank(json[at]!)) at++;
  return at;
}

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

function wordEnd(json: Buffer, from: number, word: Uint8Array): number {
  for (let i = 0; i < word.length; i++) if (json[from + i] !== word[i]) return -1;
  return from + word.length;
}

function numberEnd(json: Buffer, from: number): number {
  let at = json[from] === MINUS ? from + 1 : from;
  if (json[at] === 0x30) at++;
  else at = digitsEnd(json, at);
  if (at > 0 && json[at] === 0x2e) at = digitsEnd(json, at + 1);
  if (at > 0 && (json[at] === 0x65 || json[at] === 0x45)) {
    at++;
    if (json[at] === MINUS || json[at] === 0x2b) at++;
    at = digitsEnd(json, at);
  }
  return at;
}

/** The position behind one digit or more; -1 when there is none. */
function digitsEnd(json: Buffer, from: number): number {
  let at = from;
  while (at < json.length && json[at]! >= 0x30 && json[at]! <= 0x39) at++;
  return at > from ? at : -1;
}

/** The position behind a string literal that starts at `start`; -1 when it is malformed. */
function stringEnd(json: Buffer, start: number): number {
  const { length } = json;
  for (let at = start + 1; at < length; at++) {
    const code = json[at]!;
    if (code === QUOTE) return at + 1;
    if (code < 0x20) return -1;
    if (code !== BACKSLASH) continue;
    at++;
    if (at === length) return -1;
    const escaped = json[at]!;
    if (escaped === 0x75) {
      if (!isHex(json, at + 1)) return -1;
      at += 4;
    } else if (!ESCAPES.has(escaped)) return -1;
  }
  return -1;
}

const ESCAPES: ReadonlySet<number> = new Set([...'"\\/bfnrt'].map((char) => char.charCodeAt(0)));

function isHex(json: Buffer, from: number): boolean {
  if (from + 4 > json.length) return false;
  for (let at = from; at < from + 4; at++) {
    const code = json[at]!;
    const lower = code | 0x20;
    if (!((code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x66))) return false;
  }
  return true;
}

/** Whether the well-formed string literal [start, end) is `name`. */
function isNamed(json: Buffer, start: number, end: number, name: Uint8Array): boolean {
  for (let at = start + 1; at < end - 1; at++) {
    if (json[at] === BACKSLASH) return Buffer.from(stringOf(json.toString('utf8', start, end))).equals(name);
  }
  if (end - start - 2 !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (json[start + 1 + i] !== name[i]) return false;
  return true;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
