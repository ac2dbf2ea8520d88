// Arithmetic and order of values in templates (spec/websocket-api.md §5.4.2, §5.4.3).
import { unreachable } from '../defect.ts';
import { paidText } from './print-value.ts';
import type { BinaryOperator } from './syntax.ts';
import { type Budget, bounded, boundedInteger, numberOf, TemplateError, type Value } from './values.ts';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

export function isArithmetic(operator: BinaryOperator): operator is ArithmeticOperator {
  return '+-*/%'.includes(operator);
}

/** undefined for a division by zero and for what is no number: a missing result, which spreads. */
export function computed(
  operator: ArithmeticOperator,
  left: Value | undefined,
  right: Value | undefined,
  budget: Budget,
): Value | undefined {
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) {
    return bounded(paidText(left ?? '', budget) + paidText(right ?? '', budget));
  }
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return undefined;
  if (typeof a === 'bigint' && typeof b === 'bigint') return integer(operator, a, b);
  return decimal(operator, Number(a), Number(b));
}

function decimal(operator: ArithmeticOperator, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : left / right;
    case '%':
      return right === 0 ? undefined : left % right;
    default:
      unreachable(operator);
  }
}

function integer(operator: ArithmeticOperator, left: bigint, right: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return boundedInteger(left + right);
    case '-':
      return boundedInteger(left - right);
    case '*':
      return boundedInteger(left * right);
    case '/':
      return right === 0n ? undefined : left / right;
    case '%':
      return right === 0n ? undefined : remainder(left, right);
    default:
      unreachable(operator);
  }
}

/** Beyond 64 bits Java knows no remainder of a division by what is below zero. */
function remainder(left: bigint, right: bigint): bigint {
  const isLong = BigInt.asIntN(64, left) === left && BigInt.asIntN(64, right) === right;
  if (!isLong && right < 0n)
    throw new TemplateError('% of an integer beyond 64 bits needs a divisor above 0');
  const rest = left % right;
  return isLong || rest >= 0n ? rest : rest + right;
}

export type OrderOperator = '<' | '>' | '<=' | '>=';

/** Order is for numbers; anything else is false. */
export function isOrdered(
  operator: OrderOperator,
  left: Value | undefined,
  right: Value | undefined,
): boolean {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return false;
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  return operator === '<=' ? a <= b : a >= b;
}
