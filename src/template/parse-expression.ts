// References and expressions of mapping templates: text → tree (spec/websocket-api.md §5.2, §5.4).
import { Cursor } from './cursor.ts';
import { parseBlockOf } from './parse-template.ts';
import type { BinaryOperator, Expression, Reference, Step } from './syntax.ts';
import { MAX_DEPTH } from './values.ts';

const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_-]*/y;
const NUMBER = /-?\d+(?:\.(?!\.)\d*(?:[eE][+-]?\d+)?|[eE][+-]?\d+)?/y;
const WORD = /[a-z]+(?![A-Za-z0-9_-])/y;
const START = /[A-Za-z_]/;

/** The reference that begins at the cursor's `$`; undefined, with the cursor where it was, when there is none. */
export function parseReference(cursor: Cursor): Reference | undefined {
  const from = cursor.at;
  cursor.expect('$');
  cursor.take('!');
  const braced = cursor.take('{');
  const name = cursor.match(IDENTIFIER);
  if (name === undefined) {
    cursor.at = from;
    return undefined;
  }
  const steps = parseSteps(cursor);
  if (braced) cursor.expect('}');
  return { name, steps };
}

function parseSteps(cursor: Cursor): Step[] {
  const steps: Step[] = [];
  for (;;) {
    if (cursor.peek() === '.' && START.test(cursor.peek(1))) {
      cursor.at++;
      const name = cursor.match(IDENTIFIER)!;
      if (cursor.take('(')) steps.push({ kind: 'method', name, args: parseItems(cursor, ')') });
      else steps.push({ kind: 'property', name });
    } else if (cursor.peek() === '[') {
      const index = parseIndex(cursor);
      if (index === undefined) return steps;
      steps.push({ kind: 'index', index });
    } else return steps;
  }
}

/** `[0]`, `["k"]`, `[$i]`; anything else in brackets is text. */
function parseIndex(cursor: Cursor): Expression | undefined {
  const from = cursor.at;
  cursor.at++;
  cursor.skipBlanks();
  if (/["'$0-9-]/.test(cursor.peek())) {
    const index = parseOperand(cursor);
    cursor.skipBlanks();
    if (cursor.take(']')) return index;
  }
  cursor.at = from;
  return undefined;
}

/** Operands between commas up to the closing character, which is passed over. */
export function parseItems(cursor: Cursor, close: string, separator = ','): Expression[] {
  const items: Expression[] = [];
  cursor.skipBlanks();
  while (!cursor.take(close)) {
    if (items.length > 0) {
      if (separator === ',') cursor.expect(',');
      else cursor.take(',');
      cursor.skipBlanks();
    }
    items.push(parseOperand(cursor));
    cursor.skipBlanks();
  }
  return items;
}

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
  for (;;) {
    cursor.skipBlanks();
    const operator = takeOperator(cursor, operators);
    if (operator === undefined) return left;
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
    if (symbol === '-' && /\d/.test(cursor.peek(1))) continue;
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
      return { kind: 'reference', reference };
    }
    case '"':
    case "'":
      return nested(cursor, () => parseString(cursor));
    case '[':
      return nested(cursor, () => parseListOrRange(cursor));
    case '{':
      return nested(cursor, () => parseMap(cursor));
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

/** The only escape is the doubled quote (§5.4.1). */
function parseString(cursor: Cursor): Expression {
  const quote = cursor.peek();
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
  if (quote === "'" || !/[$#\\]/.test(text)) return { kind: 'string', text };
  const inner = new Cursor(text);
  inner.depth = cursor.depth;
  inner.isString = true;
  const block = parseBlockOf(inner);
  const [only] = block;
  if (block.length === 0) return { kind: 'string', text: '' };
  if (block.length === 1 && only!.kind === 'text') return { kind: 'string', text: only!.text };
  return { kind: 'template', block };
}

function parseListOrRange(cursor: Cursor): Expression {
  cursor.expect('[');
  cursor.skipBlanks();
  if (cursor.take(']')) return { kind: 'list', items: [] };
  const first = parseOperand(cursor);
  cursor.skipBlanks();
  if (cursor.take('..')) {
    const to = parseOperand(cursor);
    cursor.skipBlanks();
    cursor.expect(']');
    return { kind: 'range', from: first, to };
  }
  if (cursor.take(']')) return { kind: 'list', items: [first] };
  cursor.expect(',');
  return { kind: 'list', items: [first, ...parseItems(cursor, ']')] };
}

function parseMap(cursor: Cursor): Expression {
  const entries: (readonly [Expression, Expression])[] = [];
  cursor.expect('{');
  cursor.skipBlanks();
  while (!cursor.take('}')) {
    if (entries.length > 0) cursor.expect(',');
    const key = parseOperand(cursor);
    cursor.skipBlanks();
    cursor.expect(':');
    entries.push([key, parseOperand(cursor)]);
    cursor.skipBlanks();
  }
  return { kind: 'map', entries };
}

function nested<T>(cursor: Cursor, parse: () => T): T {
  if (++cursor.depth > MAX_DEPTH) throw cursor.error('the template is nested too deeply');
  const result = parse();
  cursor.depth--;
  return result;
}
