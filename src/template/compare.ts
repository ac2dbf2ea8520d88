// Equality and order of values in templates (spec/websocket-api.md §5.4.3).
import { textOf } from './print-value.ts';
import { isNumber, type Value, VEntry, VList, VMap } from './values.ts';

/** `==`: numbers by value, what is of one kind by content, anything else by its text. Missing is empty text. */
export function isEqual(left: Value, right: Value): boolean {
  if (isNumber(left) && isNumber(right)) return sameNumber(left, right);
  if (left === null || right === null) return textOrEmpty(left) === textOrEmpty(right);
  return left === right || textOf(left) === textOf(right);
}

/** Java's equals: the same kind and the same content. */
export function sameValue(left: Value, right: Value | undefined): boolean {
  if (isNumber(left) && isNumber(right)) return typeof left === typeof right && sameNumber(left, right);
  if (left === right) return true;
  const isObject = left instanceof VList || left instanceof VMap || left instanceof VEntry;
  return isObject && right?.constructor === left.constructor && textOf(left) === textOf(right as Value);
}

function sameNumber(left: bigint | number, right: bigint | number): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: bigint and number compare by value
  return left == right;
}

function textOrEmpty(value: Value): string {
  return value === null ? '' : textOf(value);
}
