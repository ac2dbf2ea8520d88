// The functions of JSONPaths in Jayway's dialect (spec/websocket-api.md §5.8.1).

import { textOf } from '../print-value.ts';
import { bounded, numberOf, TemplateError, type Value, VList, VMap, VView } from '../values.ts';
import { InapplicablePath, type PathContext } from './path-context.ts';
import type { FunctionArgument, FunctionStep } from './syntax.ts';

const AGGREGATES: Readonly<Record<string, (numbers: readonly number[]) => number>> = {
  sum,
  avg: (numbers) => sum(numbers) / numbers.length,
  min: (numbers) => numbers.reduce((least, each) => Math.min(least, each)),
  max: (numbers) => numbers.reduce((most, each) => Math.max(most, each)),
  stddev: (numbers) => {
    const [total, count] = [sum(numbers), numbers.length];
    return Math.sqrt(sum(numbers.map((each) => each * each)) / count - (total * total) / count / count);
  },
};

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** What a function gives for what the path before it leads to; undefined or null for nothing. */
export function applied(step: FunctionStep, value: Value, context: PathContext): Value | undefined {
  const { name } = step;
  const aggregate = Object.hasOwn(AGGREGATES, name) ? AGGREGATES[name] : undefined;
  if (aggregate !== undefined) return aggregate(numbersFor(step, value, context));
  switch (name) {
    case 'length':
    case 'size':
      return lengthOf(step, value, context);
    case 'keys':
      return value instanceof VMap ? new VView(value, 'keys') : undefined;
    case 'first':
      return elementOf(value, 0);
    case 'last':
      return elementOf(value, -1);
    case 'index': {
      const [index] = flat(step, context).flatMap((each) => numberOf(each) ?? []);
      if (index === undefined) throw new TemplateError('index() of a JSON path needs a number');
      return elementOf(value, Math.trunc(Number(index)));
    }
    case 'append':
      if (!(value instanceof VList)) return value;
      return new VList(
        [...value.items, ...step.args.map((each) => argumentValue(each, context) ?? null)],
        true,
      );
    case 'concat':
      return concatenated(step, value, context);
    default:
      throw new InapplicablePath(`A JSON path has no function ${name}()`);
  }
}

function argumentValue(argument: FunctionArgument, context: PathContext): Value | undefined {
  return 'value' in argument ? argument.value : context.find(argument.path, context.root, context);
}

/** The arguments, and the elements of those that are lists. */
function flat(step: FunctionStep, context: PathContext): Value[] {
  return step.args.flatMap((each) => {
    const value = argumentValue(each, context) ?? null;
    return value instanceof VList ? value.items : [value];
  });
}

function numbersFor(step: FunctionStep, value: Value, context: PathContext): number[] {
  const own = value instanceof VList ? value.items : [];
  const numbers = [...own, ...flat(step, context)].flatMap((each) => numberOf(each) ?? []).map(Number);
  context.budget.spend(numbers.length);
  if (numbers.length === 0) throw new TemplateError(`${step.name}() of a JSON path needs a list of numbers`);
  return numbers;
}

/** How much is in a list or object; with a path, in all that it leads to. */
function lengthOf(step: FunctionStep, value: Value, context: PathContext): bigint | undefined {
  const [argument] = step.args;
  if (argument !== undefined) {
    if (!('path' in argument)) throw new TemplateError(`${step.name}() of a JSON path takes a path alone`);
    const { steps } = argument.path;
    const isFunction = steps.at(-1)?.kind === 'function';
    const path =
      isFunction || steps.length === 0
        ? argument.path
        : { steps: [...steps, { kind: 'all' } as const], isDefinite: false };
    const inner = context.find(path, value, { ...context, root: value });
    if (inner instanceof VList) return BigInt(inner.items.length);
  }
  if (value instanceof VList) return BigInt(value.items.length);
  return value instanceof VMap ? BigInt(value.entries.size) : undefined;
}

/** Below 0 from the end. */
function elementOf(value: Value, index: number): Value {
  if (!(value instanceof VList)) throw new TemplateError('A function of a JSON path needs a list');
  const item = value.items.at(index);
  if (item === undefined) throw new TemplateError(`A list of ${value.items.length} has no element ${index}`);
  return item;
}

/** The texts of a list, then all arguments and all elements of those that are lists. */
function concatenated(step: FunctionStep, value: Value, context: PathContext): string {
  const own = value instanceof VList ? value.items.filter((item) => typeof item === 'string') : [];
  const others = flat(step, context).flatMap((each) => (each === null ? [] : textOf(each)));
  context.budget.spend(own.length + others.length);
  return bounded([...own, ...others].join(''));
}
