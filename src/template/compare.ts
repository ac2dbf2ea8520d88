// Equality of values in templates (spec/websocket-api.md §5.4.3).
import { paidText } from './print-value.ts';
import {
  type Budget,
  MAX_DEPTH,
  numberOf,
  TemplateError,
  type Value,
  VChar,
  VDecimal,
  VEntry,
  VList,
  VMap,
  VView,
} from './values.ts';

/**
 * `==`: numbers by value, what is of one kind by content, anything else by its text. A missing result equals another
 * alone; a missing reference has become empty text before.
 */
export function isEqual(left: Value | undefined, right: Value | undefined, budget: Budget): boolean {
  if (left === undefined || right === undefined) return left === right;
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return sameNumber(a, b);
  if (left === null || right === null) return textOrEmpty(left, budget) === textOrEmpty(right, budget);
  if (left === right) return true;
  if (isComparable(left, right)) return sameValue(left, right, budget);
  return paidText(left, budget) === paidText(right, budget);
}

function isComparable(left: Value, right: Value): boolean {
  if (left instanceof VView) return right instanceof VView && right.of === left.of;
  return (left instanceof VList && right instanceof VList) || (left instanceof VMap && right instanceof VMap);
}

/** Java's equals: the same kind and the same content. */
export function sameValue(left: Value, right: Value | undefined, budget: Budget, depth = 0): boolean {
  budget.spend(1);
  // A double equals itself when it is none, and -0.0 is not 0.0.
  if (typeof left === 'number') return Object.is(left, right);
  if (left === right) return true;
  if (depth > MAX_DEPTH) throw new TemplateError('Values are nested too deeply to be compared');
  if (left instanceof VList) {
    if (!(right instanceof VList) || left.items.length !== right.items.length) return false;
    const others = right.items;
    return left.items.every((item, i) => sameValue(item, others[i], budget, depth + 1));
  }
  if (left instanceof VMap) return right instanceof VMap && sameEntries(left, right, budget, depth);
  if (left instanceof VView) {
    return right instanceof VView && left.of === right.of && sameView(left, right, budget, depth);
  }
  if (left instanceof VEntry) {
    const isSame = right instanceof VEntry && left.key === right.key;
    return isSame && sameValue(left.value, right.value, budget, depth + 1);
  }
  if (left instanceof VChar) return right instanceof VChar && left.text === right.text;
  return left instanceof VDecimal && right instanceof VDecimal && left.text === right.text;
}

function sameEntries(left: VMap, right: VMap, budget: Budget, depth: number): boolean {
  if (left.entries.size !== right.entries.size) return false;
  for (const [key, value] of left.entries) {
    const other = right.entries.get(key);
    if (other === undefined || !sameValue(value, other, budget, depth + 1)) return false;
  }
  return true;
}

/** Key sets and entry sets are sets; values are equal to themselves alone. */
function sameView(left: VView, right: VView, budget: Budget, depth: number): boolean {
  if (left.of === 'values') return left.map === right.map;
  if (left.of === 'entries') return sameEntries(left.map, right.map, budget, depth);
  const [mine, others] = [left.map.entries, right.map.entries];
  budget.spend(mine.size);
  return mine.size === others.size && [...mine.keys()].every((key) => others.has(key));
}

function sameNumber(left: bigint | number, right: bigint | number): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: bigint and number compare by value
  return left == right;
}

function textOrEmpty(value: Value, budget: Budget): string {
  return value === null ? '' : paidText(value, budget);
}
