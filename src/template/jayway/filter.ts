// Filters of JSONPaths in Jayway's dialect: whether they hold of a value (spec/websocket-api.md §5.8.1).
import { unreachable } from '../../defect.ts';
import { sameValue } from '../compare.ts';
import { decimalText } from '../java-decimal.ts';
import { textOf } from '../print-value.ts';
import { javaPattern } from '../regex/regex.ts';
import { type Budget, numberOf, TemplateError, type Value, VDecimal, VList, VMap } from '../values.ts';
import { InapplicablePath, type PathContext } from './path-context.ts';
import type { Filter, FilterOperator, Operand } from './syntax.ts';

/** A filter with a part that cannot be applied does not hold. */
export function holds(filter: Filter, element: Value, context: PathContext): boolean {
  try {
    return tests(filter, element, context);
  } catch (error) {
    if (error instanceof InapplicablePath) return false;
    throw error;
  }
}

function tests(filter: Filter, element: Value, context: PathContext): boolean {
  context.budget.spend(1);
  switch (filter.kind) {
    case 'and':
      return tests(filter.left, element, context) && tests(filter.right, element, context);
    case 'or':
      return tests(filter.left, element, context) || tests(filter.right, element, context);
    case 'not':
      return !tests(filter.of, element, context);
    case 'exists':
      return operandValue(filter.operand, element, { ...context, requiresAll: true }) !== undefined;
    case 'compare':
      return compares(filter, element, context);
    default:
      unreachable(filter);
  }
}

function operandValue(
  operand: Exclude<Operand, { kind: 'pattern' }>,
  element: Value,
  context: PathContext,
): Value | undefined {
  if (operand.kind === 'literal') return operand.value;
  return context.find(operand.path, operand.isRoot ? context.root : element, context);
}

function compares(filter: Filter & { kind: 'compare' }, element: Value, given: PathContext): boolean {
  const { operator, left, right } = filter;
  const context = { ...given, requiresAll: false };
  if (left.kind === 'pattern' || right.kind === 'pattern') {
    if (operator !== '=~' || left.kind === right.kind) return false;
    const [pattern, other] =
      left.kind === 'pattern' ? [left, right] : [right as Operand & { kind: 'pattern' }, left];
    return matches(
      pattern,
      operandValue(other as Exclude<Operand, { kind: 'pattern' }>, element, context),
      context.budget,
    );
  }
  return compareValues(
    operator,
    operandValue(left, element, context),
    operandValue(right, element, context),
    context.budget,
  );
}

function compareValues(
  operator: FilterOperator,
  left: Value | undefined,
  right: Value | undefined,
  budget: Budget,
): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right, budget);
    case '===':
      return kindOf(left) === kindOf(right) && isEqual(left, right, budget);
    case '!=':
      return !isEqual(left, right, budget);
    case '!==':
      return kindOf(left) !== kindOf(right) || !isEqual(left, right, budget);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return isOrdered(operator, left, right);
    case 'in':
      return isIn(left, right, budget);
    case 'nin':
      return !isIn(left, right, budget);
    case 'contains':
      return contains(left, right, budget);
    case 'size':
      return hasSize(left, right);
    case 'empty':
      return isEmptyAs(left, right);
    case 'subsetof':
      return inLists(left, right, (own, others) => own.every((item) => isAmong(item, others, budget)));
    case 'anyof':
      return inLists(left, right, (own, others) => own.some((item) => isAmong(item, others, budget)));
    case 'noneof':
      return inLists(left, right, (own, others) => !own.some((item) => isAmong(item, others, budget)));
    default:
      return false;
  }
}

function kindOf(value: Value | undefined): string {
  if (numberOf(value) !== undefined) return 'number';
  if (value === null || value === undefined) return String(value);
  return typeof value;
}

/** What is missing equals nothing. A number and a text are compared as the left one is. */
function isEqual(left: Value | undefined, right: Value | undefined, budget: Budget): boolean {
  if (left === undefined || right === undefined) return false;
  budget.spend(1);
  const [a, b] = [numberOf(left), numberOf(right)];
  if (typeof left === 'string') return left === (b === undefined ? right : numberText(right));
  if (a !== undefined) {
    const other = b ?? (typeof right === 'string' ? numberIn(right) : undefined);
    // biome-ignore lint/suspicious/noDoubleEquals: bigint and number compare by value
    return other !== undefined && a == other;
  }
  return sameValue(left, right, budget);
}

/** As BigDecimal prints it. */
function numberText(value: Value): string {
  return decimalText(textOf(value)) ?? textOf(value);
}

function numberIn(text: string): bigint | number | undefined {
  if (decimalText(text) === undefined) return undefined;
  return /^[-+]?\d{1,1000}$/.test(text) ? BigInt(text.replace('+', '')) : Number(text);
}

/** Numbers, or texts. */
function isOrdered(
  operator: '<' | '<=' | '>' | '>=',
  left: Value | undefined,
  right: Value | undefined,
): boolean {
  const isText = typeof left === 'string' && typeof right === 'string';
  const [a, b] = isText ? [left, right] : [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return false;
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  return operator === '<=' ? a <= b : a >= b;
}

function isIn(left: Value | undefined, right: Value | undefined, budget: Budget): boolean {
  if (right instanceof VList) return isAmong(left, right.items, budget);
  if (right instanceof VMap) return false;
  throw new InapplicablePath('in and nin of a JSON path need a list');
}

/** Java finds no kind for a list or object in a list. */
function isAmong(item: Value | undefined, items: readonly Value[], budget: Budget): boolean {
  if (items.some((each) => each instanceof VList || each instanceof VMap)) {
    throw new TemplateError('A list in a filter holds lists or objects, which compare with nothing');
  }
  return items.some((each) => isEqual(item, each, budget));
}

function contains(left: Value | undefined, right: Value | undefined, budget: Budget): boolean {
  if (typeof left === 'string') return typeof right === 'string' && left.includes(right);
  return left instanceof VList && isAmong(right, left.items, budget);
}

function hasSize(left: Value | undefined, right: Value | undefined): boolean {
  const size = numberOf(right);
  if (size === undefined) return false;
  if (typeof left === 'string') return left.length === Number(size);
  return left instanceof VList && left.items.length === Number(size);
}

function isEmptyAs(left: Value | undefined, right: Value | undefined): boolean {
  const size =
    typeof left === 'string'
      ? left.length
      : left instanceof VList
        ? left.items.length
        : left instanceof VMap
          ? left.entries.size
          : undefined;
  if (size === undefined) return false;
  if (typeof right !== 'boolean') throw new InapplicablePath('empty of a JSON path needs true or false');
  return (size === 0) === right;
}

function inLists(
  left: Value | undefined,
  right: Value | undefined,
  test: (own: readonly Value[], others: readonly Value[]) => boolean,
): boolean {
  return left instanceof VList && right instanceof VList && test(left.items, right.items);
}

/** A text, a number or boolean as text; of a list any element; anything else is an empty text. */
function matches(
  { source, ignoresCase }: Operand & { kind: 'pattern' },
  value: Value | undefined,
  budget: Budget,
): boolean {
  if (value instanceof VList) {
    return value.items.some(
      (item) => !(item instanceof VList) && matches({ kind: 'pattern', source, ignoresCase }, item, budget),
    );
  }
  const text =
    typeof value === 'string' || typeof value === 'boolean'
      ? String(value)
      : value instanceof VDecimal || numberOf(value) !== undefined
        ? numberText(value!)
        : '';
  return javaPattern(source, ignoresCase, text.length, budget).matches(text);
}
