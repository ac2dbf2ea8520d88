// References and expressions of templates: tree → functions of a rendering (spec/websocket-api.md §5.2, §5.4).
import { unreachable } from '../defect.ts';
import { computed, isArithmetic, isOrdered, type OrderOperator } from './arithmetic.ts';
import { checkLiteral } from './check-literal.ts';
import { isEqual } from './compare.ts';
import { compileBlock } from './compile-template.ts';
import { mapOf } from './map-methods.ts';
import { callMethod, elementOf, propertyOf } from './members.ts';
import type { Run } from './run.ts';
import type { BinaryOperator, Expression, Reference, Seen, Step } from './syntax.ts';
import { MAX_ELEMENTS, numberOf, TemplateError, type Value, VList } from './values.ts';

/** undefined for a missing result: of arithmetic without one, and of a range without bounds (§5.4.2). */
export type Evaluate = (run: Run) => Value | undefined;

/** undefined for a reference that leads nowhere. */
export type Resolve = (run: Run) => Value | undefined;

/** What is missing or null is empty text, everywhere (§5.2.4). */
export function compileReference(reference: Reference): (run: Run) => Value {
  const resolve = compileResolve(reference.name, reference.steps);
  if (reference.seen !== undefined) return compileSeen(resolve, reference.seen);
  return (run) => resolve(run) ?? '';
}

function compileSeen(resolve: Resolve, seen: Seen): (run: Run) => Value {
  return (run) => {
    try {
      const value = resolve(run);
      seen.value(value);
      return value ?? '';
    } catch (error) {
      seen.failure(error);
      throw error;
    }
  };
}

/** Resolves a name and what follows it. */
export function compileResolve(name: string, steps: readonly Step[]): Resolve {
  if (steps.length === 0) return (run) => run.get(name);
  const functions = steps.map(compileStep);
  return (run) => {
    let value = run.get(name);
    for (let i = 0; i < functions.length && value !== undefined && value !== null; i++)
      value = functions[i]!(run, value);
    return value;
  };
}

type StepFunction = (run: Run, value: Value) => Value | undefined;

function compileStep(step: Step): StepFunction {
  if (step.kind === 'property') {
    const { name } = step;
    return (run, value) => propertyOf(value, name, run.budget);
  }
  if (step.kind === 'index') {
    const index = compileExpression(step.index);
    return (run, value) => elementOf(value, index(run) ?? null);
  }
  const { name } = step;
  const [first] = step.args;
  if (first?.kind === 'string') checkLiteral(name, first.text);
  const args = step.args.map(compileExpression);
  return (run, value) => callMethod(value, name, all(run, args), run.budget);
}

function all(run: Run, expressions: readonly Evaluate[]): Value[] {
  return expressions.map((evaluate) => evaluate(run) ?? null);
}

export function compileExpression(expression: Expression): Evaluate {
  switch (expression.kind) {
    case 'integer':
    case 'decimal':
    case 'boolean': {
      const { value } = expression;
      return () => value;
    }
    case 'string': {
      const { text } = expression;
      return () => text;
    }
    case 'template': {
      const render = compileBlock(expression.block);
      return (run) => run.capture(() => render(run));
    }
    case 'reference':
      return compileReference(expression.reference);
    case 'list': {
      const items = expression.items.map(compileExpression);
      return (run) => new VList(all(run, items), false);
    }
    case 'range':
      return compileRange(compileExpression(expression.from), compileExpression(expression.to));
    case 'map': {
      const entries = expression.entries.map(
        ([key, value]) => [compileExpression(key), compileExpression(value)] as const,
      );
      return (run) => mapOf(entries.map(([key, value]) => [key(run) ?? null, value(run) ?? null]));
    }
    case 'not':
    case 'binary': {
      const test = compileOperation(expression);
      return test ?? compileArithmetic(expression as Expression & { kind: 'binary' });
    }
    default:
      unreachable(expression);
  }
}

/**
 * An operand of `#if`, `&&`, `||` or `!`. A reference is true unless it is false; `true`, comparisons and logic are what they
 * are; any other literal and arithmetic is false (§5.4.5).
 */
export function compileTest(expression: Expression): (run: Run) => boolean {
  switch (expression.kind) {
    case 'reference': {
      const evaluate = compileReference(expression.reference);
      return (run) => evaluate(run) !== false;
    }
    case 'boolean': {
      const { value } = expression;
      return () => value;
    }
    case 'not':
    case 'binary': {
      const test = compileOperation(expression);
      if (test !== undefined) return test;
      break;
    }
    default: // a value that is no test
  }
  const evaluate = compileExpression(expression);
  return (run) => {
    evaluate(run);
    return false;
  };
}

/** undefined for arithmetic. */
function compileOperation(
  expression: Expression & { kind: 'not' | 'binary' },
): ((run: Run) => boolean) | undefined {
  if (expression.kind === 'not') {
    const of = compileTest(expression.of);
    return (run) => !of(run);
  }
  const { operator } = expression;
  if (isArithmetic(operator)) return undefined;
  if (operator === '&&' || operator === '||') {
    const [left, right] = [compileTest(expression.left), compileTest(expression.right)];
    return operator === '&&' ? (run) => left(run) && right(run) : (run) => left(run) || right(run);
  }
  return compileComparison(operator, compileExpression(expression.left), compileExpression(expression.right));
}

function compileComparison(
  operator: Exclude<BinaryOperator, '&&' | '||'>,
  left: Evaluate,
  right: Evaluate,
): (run: Run) => boolean {
  if (operator === '==') return (run) => isEqual(left(run), right(run), run.budget);
  if (operator === '!=') return (run) => !isEqual(left(run), right(run), run.budget);
  const order = operator as OrderOperator;
  return (run) => isOrdered(order, left(run), right(run));
}

function compileArithmetic(expression: Expression & { kind: 'binary' }): Evaluate {
  const { operator } = expression;
  if (!isArithmetic(operator)) throw new TypeError(`${operator} is no arithmetic`);
  const [left, right] = [compileExpression(expression.left), compileExpression(expression.right)];
  return (run) => {
    run.budget.spend(1);
    return computed(operator, left(run), right(run), run.budget);
  };
}

/** Decimals as bounds lose what is behind the point. */
function compileRange(from: Evaluate, to: Evaluate): Evaluate {
  return (run) => {
    const [first, last] = [bound(from(run)), bound(to(run))];
    if (first === undefined || last === undefined) return undefined;
    const step = first <= last ? 1n : -1n;
    const count = Number((last - first) * step) + 1;
    if (count > MAX_ELEMENTS) throw new TemplateError(`A range of more than ${MAX_ELEMENTS} numbers`);
    run.budget.spend(count);
    return new VList(
      Array.from({ length: count }, (_, i) => first + BigInt(i) * step),
      false,
    );
  };
}

function bound(value: Value | undefined): bigint | undefined {
  const number = numberOf(value);
  if (typeof number !== 'number') return number;
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : 0n;
}
