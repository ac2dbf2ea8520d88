// JSONPath in Jayway's dialect: text → tree (spec/websocket-api.md §5.8).
import { Cursor } from './cursor.ts';
import type { Filter, FilterOperator, JaywayPath, JaywayStep, Operand } from './jayway-syntax.ts';
import { MAX_DEPTH, type Value, VList } from './values.ts';

const DOT_NAME = /[^.[\]()'"\s,=<>!&|~?@]+/y;
const INTEGER = /-?\d{1,9}/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const FUNCTION = /\.?([A-Za-z]+)\(/y;
const FUNCTIONS: ReadonlySet<string> = new Set([
  ...['length', 'size', 'min', 'max', 'avg', 'stddev', 'sum', 'keys', 'concat', 'append', 'first', 'last'],
]);
const OPERATORS: readonly FilterOperator[] = [
  ...(['==', '!=', '<=', '>=', '<', '>', '=~'] as const),
  ...(['in', 'nin', 'subsetof', 'size', 'empty'] as const),
];

/** Parses a path; one without leading `$` gets `$.` in front. Throws TemplateError. */
export function parseJaywayPath(text: string): JaywayPath {
  const written = text.trim();
  const cursor = new Cursor(/^[$@]/.test(written) ? written : `$.${written}`);
  cursor.at = 1;
  const path = parseSteps(cursor);
  if (!cursor.isAtEnd) throw cursor.error('a JSON path is malformed');
  return path;
}

function parseSteps(cursor: Cursor): JaywayPath {
  const steps: JaywayStep[] = [];
  for (;;) {
    const apply = parseFunction(cursor);
    if (apply !== undefined) return { steps, apply, isDefinite: isDefinite(steps) };
    if (cursor.take('..')) {
      steps.push({ kind: 'descend' });
      if (cursor.peek() !== '[') steps.push(parseName(cursor));
    } else if (cursor.take('.')) steps.push(parseName(cursor));
    else if (cursor.peek() === '[') steps.push(parseBrackets(cursor));
    else return { steps, apply: undefined, isDefinite: isDefinite(steps) };
  }
}

function isDefinite(steps: readonly JaywayStep[]): boolean {
  return steps.every((step, i) => {
    if (step.kind === 'members') return step.names.length === 1 || i === steps.length - 1;
    return step.kind === 'indexes' && step.indexes.length === 1;
  });
}

function parseFunction(cursor: Cursor): JaywayPath['apply'] {
  const from = cursor.at;
  const written = cursor.match(FUNCTION);
  const name = written?.replace(/[.(]/g, '');
  if (name === undefined || !FUNCTIONS.has(name)) {
    cursor.at = from;
    return undefined;
  }
  const args: Value[] = [];
  cursor.skipBlanks();
  while (!cursor.take(')')) {
    if (args.length > 0) cursor.expect(',');
    cursor.skipBlanks();
    args.push(parseLiteral(cursor));
    cursor.skipBlanks();
  }
  return { name, args };
}

function parseName(cursor: Cursor): JaywayStep {
  const name = cursor.match(DOT_NAME);
  if (name === undefined) throw cursor.error('a name is missing in a JSON path');
  return name === '*' ? { kind: 'all' } : { kind: 'members', names: [name] };
}

function parseBrackets(cursor: Cursor): JaywayStep {
  cursor.expect('[');
  cursor.skipBlanks();
  const step = parseInBrackets(cursor);
  cursor.skipBlanks();
  cursor.expect(']');
  return step;
}

function parseInBrackets(cursor: Cursor): JaywayStep {
  if (cursor.take('*')) return { kind: 'all' };
  if (cursor.take('?')) {
    cursor.skipBlanks();
    cursor.expect('(');
    const test = parseOr(cursor);
    cursor.expect(')');
    return { kind: 'filter', test };
  }
  if (/['"]/.test(cursor.peek()))
    return { kind: 'members', names: parseCommaList(cursor, () => parseQuoted(cursor)) };
  const first = parseInteger(cursor);
  cursor.skipBlanks();
  if (cursor.take(':')) {
    cursor.skipBlanks();
    return { kind: 'slice', from: first, to: parseInteger(cursor) };
  }
  if (first === undefined) throw cursor.error('brackets of a JSON path are malformed');
  const indexes = [first];
  while (cursor.take(',')) {
    cursor.skipBlanks();
    const next = parseInteger(cursor);
    if (next === undefined) throw cursor.error('brackets of a JSON path are malformed');
    indexes.push(next);
    cursor.skipBlanks();
  }
  return { kind: 'indexes', indexes };
}

function parseInteger(cursor: Cursor): number | undefined {
  const digits = cursor.match(INTEGER);
  return digits === undefined ? undefined : Number(digits);
}

function parseCommaList<T>(cursor: Cursor, parse: () => T): T[] {
  const items = [parse()];
  cursor.skipBlanks();
  while (cursor.take(',')) {
    cursor.skipBlanks();
    items.push(parse());
    cursor.skipBlanks();
  }
  return items;
}

function parseQuoted(cursor: Cursor): string {
  const quote = cursor.peek();
  if (quote !== "'" && quote !== '"') throw cursor.error('a quoted name is missing');
  let text = '';
  cursor.at++;
  while (cursor.peek() !== quote) {
    if (cursor.isAtEnd) throw cursor.error('a quoted name has no end');
    if (cursor.peek() === '\\') cursor.at++;
    text += cursor.peek();
    cursor.at++;
  }
  cursor.at++;
  return text;
}

function parseOr(cursor: Cursor): Filter {
  let left = parseAnd(cursor);
  while (cursor.take('||')) left = { kind: 'or', left, right: parseAnd(cursor) };
  return left;
}

function parseAnd(cursor: Cursor): Filter {
  let left = parseTest(cursor);
  while (cursor.take('&&')) left = { kind: 'and', left, right: parseTest(cursor) };
  return left;
}

function parseTest(cursor: Cursor): Filter {
  if (++cursor.depth > MAX_DEPTH) throw cursor.error('a filter is nested too deeply');
  const test = parseTestHere(cursor);
  cursor.depth--;
  cursor.skipBlanks();
  return test;
}

function parseTestHere(cursor: Cursor): Filter {
  cursor.skipBlanks();
  if (cursor.peek() === '!' && cursor.peek(1) !== '=') {
    cursor.at++;
    return { kind: 'not', of: parseTest(cursor) };
  }
  if (cursor.take('(')) {
    const inner = parseOr(cursor);
    cursor.expect(')');
    return inner;
  }
  const left = parseOperand(cursor);
  cursor.skipBlanks();
  const operator = OPERATORS.find((each) => cursor.take(each));
  if (operator === undefined) return { kind: 'exists', operand: left };
  cursor.skipBlanks();
  return { kind: 'compare', operator, left, right: parseOperand(cursor) };
}

function parseOperand(cursor: Cursor): Operand {
  const first = cursor.peek();
  if (first === '@' || first === '$') {
    cursor.at++;
    return { kind: 'path', isRoot: first === '$', path: parseSteps(cursor) };
  }
  if (first === '/') {
    cursor.at++;
    let source = '';
    while (cursor.peek() !== '/') {
      if (cursor.isAtEnd) throw cursor.error('a pattern has no end');
      if (cursor.peek() === '\\' && cursor.peek(1) !== '/') source += cursor.text[cursor.at++]!;
      else if (cursor.peek() === '\\') cursor.at++;
      source += cursor.text[cursor.at++] ?? '';
    }
    cursor.at++;
    return { kind: 'pattern', source, flags: cursor.match(/[a-z]*/y) ?? '' };
  }
  return { kind: 'literal', value: parseLiteral(cursor) };
}

function parseLiteral(cursor: Cursor): Value {
  const first = cursor.peek();
  if (first === "'" || first === '"') return parseQuoted(cursor);
  if (first === '[') {
    const items: Value[] = [];
    cursor.at++;
    cursor.skipBlanks();
    while (!cursor.take(']')) {
      if (items.length > 0) cursor.expect(',');
      cursor.skipBlanks();
      items.push(parseLiteral(cursor));
      cursor.skipBlanks();
    }
    return new VList(items, true);
  }
  const digits = cursor.match(NUMBER);
  if (digits !== undefined) return /^-?\d+$/.test(digits) ? BigInt(digits) : Number(digits);
  for (const [word, value] of [
    ['true', true],
    ['false', false],
    ['null', null],
  ] as const) {
    if (cursor.take(word)) return value;
  }
  throw cursor.error('a value in a JSON path is malformed');
}
