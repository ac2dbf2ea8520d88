// A place in a template's text.
import type { Macro } from './syntax.ts';
import { TemplateError } from './values.ts';

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

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
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

  /** What is wrong here, with line and column. */
  error(what: string): TemplateError {
    const before = this.text.slice(0, this.at);
    const line = before.split('\n').length;
    const column = this.at - before.lastIndexOf('\n');
    return new TemplateError(`Line ${line}, column ${column}: ${what}`);
  }
}
