// What models mean where the schema library means something else: keywords of draft 4 alone, exact division, items compared in
// linear time (spec/websocket-api.md §2.5.3).

/** The library knows these too; draft 4 does not. */
const LATER: ReadonlySet<string> = new Set([
  ...['const', 'contains', 'propertyNames', 'if', 'then', 'else', 'nullable'],
  ...['$async', '$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveRef'],
]);
/** Their members have names of their own, which are no keywords. */
const NAMED: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'definitions',
  'dependencies',
]);
/** No schemas stand in them. */
const VALUES: ReadonlySet<string> = new Set(['enum', 'default', 'required', 'type']);

/** A schema without the keywords that draft 4 does not know. */
export function draft4Of(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(draft4Of);
  if (!isObject(schema)) return schema;
  return mapped(schema, (name, value) => {
    if (LATER.has(name)) return undefined;
    if (VALUES.has(name)) return value;
    return NAMED.has(name) && isObject(value) ? mapped(value, (_, each) => draft4Of(each)) : draft4Of(value);
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapped(object: object, of: (name: string, value: unknown) => unknown): object {
  const entries = Object.entries(object).map(([name, value]) => [name, of(name, value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** As decimals: 0.07 is a multiple of 0.01. */
export function isMultipleOf(value: number, divisor: number): boolean {
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
export function isUnique(items: readonly unknown[]): boolean {
  const seen = new Set<unknown>();
  for (const item of items) {
    const key = typeof item === 'number' || typeof item === 'boolean' ? item : canonical(item);
    if (seen.has(key)) return false;
    seen.add(key);
  }
  return true;
}

/** The same text for the same value: members by name. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const members = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`);
  return `{${members.sort().join()}}`;
}
