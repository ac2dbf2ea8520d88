// JSON.parse that can be trusted with every key. V8 in Node 24 and 26 may give an escaped key the name of another key it
// has seen before: after `{"\\":1}`, `{"\n":1}` reads as `{"\\":1}` (nodejs/node issue 63785). Texts with such keys are
// rare and read by hand.

const MAX_DEPTH = 512;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** Parses JSON text. Throws SyntaxError as JSON.parse does, and when a text with escaped keys is nested too deeply. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return hasEscapedKey(text) ? new ValidReader(text).read() : value;
}

function hasEscapedKey(text: string): boolean {
  let backslash = text.indexOf('\\');
  let at = text.indexOf('"');
  while (backslash !== -1 && at !== -1) {
    const end = endOfString(text, at);
    if (backslash < end && text.charCodeAt(skipBlanks(text, end)) === COLON) return true;
    if (backslash < end) backslash = text.indexOf('\\', end);
    at = text.indexOf('"', end);
  }
  return false;
}

/** Reads text that JSON.parse has accepted. */
class ValidReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): unknown {
    this.#at = skipBlanks(this.#text, this.#at);
    switch (this.#text[this.#at]) {
      case '{':
        return this.#nested(() => Object.fromEntries(this.#items('}', () => this.#entry())));
      case '[':
        return this.#nested(() => this.#items(']', () => this.read()));
      case '"':
        return this.#string();
      default:
        return this.#word();
    }
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw new SyntaxError('JSON is nested too deeply');
    const value = read();
    this.#depth--;
    return value;
  }

  #items<T>(close: string, read: () => T): T[] {
    const items: T[] = [];
    this.#at = skipBlanks(this.#text, this.#at + 1);
    while (this.#text[this.#at] !== close) {
      items.push(read());
      this.#at = skipBlanks(this.#text, this.#at);
      if (this.#text[this.#at] === ',') this.#at = skipBlanks(this.#text, this.#at + 1);
    }
    this.#at++;
    return items;
  }

  #entry(): [string, unknown] {
    const key = this.#string();
    this.#at = skipBlanks(this.#text, this.#at) + 1;
    return [key, this.read()];
  }

  #string(): string {
    const start = this.#at;
    this.#at = endOfString(this.#text, start);
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  // A number, true, false or null.
  #word(): unknown {
    const start = this.#at;
    while (/[-+.\w]/.test(this.#text.charAt(this.#at))) this.#at++;
    return JSON.parse(this.#text.slice(start, this.#at));
  }
}

/** Just behind the closing quote of the string that opens at `at`. */
function endOfString(text: string, at: number): number {
  let i = at + 1;
  for (;;) {
    const code = text.charCodeAt(i);
    if (code === QUOTE || i >= text.length) return i + 1;
    i += code === BACKSLASH ? 2 : 1;
  }
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at++;
  }
}
