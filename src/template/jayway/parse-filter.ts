// Filters of JSONPaths in Jayway's dialect: text → tree (spec/websocket-api.md §5.8).
import type { Cursor } from '../cursor.ts';
import { decimalText } from '../java-decimal.ts';
import { parseLenientJson } from '../lenient-json.ts';
import { translateRegex } from '../regex/translate.ts';
import { Budget, MAX_DEPTH, MAX_STEPS, TemplateError, type Value, VDecimal } from '../values.ts';
import { parseQuoted } from './parse-quoted.ts';
import type { Filter, FilterOperator, JaywayPath, Operand, PathOperand } from './syntax.ts';

const SYMBOL = /[<>=~!]+/y;
const WORD = /[^ <>=~!][^ ]*/y;
const SYMBOLS: ReadonlySet<string> = new Set(['==', '===', '!=', '!==', '<', '<=', '>', '>=', '=~']);
const WORDS: ReadonlySet<string> = new Set([
  ...[
    'in',
    'nin',
    'contains',
    'all',
    'size',
    'empty',
    'subsetof',
    'anyof',
    'noneof',
    'type',
    'matches',
    'exists',
  ],
]);
/** Where a path ends, outside of brackets: at an operator, a blank, or the parenthesis that closes the filter. */
const PATH_PART = /[^<>=~! [()]+|\(\)/y;
const MAX_TESTS = 1_000;

/** A filter, from its opening parenthesis on. */
export class FilterParser {
  readonly #cursor: Cursor;
  readonly #parsePath: (text: string, depth: number) => JaywayPath;

  /** `parsePath` reads the paths in it; `depth` is of how many filters and functions they are operands. */
  constructor(cursor: Cursor, parsePath: (text: string, depth: number) => JaywayPath) {
    this.#cursor = cursor;
    this.#parsePath = parsePath;
  }

  /** `(…)`. */
  parse(): Filter {
    const cursor = this.#cursor;
    cursor.expect('(');
    const test = this.#or();
    cursor.match(/ +/y);
    cursor.expect(')');
    return test;
  }

  #or(): Filter {
    return this.#all('||', () => this.#all('&&', () => this.#test()));
  }

  #all(operator: '||' | '&&', parse: () => Filter): Filter {
    const cursor = this.#cursor;
    let left = parse();
    for (let count = 0; ; count++) {
      cursor.match(/ +/y);
      if (!cursor.take(operator)) return left;
      if (count === MAX_TESTS) throw cursor.error('a filter has too many tests');
      left = { kind: operator === '||' ? 'or' : 'and', left, right: parse() };
    }
  }

  #test(): Filter {
    const cursor = this.#cursor;
    if (++cursor.depth > MAX_DEPTH) throw cursor.error('a filter is nested too deeply');
    const test = this.#testHere();
    cursor.depth--;
    return test;
  }

  #testHere(): Filter {
    const cursor = this.#cursor;
    cursor.match(/ +/y);
    // In front of a comparison of a path, `!` says nothing; in front of a path alone, that it is not there.
    const isNot = cursor.match(/! *(?=[$@])/y) !== undefined;
    if (!isNot && cursor.take('!')) return { kind: 'not', of: this.#test() };
    if (cursor.peek() === '(') return this.parse();
    const left = this.#operand();
    const from = cursor.at;
    const compared = this.#tryCompare(left);
    if (compared !== undefined) return compared;
    cursor.at = from;
    if (left.kind !== 'path') throw cursor.error('a test of a filter is a comparison, or a path');
    const exists: Filter = { kind: 'exists', operand: left };
    return isNot ? { kind: 'not', of: exists } : exists;
  }

  /** undefined when no operator and operand follow. */
  #tryCompare(left: Operand): Filter | undefined {
    const cursor = this.#cursor;
    cursor.match(/ +/y);
    const symbol = cursor.match(SYMBOL);
    const operator = symbol ?? cursor.match(WORD)?.toLowerCase();
    if (operator === undefined || !(symbol === undefined ? WORDS : SYMBOLS).has(operator)) return undefined;
    cursor.match(/ +/y);
    const isPattern = cursor.peek() === '/';
    try {
      const right = this.#operand();
      return { kind: 'compare', operator: operator as FilterOperator, left, right };
    } catch (error) {
      if (isPattern || !(error instanceof TemplateError)) throw error;
      return undefined;
    }
  }

  #operand(): Operand {
    const cursor = this.#cursor;
    cursor.match(/ +/y);
    switch (cursor.peek()) {
      case '@':
      case '$':
        return this.#pathOperand();
      case '/':
        return parsePattern(cursor);
      case "'":
      case '"':
        return { kind: 'literal', value: parseQuoted(cursor) };
      case '[':
      case '{':
        return { kind: 'literal', value: parseLenientJson(writtenJson(cursor), new Budget(MAX_STEPS)) };
      default: // a word or a number
    }
    const word = cursor.match(/true|false|null/y);
    if (word !== undefined) return { kind: 'literal', value: word === 'null' ? null : word === 'true' };
    return { kind: 'literal', value: numberIn(cursor) };
  }

  #pathOperand(): PathOperand {
    const cursor = this.#cursor;
    const from = cursor.at++;
    for (;;) {
      if (cursor.peek() === '[') passBrackets(cursor);
      else if (cursor.match(PATH_PART) === undefined) break;
    }
    const text = cursor.text.slice(from, cursor.at);
    return { kind: 'path', isRoot: text.startsWith('$'), path: this.#parsePath(text, cursor.depth + 1) };
  }
}

function numberIn(cursor: Cursor): Value {
  const written = cursor.match(/[-.\dEe]+/y) ?? '';
  const text = decimalText(written);
  if (text === undefined) throw cursor.error('a value in a filter is malformed');
  return /^-?\d+$/.test(text) ? BigInt(text) : new VDecimal(text);
}

/** A list or object of JSON. */
function writtenJson(cursor: Cursor): string {
  const from = cursor.at;
  passBrackets(cursor);
  return cursor.text.slice(from, cursor.at);
}

/** Passes over brackets or braces, and all between them. */
function passBrackets(cursor: Cursor): void {
  const open = cursor.peek();
  const close = open === '[' ? ']' : '}';
  let depth = 0;
  do {
    if (cursor.isAtEnd) throw cursor.error(`${close} is missing in a filter`);
    const character = cursor.peek();
    if (character === "'" || character === '"') {
      parseQuoted(cursor);
      continue;
    }
    if (character === open) depth++;
    else if (character === close) depth--;
    cursor.at++;
  } while (depth > 0);
}

/** `/…/i`. */
function parsePattern(cursor: Cursor): Operand {
  let source = '';
  for (cursor.at++; cursor.peek() !== '/'; cursor.at++) {
    if (cursor.isAtEnd) throw cursor.error('a pattern has no end');
    if (cursor.peek() === '\\') source += cursor.text[cursor.at++]!;
    source += cursor.peek();
  }
  cursor.at++;
  const flags = cursor.match(/[a-zA-Z]*/y) ?? '';
  const others = flags.replace(/i/g, '');
  if (/[^sx]/.test(others)) throw cursor.error(`the flags ${flags} of a pattern are not supported`);
  const ignoresCase = flags.includes('i');
  const whole = others === '' ? source : `(?${others})${source}`;
  translateRegex(whole, ignoresCase);
  return { kind: 'pattern', source: whole, ignoresCase };
}
