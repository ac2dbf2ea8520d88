// JSON values as draft 4 compares them (spec/websocket-api.md §2.5.3): numbers as decimals, objects without an order.
import type { Check } from './check.ts';

/** As decimals: 0.07 is a multiple of 0.01. What is too large for a number is a multiple of nothing. */
export function isMultipleOf(value: number, divisor: number): boolean {
  if (!Number.isFinite(value) || !Number.isFinite(divisor)) return false;
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return value % divisor === 0;
  const [a, aExponent] = decimalOf(value);
  const [b, bExponent] = decimalOf(divisor);
  const least = Math.min(aExponent, bExponent);
  return (a * 10n ** BigInt(aExponent - least)) % (b * 10n ** BigInt(bExponent - least)) === 0n;
}

/** `digits × 10^exponent`. */
function decimalOf(value: number): readonly [digits: bigint, exponent: number] {
  const [mantissa, exponent = '0'] = String(value).split('e');
  const [whole, fraction = ''] = mantissa!.split('.');
  return [BigInt(whole! + fraction), Number(exponent) - fraction.length];
}

/** Whether no two items are the same JSON value. */
export function isUnique(items: readonly unknown[], check: Check): boolean {
  const seen = new Set<unknown>();
  for (const item of items) {
    const key = keyOf(item, check);
    if (seen.has(key)) return false;
    seen.add(key);
  }
  return true;
}

/** The same key for the same JSON value: what stands for itself, and texts that begin with `"`, `[` or `{`. */
export function keyOf(value: unknown, check: Check): unknown {
  check.spend(1);
  if (typeof value === 'string') check.spend(value.length >> 4);
  return typeof value === 'number' || typeof value === 'boolean' || value === null
    ? value
    : canonical(value, check);
}

/** The same text for the same value: members by name. */
function canonical(value: unknown, check: Check): string {
  if (typeof value !== 'object' || value === null) {
    const text = JSON.stringify(value);
    check.spend(1 + (text.length >> 4));
    return text;
  }
  check.enter();
  let text: string;
  if (Array.isArray(value)) text = `[${value.map((item) => canonical(item, check)).join()}]`;
  else {
    const members = Object.entries(value).map(
      ([name, each]) => `${JSON.stringify(name)}:${canonical(each, check)}`,
    );
    text = `{${members.sort().join()}}`;
  }
  check.leave();
  check.spend(1 + (text.length >> 4));
  return text;
}
