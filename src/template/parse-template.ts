// A mapping template: text → tree (spec/websocket-api.md §5.2, §5.3).
import { Cursor } from './cursor.ts';
import { isDirectiveName, parseDirective, parseSet, REST_OF_LINE } from './parse-directive.ts';
import { bare, parseReference } from './parse-reference.ts';
import type { Block, Macro, Node, TemplateWatch } from './syntax.ts';
import { MAX_DEPTH, TemplateError } from './values.ts';

/** Characters of a template (spec/websocket-api.md §5.1.3). */
const MAX_TEMPLATE = 307_200;

const WORD = /#(?:\{[A-Za-z_][A-Za-z0-9_@]*\}|[A-Za-z_@][A-Za-z0-9_@]*)/y;
/** Blanks in front of #set go only where no text is in front of them (§5.3.11). */
const SET = /[ \t]*#(?:set|\{set\}) *\(/y;
const PLAIN = /[^$#\\]+/y;
const BACKSLASHES = /\\+/y;
const COMMENT = /##[^\r\n]*(?:\r\n|\n|\r)?/y;

export interface ParsedTemplate {
  readonly block: Block;
  /** By name, wherever they are defined; the first of a name counts (§5.3.7). */
  readonly macros: ReadonlyMap<string, Macro>;
}

/** Parses a template; `known` macros may be escaped in it. Throws TemplateError, with line and column of bad syntax. */
export function parseTemplate(
  text: string,
  known?: ReadonlyMap<string, unknown>,
  watch?: TemplateWatch,
): ParsedTemplate {
  if (text.length > MAX_TEMPLATE) {
    throw new TemplateError(`The template has more than ${MAX_TEMPLATE} characters`);
  }
  const cursor = new Cursor(text);
  cursor.known = known;
  cursor.watch = watch;
  return { block: parseBlockOf(cursor), macros: cursor.macros };
}

/** The whole of a cursor's text. */
export function parseBlockOf(cursor: Cursor): Block {
  const reader = new BlockReader(cursor);
  const end = reader.read();
  if (end !== undefined) throw cursor.error(`#${end} ends nothing`);
  return reader.nodes;
}

/** Up to `#end`, which is passed over. `of` is the directive that the block belongs to. */
export function parseBlock(cursor: Cursor, of: string): Block {
  const [block, end] = parseBranch(cursor, of);
  if (end !== 'end') throw cursor.error(`#${end} does not belong to ${of}`);
  return block;
}

/** What may end a block. */
export type End = 'end' | 'else' | 'elseif';

/** A block and what ended it. */
export function parseBranch(cursor: Cursor, of: string): [Block, End] {
  if (++cursor.depth > MAX_DEPTH) throw cursor.error('the template is nested too deeply');
  const reader = new BlockReader(cursor);
  const end = reader.read();
  cursor.depth--;
  if (end === undefined) throw cursor.error(`${of} has no #end`);
  return [reader.nodes, end];
}

class BlockReader {
  readonly nodes: Node[] = [];
  readonly #cursor: Cursor;
  #text = '';

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /** Reads up to the block's end, which is passed over, or to the end of the text. */
  read(): End | undefined {
    const cursor = this.#cursor;
    while (!cursor.isAtEnd) {
      const from = cursor.at;
      if (cursor.match(SET) !== undefined) {
        this.#push(parseSet(cursor), from);
        continue;
      }
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
    const isEscape = cursor.peek() === '$' ? parseReference(cursor) !== undefined : this.#passDirective();
    const written = cursor.text.slice(from, cursor.at);
    cursor.at = from;
    if (isEscape) {
      this.#text += '\\'.repeat(count >> 1);
      if (count % 2 === 0) return;
    } else {
      this.#text += '\\'.repeat(count);
      // An odd one keeps a word from being a call of a macro that is yet to come.
      if (count % 2 === 0 || cursor.peek() === '$') return;
    }
    this.#text += written;
    cursor.at = from + written.length;
  }

  #passDirective(): boolean {
    const name = nameOf(this.#cursor.match(WORD));
    const { macros, known } = this.#cursor;
    return name !== undefined && (isDirectiveName(name) || macros.has(name) || known?.has(name) === true);
  }

  #readReference(): void {
    const cursor = this.#cursor;
    const from = cursor.at;
    const reference = parseReference(cursor);
    if (reference !== undefined) {
      this.#push({ kind: 'reference', reference: bare(reference) }, from);
      return;
    }
    this.#readLone('$');
  }

  /** A `$` or `#` that begins nothing is text, except at the template's end. */
  #readLone(character: '$' | '#'): void {
    const cursor = this.#cursor;
    if (!cursor.isString && /^.!?$/.test(cursor.text.slice(cursor.at, cursor.at + 3)))
      throw cursor.error(`a ${character} stands alone at the end`);
    this.#text += character;
    cursor.at++;
  }

  #readHash(): End | undefined {
    const cursor = this.#cursor;
    if (cursor.match(COMMENT) !== undefined) return undefined;
    if (cursor.startsWith('#*')) {
      this.#skipTo('*#');
      return undefined;
    }
    if (cursor.startsWith('#[[')) {
      const from = cursor.at + 3;
      this.#skipTo(']]#');
      this.#text += cursor.text.slice(from, cursor.at - 3);
      return undefined;
    }
    const from = cursor.at;
    const name = nameOf(cursor.match(WORD));
    if (name === 'end' || name === 'else') {
      cursor.match(REST_OF_LINE);
      return name;
    }
    if (name === 'elseif') return name;
    if (name === undefined) this.#readLone('#');
    else {
      const node = parseDirective(cursor, name, from);
      if (node.kind === 'text') this.#text += node.text;
      else this.#push(node, from);
    }
    return undefined;
  }

  #skipTo(end: string): void {
    const cursor = this.#cursor;
    const at = cursor.text.indexOf(end, cursor.at);
    if (at < 0) throw cursor.error(`${end} is missing`);
    cursor.at = at + end.length;
  }

  /** `from` is where the node begins. */
  #push(node: Node, from: number): void {
    this.#flush();
    this.nodes.push(this.#cursor.watch === undefined ? node : { ...node, ...this.#cursor.seenFrom(from) });
  }

  #flush(): void {
    if (this.#text !== '') this.nodes.push({ kind: 'text', text: this.#text });
    this.#text = '';
  }
}

function nameOf(written: string | undefined): string | undefined {
  return written?.replace(/[#{}]/g, '');
}
