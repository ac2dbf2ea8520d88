// Expressions of mapping templates: text → tree (spec/websocket-api.md §5.4).
import { Cursor } from './cursor.ts';
import { bare, parseReference } from './parse-reference.ts';
import { parseBlockOf } from './parse-template.ts';
import type { BinaryOperator, Expression } from './syntax.ts';
import { MAX_DEPTH } from './values.ts';

const NUMBER = /-?(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const WORD = /[a-z]+(?![A-Za-z0-9_@])/y;

/** In a row, between operands of one level. */
const MAX_OPERATORS = 1_000;

const LEVELS: readonly Readonly<Record<string, BinaryOperator>>[] = [
  { '||': '||', or: '||' },
  { '&&': '&&', and: '&&' },
  { '==': '==', '!=': '!=', eq: '==', ne: '!=' },
  { '<=': '<=', '>=': '>=', '<': '<', '>': '>', le: '<=', ge: '>=', lt: '<', gt: '>' },
  { '+': '+', '-': '-' },
  { '*': '*', '/': '/', '%': '%' },
];

/** An expression, blanks around it included. */
export function parseExpression(cursor: Cursor): Expression {
  const expression = parseLevel(cursor, 0);
  cursor.skipBlanks();
  return expression;
}

function parseLevel(cursor: Cursor, level: number): Expression {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(cursor);
  let left = parseLevel(cursor, level + 1);
  for (let count = 0; ; count++) {
    cursor.skipBlanks();
    const operator = takeOperator(cursor, operators);
    if (operator === undefined) return left;
    if (count === MAX_OPERATORS) throw cursor.error('an expression has too many operators');
    left = { kind: 'binary', operator, left, right: parseLevel(cursor, level + 1) };
  }
}

function takeOperator(
  cursor: Cursor,
  operators: Readonly<Record<string, BinaryOperator>>,
): BinaryOperator | undefined {
  const from = cursor.at;
  const word = cursor.match(WORD);
  if (word !== undefined) {
    if (Object.hasOwn(operators, word)) return operators[word];
    cursor.at = from;
    return undefined;
  }
  for (const symbol of Object.keys(operators)) {
    // A minus in front of a digit is the number's sign.
    if (symbol === '-' && /^\.?\d/.test(cursor.peek(1) + cursor.peek(2))) continue;
    if (cursor.take(symbol)) return operators[symbol];
  }
  return undefined;
}

function parseUnary(cursor: Cursor): Expression {
  cursor.skipBlanks();
  const from = cursor.at;
  if (cursor.peek() === '!' && cursor.peek(1) !== '=') {
    cursor.at++;
    return nested(cursor, () => ({ kind: 'not', of: parseUnary(cursor) }));
  }
  if (cursor.match(WORD) === 'not') return nested(cursor, () => ({ kind: 'not', of: parseUnary(cursor) }));
  cursor.at = from;
  if (!cursor.take('(')) return parseOperand(cursor);
  return nested(cursor, () => {
    const inner = parseExpression(cursor);
    cursor.expect(')');
    return inner;
  });
}

/** What may stand as an argument, in a list or between operators. */
export function parseOperand(cursor: Cursor): Expression {
  cursor.skipBlanks();
  switch (cursor.peek()) {
    case '$': {
      const reference = parseReference(cursor);
      if (reference === undefined) throw cursor.error('a reference is malformed');
      return { kind: 'reference', reference: bare(reference) };
    }
    case '"':
    case "'":
      return nested(cursor, () => parseString(cursor));
    case '[':
      return nested(cursor, () => parseListOrRange(cursor));
    case '{':
      return nested(cursor, () => parseMap(cursor));
    default: // a number or a word
  }
  const digits = cursor.match(NUMBER);
  if (digits !== undefined) {
    return /^-?\d+$/.test(digits)
      ? { kind: 'integer', value: BigInt(digits) }
      : { kind: 'decimal', value: Number(digits) };
  }
  const from = cursor.at;
  const word = cursor.match(WORD);
  if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' };
  cursor.at = from;
  throw cursor.error('an expression is malformed');
}

/** A quote is doubled to stand for itself; `\uXXXX` is a character, in double quotes alone (§5.4.1). */
function parseString(cursor: Cursor): Expression {
  const quote = cursor.peek();
  const start = cursor.at + 1;
  let text = '';
  cursor.at++;
  for (;;) {
    const end = cursor.text.indexOf(quote, cursor.at);
    if (end < 0) throw cursor.error('a string has no end');
    text += cursor.text.slice(cursor.at, end);
    cursor.at = end + 1;
    if (cursor.peek() !== quote) break;
    text += quote;
    cursor.at++;
  }
  if (quote === "'") return { kind: 'string', text };
  text = withoutEscapes(cursor, text);
  if (!/[$#]/.test(text)) return { kind: 'string', text };
  const inner = new Cursor(text);
  inner.depth = cursor.depth;
  inner.macros = cursor.macros;
  inner.known = cursor.known;
  inner.isString = true;
  inner.watch = cursor.watch;
  inner.whole = cursor.whole;
  inner.start = cursor.start + start;
  const block = parseBlockOf(inner);
  const [only] = block;
  if (block.length === 0) return { kind: 'string', text: '' };
  if (block.length === 1 && only!.kind === 'text') return { kind: 'string', text: only!.text };
  return { kind: 'template', block };
}

function withoutEscapes(cursor: Cursor, text: string): string {
  if (!text.includes('\\u')) return text;
  return text.replace(/\\u([0-9A-Fa-f]{4})?/g, (_escape, digits: string | undefined) => {
    if (digits === undefined) throw cursor.error('\\u needs four hexadecimal digits in a string');
    return String.fromCharCode(Number.parseInt(digits, 16));
  });
}

/** The bounds of a range are integers or references. */
function parseListOrRange(cursor: Cursor): Expression {
  cursor.expect('[');
  if (cursor.take(']')) return { kind: 'list', items: [] };
  const first = parseOperand(cursor);
  cursor.skipBlanks();
  if (cursor.take('..')) {
    checkBound(cursor, first);
    const to = parseOperand(cursor);
    checkBound(cursor, to);
    cursor.skipBlanks();
    cursor.expect(']');
    return { kind: 'range', from: first, to };
  }
  const items = [first];
  while (!cursor.take(']')) {
    cursor.expect(',');
    items.push(parseOperand(cursor));
    cursor.skipBlanks();
  }
  return { kind: 'list', items };
}

function checkBound(cursor: Cursor, bound: Expression): void {
  if (bound.kind !== 'integer' && bound.kind !== 'reference') {
    throw cursor.error('the bound of a range is an integer or a reference');
  }
}

function parseMap(cursor: Cursor): Expression {
  const entries: (readonly [Expression, Expression])[] = [];
  cursor.expect('{');
  cursor.skipBlanks();
  if (cursor.take('}')) return { kind: 'map', entries };
  for (;;) {
    const key = parseOperand(cursor);
    cursor.skipBlanks();
    cursor.expect(':');
    entries.push([key, parseOperand(cursor)]);
    cursor.skipBlanks();
    if (cursor.take('}')) return { kind: 'map', entries };
    cursor.expect(',');
  }
}

function nested<T>(cursor: Cursor, parse: () => T): T {
  if (++cursor.depth > MAX_DEPTH) throw cursor.error('the template is nested too deeply');
  const result = parse();
  cursor.depth--;
  return result;
}
