// Java's hashCode of values.
import { textOf } from './print-value.ts';
import { type Budget, MAX_DEPTH, TemplateError, type Value, VEntry, VList, VMap, VView } from './values.ts';

export function hashOf(value: Value, budget: Budget): bigint {
  return BigInt(hash(value, budget, 0));
}

function hash(value: Value, budget: Budget, depth: number): number {
  budget.spend(1);
  if (depth > MAX_DEPTH) throw new TemplateError('A value is nested too deeply for a hash code');
  switch (typeof value) {
    case 'boolean':
      return value ? 1231 : 1237;
    case 'bigint':
      return hashOfInteger(value);
    case 'number':
      return hashOfDouble(value);
    default: // a text or an object
  }
  if (value === null) return 0;
  if (value instanceof VList || (value instanceof VView && value.of === 'values')) {
    return value.items.reduce(
      (sum: number, item) => (Math.imul(31, sum) + hash(item, budget, depth + 1)) | 0,
      1,
    );
  }
  if (value instanceof VEntry)
    return hash(value.key, budget, depth + 1) ^ hash(value.value, budget, depth + 1);
  if (value instanceof VMap) return sumOf(new VView(value, 'entries').items, budget, depth);
  return value instanceof VView ? sumOf(value.items, budget, depth) : hashOfText(textOf(value), budget);
}

function sumOf(items: readonly Value[], budget: Budget, depth: number): number {
  return items.reduce((sum: number, item) => (sum + hash(item, budget, depth + 1)) | 0, 0);
}

function hashOfText(text: string, budget: Budget): number {
  budget.spend(text.length >> 4);
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (Math.imul(31, sum) + text.charCodeAt(i)) | 0;
  return sum;
}

/** An Integer is its own hash; a Long folds. */
function hashOfInteger(value: bigint): number {
  const low = Number(BigInt.asIntN(32, value));
  return BigInt(low) === value ? low : low ^ Number(BigInt.asIntN(32, value >> 32n));
}

const BYTES = new DataView(new ArrayBuffer(8));

function hashOfDouble(value: number): number {
  BYTES.setFloat64(0, value);
  return BYTES.getInt32(0) ^ BYTES.getInt32(4);
}
