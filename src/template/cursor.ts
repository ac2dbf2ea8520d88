// A place in a template's text.
import type { Macro, Seeable, TemplateWatch } from './syntax.ts';
import { TemplateErrorAt } from './values.ts';

const BLANK = /[ \t\r\n]/;

export class Cursor {
  readonly text: string;
  at: number;
  /** Whether the text is that of a string, which may end in a lone `$` or `#`. */
  isString = false;
  /** How many blocks, strings and lists are open. */
  depth = 0;
  /** The macros that the text has defined so far, strings in it included. */
  macros = new Map<string, Macro>();
  /** Those that were there before it. */
  known: ReadonlyMap<string, unknown> | undefined = undefined;
  /** Who is told what the nodes and references come to; nobody of templates that serve events. */
  watch: TemplateWatch | undefined = undefined;
  /** The whole template, and where the text stands in it: that of a string behind its quote. */
  whole: string;
  start = 0;

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
    this.whole = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  peek(offset = 0): string {
    return this.text[this.at + offset] ?? '';
  }

  startsWith(word: string): boolean {
    return this.text.startsWith(word, this.at);
  }

  /** Passes over a word when it is here. */
  take(word: string): boolean {
    const isHere = this.startsWith(word);
    if (isHere) this.at += word.length;
    return isHere;
  }

  /** Passes over what a sticky pattern matches. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at = pattern.lastIndex;
    return found[0];
  }

  expect(word: string): void {
    if (!this.take(word)) throw this.error(`${JSON.stringify(word)} is missing`);
  }

  /** Whether there were any. */
  skipBlanks(): boolean {
    const from = this.at;
    while (!this.isAtEnd && BLANK.test(this.peek())) this.at++;
    return this.at > from;
  }

  /** What is wrong here, with line and column in the template. */
  error(what: string): TemplateErrorAt {
    return new TemplateErrorAt(this.whole, this.start + this.at, what);
  }

  /** Who is told of what stands between `from` and here. */
  seenFrom(from: number): Pick<Seeable, 'seen'> {
    if (this.watch === undefined) return {};
    return { seen: this.watch(this.start + from, this.text.slice(from, this.at)) };
  }
}
