// References and expressions of templates: tree → functions of a rendering (spec/websocket-api.md §5.2, §5.4).
import { isEqual } from './compare.ts';
import { compileBlock } from './compile-template.ts';
import { textOf } from './print-value.ts';
import type { Bound, Run } from './run.ts';
import type { BinaryOperator, Expression, Reference, Step } from './syntax.ts';
import {
  bounded,
  boundedInteger,
  isNumber,
  MAX_ELEMENTS,
  TemplateError,
  type Value,
  VList,
  VMap,
} from './values.ts';

/** What is missing or null is empty text, everywhere (§5.2.4). */
export type Evaluate = (run: Run) => Value;

/** undefined for a reference that leads nowhere. */
export type Resolve = (run: Run) => Value | undefined;

export function compileReference(reference: Reference): Evaluate {
  const resolve = compileResolve(reference.name, reference.steps);
  return (run) => resolve(run) ?? '';
}

/** Resolves a name and what follows it. */
export function compileResolve(name: string, steps: readonly Step[]): Resolve {
  const [first, ...rest] = steps;
  if (first === undefined) return (run) => plain(run, run.get(name));
  const start = compileFirst(name, first);
  return rest.length === 0 ? start : chain(start, rest.map(compileStep));
}

function plain(run: Run, bound: Bound | undefined): Value | undefined {
  if (bound?.kind === 'value') return bound.value;
  return bound?.kind === 'definition' ? bound.definition.render(run) : undefined;
}

type StepFunction = (run: Run, value: Value) => Value | undefined;

function chain(start: Resolve, steps: readonly StepFunction[]): Resolve {
  return (run) => {
    let value = start(run);
    for (let i = 0; i < steps.length && value !== undefined && value !== null; i++)
      value = steps[i]!(run, value);
    return value;
  };
}

/** The step behind the name: `$input` and `$util` are no values. */
function compileFirst(name: string, step: Step): Resolve {
  const onValue = compileStep(step);
  if (step.kind === 'index') {
    return (run) => {
      const value = plain(run, run.get(name));
      return value === undefined || value === null ? undefined : onValue(run, value);
    };
  }
  const args = step.kind === 'method' ? step.args.map(compileExpression) : undefined;
  return (run) => {
    const bound = run.get(name);
    if (bound?.kind === 'input') {
      return args === undefined ? run.inputProperty(step.name) : run.callInput(step.name, all(run, args));
    }
    if (bound?.kind === 'util') {
      return args === undefined ? undefined : run.callUtil(step.name, all(run, args));
    }
    const value = plain(run, bound);
    return value === undefined || value === null ? undefined : onValue(run, value);
  };
}

function compileStep(step: Step): StepFunction {
  if (step.kind === 'property') {
    const { name } = step;
    return (run, value) => run.property(value, name);
  }
  if (step.kind === 'index') {
    const index = compileExpression(step.index);
    return (run, value) => run.element(value, index(run));
  }
  const { name } = step;
  const args = step.args.map(compileExpression);
  return (run, value) => run.call(value, name, all(run, args));
}

function all(run: Run, expressions: readonly Evaluate[]): Value[] {
  return expressions.map((evaluate) => evaluate(run));
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
      return (run) =>
        new VMap(new Map(entries.map(([key, value]) => [textOf(key(run)), value(run)])), 'java');
    }
    case 'not': {
      const of = compileExpression(expression.of);
      return (run) => !isTrue(of(run));
    }
    case 'binary':
      return compileBinary(
        expression.operator,
        compileExpression(expression.left),
        compileExpression(expression.right),
      );
  }
}

/** Only false is false (§5.4.5). */
export function isTrue(value: Value): boolean {
  return value !== false;
}

function compileRange(from: Evaluate, to: Evaluate): Evaluate {
  return (run) => {
    const [first, last] = [from(run), to(run)];
    if (typeof first !== 'bigint' || typeof last !== 'bigint') return '';
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

function compileBinary(operator: BinaryOperator, left: Evaluate, right: Evaluate): Evaluate {
  switch (operator) {
    case '||':
      return (run) => isTrue(left(run)) || isTrue(right(run));
    case '&&':
      return (run) => isTrue(left(run)) && isTrue(right(run));
    case '==':
      return (run) => isEqual(left(run), right(run));
    case '!=':
      return (run) => !isEqual(left(run), right(run));
    case '<':
    case '>':
    case '<=':
    case '>=':
      return (run) => isOrdered(operator, left(run), right(run));
    default:
      return (run) => {
        run.budget.spend(1);
        return computed(operator, left(run), right(run)) ?? '';
      };
  }
}

/** Order is for numbers; anything else is false (§5.4.3). */
function isOrdered(operator: '<' | '>' | '<=' | '>=', left: Value, right: Value): boolean {
  if (!isNumber(left) || !isNumber(right)) return false;
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  return operator === '<=' ? left <= right : left >= right;
}

/** undefined for a division by zero and for what is no number (§5.4.2). */
function computed(operator: BinaryOperator, left: Value, right: Value): Value | undefined {
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) {
    return bounded(textOf(left) + textOf(right));
  }
  if (typeof left === 'bigint' && typeof right === 'bigint') return integer(operator, left, right);
  if (!isNumber(left) || !isNumber(right)) return undefined;
  const [a, b] = [Number(left), Number(right)];
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? undefined : a / b;
    default:
      return b === 0 ? undefined : a % b;
  }
}

function integer(operator: BinaryOperator, left: bigint, right: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return boundedInteger(left + right);
    case '-':
      return boundedInteger(left - right);
    case '*':
      return boundedInteger(left * right);
    case '/':
      return right === 0n ? undefined : left / right;
    default:
      return right === 0n ? undefined : left % right;
  }
}
