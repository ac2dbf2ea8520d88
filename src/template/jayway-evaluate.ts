// JSONPath in Jayway's dialect: what a path finds in a value (spec/websocket-api.md §5.8).
import type { Filter, JaywayPath, JaywayStep, Operand } from './jayway-syntax.ts';
import { textOf } from './print-value.ts';
import { patternOf } from './regex.ts';
import { type Budget, isNumber, TemplateError, type Value, VList, VMap } from './values.ts';

/** The value, a list of values for a path that may lead to several; undefined when a definite path leads nowhere. */
export function evaluateJayway(path: JaywayPath, root: Value, budget: Budget): Value | undefined {
  return find(path, root, root, budget);
}

function find(path: JaywayPath, start: Value, root: Value, budget: Budget): Value | undefined {
  let found: Value[] = [start];
  for (let i = 0; i < path.steps.length; i++) {
    const step = path.steps[i]!;
    if (step.kind === 'descend') {
      found = found.flatMap((value) => selfAndBelow(value, budget));
      continue;
    }
    const isLast = i === path.steps.length - 1;
    const next: Value[] = [];
    for (const value of found) take(step, value, root, isLast, next, budget);
    budget.spend(next.length);
    found = next;
  }
  const value = path.isDefinite ? found[0] : new VList(found, true);
  return path.apply === undefined ? value : applied(path.apply, value);
}

/** What one step finds in one value. */
function take(
  step: JaywayStep,
  value: Value,
  root: Value,
  isLast: boolean,
  found: Value[],
  budget: Budget,
): void {
  budget.spend(1);
  switch (step.kind) {
    case 'members':
      return takeMembers(step.names, value, isLast, found);
    case 'indexes':
      if (value instanceof VList) {
        for (const index of step.indexes) {
          const item = value.items[index < 0 ? index + value.items.length : index];
          if (item !== undefined) found.push(item);
        }
      }
      return;
    case 'slice':
      if (value instanceof VList) found.push(...value.items.slice(step.from, step.to));
      return;
    case 'all':
      for (const child of children(value)) found.push(child);
      return;
    case 'filter': {
      const candidates = value instanceof VList ? value.items : value instanceof VMap ? [value] : [];
      for (const each of candidates) if (holds(step.test, each, root, budget)) found.push(each);
      return;
    }
    case 'descend':
      return;
  }
}

/** Several names at the end make one object of what is there. */
function takeMembers(names: readonly string[], value: Value, isLast: boolean, found: Value[]): void {
  if (!(value instanceof VMap)) return;
  const present = names.filter((name) => value.entries.has(name));
  if (names.length > 1 && isLast) {
    found.push(new VMap(new Map(present.map((name) => [name, value.entries.get(name)!])), 'json'));
  } else for (const name of present) found.push(value.entries.get(name)!);
}

function children(value: Value): Iterable<Value> {
  if (value instanceof VList) return value.items;
  return value instanceof VMap ? value.entries.values() : [];
}

function selfAndBelow(value: Value, budget: Budget): Value[] {
  budget.spend(1);
  const all = [value];
  for (const child of children(value)) {
    if (child instanceof VList || child instanceof VMap) all.push(...selfAndBelow(child, budget));
  }
  return all;
}

function holds(filter: Filter, element: Value, root: Value, budget: Budget): boolean {
  budget.spend(1);
  switch (filter.kind) {
    case 'and':
      return holds(filter.left, element, root, budget) && holds(filter.right, element, root, budget);
    case 'or':
      return holds(filter.left, element, root, budget) || holds(filter.right, element, root, budget);
    case 'not':
      return !holds(filter.of, element, root, budget);
    case 'exists':
      return operandValue(filter.operand, element, root, budget) !== undefined;
    case 'compare': {
      const left = operandValue(filter.left, element, root, budget);
      if (filter.right.kind === 'pattern') {
        if (filter.operator !== '=~' || typeof left !== 'string') return false;
        const { source, flags } = filter.right;
        return patternOf(source, flags.includes('i'), left.length, budget).matches(left);
      }
      return compares(filter.operator, left, operandValue(filter.right, element, root, budget));
    }
  }
}

function operandValue(operand: Operand, element: Value, root: Value, budget: Budget): Value | undefined {
  if (operand.kind === 'literal') return operand.value;
  if (operand.kind === 'pattern') return undefined;
  return find(operand.path, operand.isRoot ? root : element, root, budget);
}

type Comparing = (Filter & { kind: 'compare' })['operator'];

function compares(operator: Comparing, left: Value | undefined, right: Value | undefined): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case 'in':
      return right instanceof VList && right.items.some((item) => isEqual(left, item));
    case 'nin':
      return !(right instanceof VList && right.items.some((item) => isEqual(left, item)));
    case 'subsetof':
      return (
        left instanceof VList &&
        right instanceof VList &&
        left.items.every((item) => right.items.some((other) => isEqual(item, other)))
      );
    case 'size':
      return isEqual(sizeOf(left), right);
    case 'empty':
      return (sizeOf(left) === 0n) === (right === true);
    case '=~':
      return false;
  }
  if (isNumber(left) && isNumber(right)) return isOrdered(operator, left < right, left > right);
  if (typeof left === 'string' && typeof right === 'string')
    return isOrdered(operator, left < right, left > right);
  return false;
}

function isOrdered(operator: '<' | '<=' | '>' | '>=', isLess: boolean, isMore: boolean): boolean {
  if (operator === '<') return isLess;
  if (operator === '>') return isMore;
  return operator === '<=' ? !isMore : !isLess;
}

function isEqual(left: Value | undefined, right: Value | undefined): boolean {
  // Loosely, so that 1 equals 1.0.
  // biome-ignore lint/suspicious/noDoubleEquals: bigint and number compare by value
  if (isNumber(left) && isNumber(right)) return left == right;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return left === right;
  }
  return left.constructor === right.constructor && textOf(left) === textOf(right);
}

function sizeOf(value: Value | undefined): bigint | undefined {
  if (typeof value === 'string') return BigInt(value.length);
  if (value instanceof VList) return BigInt(value.items.length);
  return value instanceof VMap ? BigInt(value.entries.size) : undefined;
}

function applied(
  { name, args }: NonNullable<JaywayPath['apply']>,
  value: Value | undefined,
): Value | undefined {
  switch (name) {
    case 'length':
    case 'size':
      return sizeOf(value);
    case 'keys':
      return value instanceof VMap ? new VList([...value.entries.keys()], true) : undefined;
    case 'first':
      return value instanceof VList ? value.items[0] : undefined;
    case 'last':
      return value instanceof VList ? value.items.at(-1) : undefined;
    case 'append':
      return value instanceof VList ? new VList([...value.items, ...args], true) : undefined;
    case 'concat': {
      const own = value instanceof VList ? value.items.filter((item) => typeof item === 'string') : [];
      return [...own, ...args.map(textOf)].join('');
    }
  }
  const numbers = (value instanceof VList ? value.items : []).filter(isNumber).map(Number);
  if (numbers.length === 0) throw new TemplateError(`${name}() of a JSON path needs numbers`);
  return aggregate(name, numbers);
}

function aggregate(name: string, numbers: readonly number[]): number {
  const sum = numbers.reduce((total, each) => total + each, 0);
  const mean = sum / numbers.length;
  switch (name) {
    case 'sum':
      return sum;
    case 'avg':
      return mean;
    case 'min':
      return numbers.reduce((least, each) => Math.min(least, each));
    case 'max':
      return numbers.reduce((most, each) => Math.max(most, each));
    default:
      return Math.sqrt(numbers.reduce((total, each) => total + (each - mean) ** 2, 0) / numbers.length);
  }
}
