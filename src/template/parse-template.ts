// A mapping template: text → tree (spec/websocket-api.md §5.2, §5.3).
import { Cursor } from './cursor.ts';
import { parseExpression, parseItems, parseOperand, parseReference } from './parse-expression.ts';
import type { Block, Expression, Node } from './syntax.ts';
import { MAX_DEPTH, TemplateError } from './values.ts';

/** Characters of a template (spec/websocket-api.md §5.1.3). */
export const MAX_TEMPLATE = 307_200;

const DIRECTIVE = /#(?:\{([A-Za-z_@][A-Za-z0-9_@-]*)\}|([A-Za-z_@][A-Za-z0-9_@-]*))/y;
const REST_OF_LINE = /[ \t]*(?:\r\n|\n|\r)/y;
const PLAIN = /[^$#\\]+/y;
const BACKSLASHES = /\\+/y;
const PARAMETER = /\$!?\{?([A-Za-z_][A-Za-z0-9_-]*)\}?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_-]*/y;

/** Parses a template. Throws TemplateError with line and column. */
export function parseTemplate(text: string): Block {
  if (text.length > MAX_TEMPLATE) {
    throw new TemplateError(`The template has more than ${MAX_TEMPLATE} characters`);
  }
  return parseBlockOf(new Cursor(text));
}

/** The whole of a cursor's text. */
export function parseBlockOf(cursor: Cursor): Block {
  const reader = new BlockReader(cursor);
  const end = reader.read();
  if (end !== undefined) throw cursor.error(`#${end} ends nothing`);
  return reader.nodes;
}

/** What may end a block. */
type End = 'end' | 'else' | 'elseif';

class BlockReader {
  readonly nodes: Node[] = [];
  readonly #cursor: Cursor;
  #text = '';
  /** So much of the text comes from a raw block: #set drops no blanks there. */
  #raw = 0;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /** Reads up to the block's end, which is passed over, or to the end of the text. */
  read(): End | undefined {
    const cursor = this.#cursor;
    while (!cursor.isAtEnd) {
      const plain = cursor.match(PLAIN);
      if (plain !== undefined) this.#text += plain;
      else if (cursor.peek() === '\\') this.#readBackslashes();
      else if (cursor.peek() === '$') this.#readReference();
      else {
        const end = this.#readHash();
        if (end !== undefined) {
          this.#flush();
          return end;
        }
      }
    }
    this.#flush();
    return undefined;
  }

  /** Backslashes escape a reference or directive behind them, two make one; elsewhere they are text (§5.2.6). */
  #readBackslashes(): void {
    const cursor = this.#cursor;
    const count = cursor.match(BACKSLASHES)!.length;
    const from = cursor.at;
    const isEscape =
      cursor.peek() === '$' ? parseReference(cursor) !== undefined : isDirective(cursor.match(DIRECTIVE));
    const written = cursor.text.slice(from, cursor.at);
    cursor.at = from;
    if (!isEscape) {
      this.#text += '\\'.repeat(count);
      return;
    }
    this.#text += '\\'.repeat(count >> 1);
    if (count % 2 === 0) return;
    this.#text += written;
    cursor.at = from + written.length;
  }

  #readReference(): void {
    const cursor = this.#cursor;
    const reference = parseReference(cursor);
    if (reference !== undefined) {
      this.#push({ kind: 'reference', reference });
      return;
    }
    if (!cursor.isString && cursor.at === cursor.text.length - 1)
      throw cursor.error('a $ stands alone at the end');
    this.#text += '$';
    cursor.at++;
  }

  #readHash(): End | undefined {
    const cursor = this.#cursor;
    if (cursor.startsWith('##')) {
      const end = cursor.text.indexOf('\n', cursor.at);
      cursor.at = end < 0 ? cursor.text.length : end + 1;
      return undefined;
    }
    if (cursor.startsWith('#*')) {
      this.#skipTo('*#');
      return undefined;
    }
    if (cursor.startsWith('#[[')) {
      const from = cursor.at + 3;
      this.#skipTo(']]#');
      this.#text += cursor.text.slice(from, cursor.at - 3);
      this.#raw = this.#text.length;
      return undefined;
    }
    const from = cursor.at;
    const written = cursor.match(DIRECTIVE);
    const name = nameOf(written);
    if (name === 'end' || name === 'else') {
      cursor.match(REST_OF_LINE);
      return name;
    }
    if (name === 'elseif') return name;
    if (written === undefined || !this.#readDirective(name!, from)) {
      cursor.at = from + 1;
      this.#text += '#';
    }
    return undefined;
  }

  /** Reads the directive whose name has been passed over. False when it is none. */
  #readDirective(name: string, start: number): boolean {
    const cursor = this.#cursor;
    switch (name) {
      case 'set':
        this.#text = this.#text.slice(0, this.#raw) + this.#text.slice(this.#raw).replace(/[ \t]+$/, '');
        this.#push(this.#inParentheses(() => parseSet(cursor)));
        return true;
      case 'if':
        this.#push(this.#readIf());
        return true;
      case 'foreach': {
        const { name: each, over } = this.#inParentheses(() => parseForeach(cursor));
        this.#push({ kind: 'foreach', name: each, over, block: this.#readBlock('#foreach') });
        return true;
      }
      case 'define': {
        const defined = this.#inParentheses(() => parseParameter(cursor));
        this.#push({ kind: 'define', name: defined, block: this.#readBlock('#define') });
        return true;
      }
      case 'macro': {
        const macro = this.#inParentheses(() => parseMacroHead(cursor));
        this.#push({ kind: 'macro', ...macro, block: this.#readBlock('#macro') });
        return true;
      }
      case 'break':
      case 'stop':
        this.#push({ kind: name });
        return true;
      case 'evaluate':
        this.#push({ kind: 'evaluate', source: this.#inParentheses(() => parseExpression(cursor)) });
        return true;
      case 'include':
      case 'parse':
        this.#inParentheses(() => parseItems(cursor, ')', ' '), true);
        this.#push({ kind: 'file', directive: name });
        return true;
    }
    return this.#readCall(name, start);
  }

  /** A call of what may be a macro: which ones there are shows when the template runs. */
  #readCall(name: string, start: number): boolean {
    const cursor = this.#cursor;
    const from = cursor.at;
    if (name.includes('@') || !cursor.take('(')) return false;
    try {
      const args = parseItems(cursor, ')', ' ');
      this.#push({ kind: 'call', name, args, written: cursor.text.slice(start, cursor.at) });
      return true;
    } catch (error) {
      // Text such as `#tag(of a thing)`.
      if (!(error instanceof TemplateError)) throw error;
      cursor.at = from;
      return false;
    }
  }

  #readIf(): Node {
    const cursor = this.#cursor;
    const branches: { test: Expression; block: Block }[] = [];
    for (;;) {
      const test = this.#inParentheses(() => parseExpression(cursor));
      const [block, end] = this.#readUpTo('#if');
      branches.push({ test, block });
      if (end === 'end') return { kind: 'if', branches, otherwise: undefined };
      if (end === 'else') return { kind: 'if', branches, otherwise: this.#readBlock('#else') };
    }
  }

  #readBlock(of: string): Block {
    const [block, end] = this.#readUpTo(of);
    if (end !== 'end') throw this.#cursor.error(`#${end} does not belong to ${of}`);
    return block;
  }

  #readUpTo(of: string): [Block, End] {
    const cursor = this.#cursor;
    if (++cursor.depth > MAX_DEPTH) throw cursor.error('the template is nested too deeply');
    const reader = new BlockReader(cursor);
    const end = reader.read();
    cursor.depth--;
    if (end === undefined) throw cursor.error(`${of} has no #end`);
    return [reader.nodes, end];
  }

  /** What stands in a directive's parentheses; blanks and the line's end behind them go with them (§5.3.11). */
  #inParentheses<T>(parse: () => T, closes = false): T {
    const cursor = this.#cursor;
    cursor.match(/[ \t]*/y);
    cursor.expect('(');
    cursor.skipBlanks();
    const result = parse();
    cursor.skipBlanks();
    if (!closes) cursor.expect(')');
    cursor.match(REST_OF_LINE);
    return result;
  }

  #skipTo(end: string): void {
    const cursor = this.#cursor;
    const at = cursor.text.indexOf(end, cursor.at);
    if (at < 0) throw cursor.error(`${end} is missing`);
    cursor.at = at + end.length;
  }

  #push(node: Node): void {
    this.#flush();
    this.nodes.push(node);
  }

  #flush(): void {
    if (this.#text !== '') this.nodes.push({ kind: 'text', text: this.#text });
    this.#text = '';
    this.#raw = 0;
  }
}

const DIRECTIVES: ReadonlySet<string> = new Set([
  ...['set', 'if', 'elseif', 'else', 'end', 'foreach', 'define', 'macro'],
  ...['break', 'stop', 'evaluate', 'include', 'parse'],
]);

function nameOf(written: string | undefined): string | undefined {
  return written?.replace(/[#{}]/g, '');
}

function isDirective(written: string | undefined): boolean {
  return written !== undefined && DIRECTIVES.has(nameOf(written)!);
}

function parseSet(cursor: Cursor): Node {
  const target = cursor.peek() === '$' ? parseReference(cursor) : undefined;
  if (target === undefined) throw cursor.error('#set needs a reference on its left side');
  cursor.skipBlanks();
  cursor.expect('=');
  return { kind: 'set', target, value: parseExpression(cursor) };
}

function parseForeach(cursor: Cursor): { name: string; over: Expression } {
  const name = parseParameter(cursor);
  cursor.skipBlanks();
  cursor.expect('in');
  return { name, over: parseOperand(cursor) };
}

function parseMacroHead(cursor: Cursor): { name: string; parameters: string[] } {
  const name = cursor.match(NAME);
  if (name === undefined) throw cursor.error('#macro needs a name');
  const parameters: string[] = [];
  for (;;) {
    cursor.skipBlanks();
    cursor.take(',');
    cursor.skipBlanks();
    if (cursor.peek() !== '$') return { name, parameters };
    parameters.push(parseParameter(cursor));
  }
}

/** The name of a plain `$name`. */
function parseParameter(cursor: Cursor): string {
  const written = cursor.match(PARAMETER);
  if (written === undefined) throw cursor.error('a $name is missing');
  return written.replace(/[$!{}]/g, '');
}
