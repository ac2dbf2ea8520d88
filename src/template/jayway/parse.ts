// JSONPath in Jayway's dialect: text → tree (spec/websocket-api.md §5.8).
import { Cursor } from '../cursor.ts';
import { parseLenientJson } from '../lenient-json.ts';
import { Budget, MAX_DEPTH, MAX_STEPS } from '../values.ts';
import { FilterParser } from './parse-filter.ts';
import { parseQuoted } from './parse-quoted.ts';
import type { FunctionArgument, JaywayPath, JaywayStep } from './syntax.ts';

const NAME = /[^. [(*][^. [(]*/y;
const INDEXES = /\[ *(-?\d{1,10}(?: *, *-?\d{1,10})*),* *\]/y;
const SLICE = /\[ *(-?\d{1,10})?:(-?\d{1,10})?(?::[-:\d]*)? *\]/y;
const LARGEST = 2_147_483_647;
const MAX_PATH_STEPS = 500;

/** Parses a path; one without leading `$` gets `$.` in front. Throws TemplateError. */
export function parseJaywayPath(text: string): JaywayPath {
  return parsePath(/^[$@]/.test(text) ? text : `$.${text}`, 0);
}

/** `depth`: of how many filters and functions it is an operand. */
function parsePath(text: string, depth: number): JaywayPath {
  const cursor = new Cursor(text.replace(/ +$/, ''));
  cursor.depth = depth;
  if (depth > MAX_DEPTH) throw cursor.error('a JSON path is nested too deeply');
  if (cursor.text.endsWith('.')) throw cursor.error('a JSON path ends with a dot');
  cursor.at = 1;
  if (!cursor.isAtEnd && !/[.[]/.test(cursor.peek())) throw cursor.error('behind $ or @ stands a . or [');
  const steps: JaywayStep[] = [];
  while (!isAtTail(cursor, steps)) {
    steps.push(...parseStep(cursor));
    if (steps.length > MAX_PATH_STEPS) throw cursor.error('a JSON path has too many steps');
  }
  const turned = turnedAround(steps);
  return { steps: turned, isDefinite: turned.every(isDefinite) };
}

/** Jayway looks no further when one character is left behind a step. That of brackets yet to come is refused here. */
function isAtTail(cursor: Cursor, steps: readonly JaywayStep[]): boolean {
  if (cursor.isAtEnd) return true;
  return steps.length > 0 && cursor.at === cursor.text.length - 1 && cursor.peek() !== '[';
}

function isDefinite(step: JaywayStep, i: number, steps: readonly JaywayStep[]): boolean {
  if (step.kind === 'members') return step.names.length === 1 || i === steps.length - 1;
  return (step.kind === 'indexes' && step.indexes.length === 1) || step.kind === 'function';
}

/** `$..a.sum()` is `$.sum($..a)`: the function gets what the path finds as a list. */
function turnedAround(steps: readonly JaywayStep[]): readonly JaywayStep[] {
  const last = steps.at(-1);
  if (steps[0]?.kind !== 'descend' || last?.kind !== 'function') return steps;
  const path = { steps: steps.slice(0, -1), isDefinite: false };
  return [{ ...last, args: [{ path }] }];
}

function parseStep(cursor: Cursor): JaywayStep[] {
  if (cursor.take('..')) return [{ kind: 'descend' }, parseOne(cursor)];
  cursor.take('.');
  return [parseOne(cursor)];
}

function parseOne(cursor: Cursor): JaywayStep {
  if (cursor.peek() === '[') return parseBrackets(cursor);
  if (cursor.take('*')) return { kind: 'all' };
  const name = cursor.match(NAME);
  if (name === undefined) throw cursor.error('a name is missing in a JSON path');
  if (cursor.peek() === ' ') throw cursor.error("a name with blanks in it is written ['a name']");
  return cursor.peek() === '(' ? parseFunction(cursor, name) : { kind: 'members', names: [name] };
}

function parseBrackets(cursor: Cursor): JaywayStep {
  if (cursor.match(/\[ *\* *\]/y) !== undefined) return { kind: 'all' };
  const [, indexes] = groupsOf(cursor, INDEXES);
  if (indexes !== undefined)
    return { kind: 'indexes', indexes: indexes.split(',').map((each) => integer(cursor, each)) };
  const slice = groupsOf(cursor, SLICE);
  if (slice.length > 0) {
    const [start, end] = [slice[1], slice[2]].map((each) =>
      each === undefined ? undefined : integer(cursor, each),
    );
    if (start === undefined && end === undefined) throw cursor.error('a slice has neither start nor end');
    return { kind: 'slice', from: start, to: end };
  }
  const from = cursor.at;
  if (cursor.match(/\[ *['"]/y) !== undefined) {
    cursor.at = from;
    return parseNames(cursor);
  }
  if (cursor.match(/\[ *\? */y) !== undefined && cursor.peek() === '(') {
    const test = new FilterParser(cursor, parsePath).parse();
    cursor.match(/ +/y);
    cursor.expect(']');
    return { kind: 'filter', test };
  }
  throw cursor.error('brackets of a JSON path are malformed');
}

function groupsOf(cursor: Cursor, pattern: RegExp): readonly (string | undefined)[] {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text);
  if (found !== null) cursor.at = pattern.lastIndex;
  return found ?? [];
}

function integer(cursor: Cursor, digits: string): number {
  const number = Number(digits) + 0;
  if (Math.abs(number) > LARGEST) throw cursor.error(`the index ${digits} is too large`);
  return number;
}

/** `['a','b']`: all in quotes of one kind. */
function parseNames(cursor: Cursor): JaywayStep {
  cursor.match(/\[ */y);
  const quote = cursor.peek();
  const names: string[] = [];
  for (;;) {
    if (cursor.peek() !== quote) throw cursor.error('a quoted name is missing');
    names.push(parseQuoted(cursor));
    cursor.match(/ +/y);
    if (cursor.take(']')) return { kind: 'members', names };
    cursor.expect(',');
    cursor.match(/ +/y);
  }
}

/** Numbers, texts in double quotes, objects and paths; what begins otherwise is no argument, and is passed over. */
function parseFunction(cursor: Cursor, name: string): JaywayStep {
  const args: FunctionArgument[] = [];
  for (const written of writtenArguments(cursor)) {
    if (/^[$@]/.test(written)) args.push({ path: parsePath(written, cursor.depth + 1) });
    else if (/^[{"\d-]/.test(written)) args.push({ value: parseLenientJson(written, new Budget(MAX_STEPS)) });
    else if (written.startsWith('['))
      throw cursor.error('a list is no argument of a function of a JSON path');
  }
  if (!cursor.isAtEnd) throw cursor.error('a function of a JSON path stands at its end');
  return { kind: 'function', name, args };
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The texts between the commas; the parentheses are passed over. */
function writtenArguments(cursor: Cursor): string[] {
  const written = [''];
  const open = [')'];
  let isQuoted = false;
  for (cursor.at++; ; cursor.at++) {
    if (cursor.isAtEnd) throw cursor.error('the arguments of a function have no end');
    const character = cursor.peek();
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && CLOSING[character] !== undefined) open.push(CLOSING[character]);
    else if (!isQuoted && character === open.at(-1)) open.pop();
    if (open.length === 0) break;
    if (!isQuoted && open.length === 1 && character === ',') written.push('');
    else written[written.length - 1] += character;
    if (isQuoted && character === '\\') {
      cursor.at++;
      written[written.length - 1] += cursor.peek();
    }
  }
  cursor.at++;
  return written.map((each) => each.trim()).filter((each) => each !== '');
}
